"""Everything that is known about a class: results.jsonl, one line for each thing that happened.

Lines are only ever appended, and each is on the disk before its grading counts as done. So a run
that is killed loses only what it was doing at that moment. Its last line may be torn; the next run
cuts it off. Two kinds of lines count:

- a judgement: what the tests say about a file with this content. Its `key` is made from the file,
  the tests and the version, so that the same thing is not done twice, not even for two students;
- an attempt: this student has handed in a file with this content;

and two more mark where a `--regrade` of some files began and ended: judgements of these files from
before its beginning are old.

The index in memory has a few hundred bytes for each line. The judgements stay on the disk.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from classroom.errors import ClassError
from course.files import locked, write_atomically

_LOCKED = (
    "Another `workbook grade` is already running in {folder}."
    " Wait until it is done, or stop it first."
)


@dataclass(frozen=True)
class Line:
    """Where a judgement is in the file, and what is asked of it most often."""

    offset: int
    file: str
    chapter: str
    level: str
    outcome: str


class Store:
    """The results of a class, in a folder. Made by `open_store`. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "results.jsonl"
        self.damaged: list[int] = []  # lines, from 1, that could not be read
        self.attempts: list[dict[str, Any]] = []
        self.regrading: frozenset[str] = frozenset()  # the files of a regrade that has not ended
        self.regrade_began = 0  # where, in the file
        self._last: dict[str, Line] = {}  # by the key; only those that count
        self._of_file: dict[tuple[str, str], list[Line]] = {}
        self._known_attempts: set[str] = set()
        self._lock = threading.Lock()
        self._stream: FileIO = self._open()

    def judgement(self, key: str) -> Line | None:
        """Return where the last judgement with this key is; None when there is none that counts."""
        return self._last.get(key)

    def earlier(self, chapter: str, file: str) -> list[Line]:
        """Return where all judgements of a file's content are, oldest first."""
        return [*self._of_file.get((chapter, file), ())]

    def read(self, line: Line) -> dict[str, Any]:
        """Return a judgement as it was written."""
        with open(self.file, "rb") as stream:
            stream.seek(line.offset)
            return dict(json.loads(stream.readline()))

    def size(self) -> int:
        """Return where the file ends now."""
        return self.file.stat().st_size

    def append_judgement(self, record: dict[str, Any]) -> None:
        """Write down a judgement. When this returns, it is on the disk."""
        self._append({"what": "judgement", **record})

    def append_attempt(self, record: dict[str, Any]) -> None:
        """Write down that a student has handed something in, unless that is known."""
        if _sorted(record) not in self._known_attempts:
            self._append({"what": "attempt", **record})

    def begin_regrade(self, files: Iterable[str]) -> None:
        """Make every judgement of these files an old one.

        A regrade of the same files that was interrupted goes on.
        """
        wanted = sorted({*files})
        if self.regrading != frozenset(wanted):
            self._append({"what": "regrade", "files": wanted})

    def end_regrade(self) -> None:
        """Write down that everything has been graded again."""
        if self.regrading:
            self._append({"what": "regraded"})

    def keep_source(self, digest: str, chapter: str, source: bytes) -> Path:
        """Keep a graded file under the name of its content, and return where."""
        kept = self.source(digest, chapter)
        if not kept.is_file() or kept.read_bytes() != source:
            write_atomically(kept, source)
        return kept

    def source(self, digest: str, chapter: str) -> Path:
        """Return where the file with this content is kept."""
        return self.folder / "submitted" / digest / f"{chapter}.py"

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _append(self, record: dict[str, Any]) -> None:
        data = json.dumps(record, ensure_ascii=True).encode() + b"\n"
        with self._lock:
            offset = self._stream.seek(0, os.SEEK_END)
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[self._stream.write(rest) :]
                os.fsync(self._stream.fileno())
            except OSError:  # the disk is full: no half of a line stays
                self._stream.truncate(offset)
                raise
            self._note(record, offset)

    def _open(self) -> FileIO:
        if self.file.is_file():
            self._repair()
            with open(self.file, "rb") as lines:
                offset = 0
                for number, line in enumerate(lines, start=1):
                    self._read_line(number, line, offset)
                    offset += len(line)
        is_new = not self.file.exists()
        stream = open(self.file, "ab", buffering=0)  # noqa: SIM115 - `close` closes it
        if is_new:
            _sync_folder(self.folder)
        return stream

    def _repair(self) -> None:
        """Cut off a last line that was not written completely."""
        with open(self.file, "rb+") as stream:
            end = stream.seek(0, os.SEEK_END)
            at = end
            while at > 0:
                start = max(0, at - 65536)
                stream.seek(start)
                newline = stream.read(at - start).rfind(b"\n")
                if newline >= 0:
                    at = start + newline + 1
                    break
                at = start
            if at != end:
                stream.truncate(at)
                os.fsync(stream.fileno())

    def _read_line(self, number: int, line: bytes, offset: int) -> None:
        try:
            record = json.loads(line)
            self._note(record, offset)
        except (ValueError, KeyError, TypeError, AttributeError):
            self.damaged.append(number)

    def _note(self, record: dict[str, Any], offset: int) -> None:
        match record["what"]:
            case "judgement":
                line = Line(
                    offset,
                    str(record["file"]),
                    str(record["chapter"]),
                    str(record["level"]),
                    str(record["outcome"]),
                )
                self._last[str(record["key"])] = line
                self._of_file.setdefault((line.chapter, line.file), []).append(line)
            case "attempt":
                attempt = {key: value for key, value in record.items() if key != "what"}
                self.attempts.append(attempt)
                self._known_attempts.add(_sorted(attempt))
            case "regrade":
                self.regrading, self.regrade_began = frozenset(record["files"]), offset
                last = self._last
                self._last = {k: v for k, v in last.items() if v.file not in self.regrading}
            case "regraded":
                self.regrading = frozenset()
            case _:
                raise ValueError(record["what"])


@contextlib.contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Open the results in a folder, which is made. Only one program can have them open.

    Raises `ClassError` when another has, or when the folder cannot be written.
    """
    with contextlib.ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(folder / "results.jsonl", timeout=0.2))
            store = Store(folder)
        except TimeoutError:
            raise ClassError(_LOCKED.format(folder=folder)) from None
        except OSError as error:
            where, why = error.filename or folder, error.strerror
            raise ClassError(f"{where} cannot be used for the results: {why}.") from None
        stack.callback(store.close)
        yield store


def _sorted(record: dict[str, Any]) -> str:
    return json.dumps(record, sort_keys=True)


def _sync_folder(folder: Path) -> None:
    """Make sure that a new file's name is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
