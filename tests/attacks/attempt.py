"""Grades one case at one level, and finds out what it earned, left behind and spoiled."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from cases import CHAPTER, CHECKOUT, Case

from grader.report import NOT_WRITTEN, PASSED, Result, verdicts
from isolation import Job, Judgement, Level, judge
from isolation.session import session

SEEDS = 1
GONE = 2.0  # seconds in which what was killed has to be gone
_NEEDED = ("chapters", "notebooks", "solutions", "tests/chapters", "tests/mutants", "mkdocs.yml")


@dataclass(frozen=True)
class Trial:
    """What came of one case at one level."""

    judgement: Judgement
    earned: frozenset[str]
    left: tuple[str, ...]  # processes and files that are still there
    spoiled: tuple[str, ...]  # later gradings that went wrong
    changed: tuple[str, ...]  # files of the checkout


class Place:
    """A copy of the checkout to grade in. Beside it: a neighbor's file, a secret and a server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout = folder / "checkout"
        self.temporary = folder / "temporary"
        self.temporary.mkdir(parents=True)
        for name in _NEEDED:
            source, target = CHECKOUT / name, self.checkout / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, target)
        self.neighbor = folder / "submissions" / "other" / f"{CHAPTER}.py"
        self.neighbor.parent.mkdir(parents=True)
        shutil.copyfile(CHECKOUT / "solutions" / f"{CHAPTER}.py", self.neighbor)
        self.secret = folder / "secret.txt"
        self.secret.write_text("the gradebook")
        folder.chmod(0o755)  # what keeps others out must not be its mode
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._abstract = socket.socket(socket.AF_UNIX)
        self.token = f"attack-{secrets.token_hex(6)}"
        self._abstract.bind(f"\0{self.token}")
        self._abstract.listen()

    def close(self) -> None:
        """Close the sockets."""
        self._listener.close()
        self._abstract.close()

    def names(self) -> dict[str, str]:
        """What the @NAMES@ in a file stand for."""
        return {
            "CHECKOUT": str(self.checkout),
            "REPOSITORY": str(CHECKOUT),
            "ABOVE": str(self.folder),
            "NEIGHBOR": str(self.neighbor),
            "SECRET": str(self.secret),
            "PACKAGES": sysconfig.get_path("purelib"),
            "PORT": str(self._listener.getsockname()[1]),
            "TOKEN": self.token,
            "HOME": str(Path.home()),
        }

    def state(self) -> dict[str, tuple[int, int]]:
        """The size and the time of each file that nobody may change."""
        files = [*self.checkout.rglob("*"), *self.neighbor.parent.rglob("*"), self.secret]
        library = session().library
        files += [path for path in library.rglob("*") if path.is_file()]
        return {
            str(path): (found.st_size, found.st_mtime_ns)
            for path in files
            if path.is_file() and (found := path.stat())
        }


def tried(case: Case, level: Level, place: Place, canaries: Sequence[str]) -> Trial:
    """Grade a case, and afterwards the `canaries`: "right" and "untouched"."""
    before = place.state()
    file = place.folder / "submissions" / "student" / f"{case.chapter}.py"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(case.source(place.names()))
    with _temporary_files_in(place.temporary):
        job = Job(place.checkout, case.chapter, file, case.worlds, SEEDS, deadline=case.deadline)
        judgement = judge(job, level)
        left = tuple(_left(place))
        after = place.state()
        changed = tuple(name for name in before | after if before.get(name) != after.get(name))
        spoiled = tuple(name for name in canaries if not _is_right(name, level, place))
    return Trial(judgement, earned(judgement.results), left, spoiled, changed)


def earned(results: Sequence[Result]) -> frozenset[str]:
    """The tasks that passed."""
    return frozenset(task for task, verdict in verdicts(results).items() if verdict == PASSED)


def _is_right(name: str, level: Level, place: Place) -> bool:
    """Whether our solution is now graded as right, and the starter as not written."""
    solution = CHECKOUT / "solutions" / f"{CHAPTER}.py"
    starter = CHECKOUT / "chapters" / CHAPTER / "exercise.py"
    file, verdict = (solution, PASSED) if name == "right" else (starter, NOT_WRITTEN)
    found = judge(Job(place.checkout, CHAPTER, file, ("child",), SEEDS, deadline=30), level)
    return bool(found.results) and {result.verdict for result in found.results} == {verdict}


def _left(place: Place) -> Iterator[str]:
    until = monotonic() + GONE
    while (found := [*_processes(place)]) and monotonic() < until:
        sleep(0.02)
    yield from found
    for folder in (place.temporary, Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home()):
        for path in folder.glob("*"):
            is_ours = path.name.startswith("grading-")
            if place.token in path.name or (folder == place.temporary and not is_ours):
                yield str(path)


def _processes(place: Place) -> Iterator[str]:
    """The processes of a student: their command line has the token or a file that was graded."""
    marks = (place.token.encode(), f"{place.temporary}/grade-".encode())
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            with contextlib.suppress(OSError):
                line = Path("/proc", name, "cmdline").read_bytes()
                if any(mark in line for mark in marks):
                    yield f"process {name}: {line[:200]!r}"


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
