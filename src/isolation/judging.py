"""Has a file judged in a process of its own, and believes only what that process has shown.

This side knows beforehand which tests there are. Each of them has failed until the judge reports
that it passed. The clock is here, outside of everything that a program could stop. When it is over,
or the judge has ended, whatever is left is killed and removed.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import select
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from grader.report import FAILED, Result
from grader.verdicts import settled
from isolation import sandbox
from isolation.confine import has_landlock
from isolation.job import BROKE, GRADED, TOO_LONG, Job, Judgement
from isolation.level import Level
from isolation.other_user import end_all_of, unused_user
from isolation.record import from_json, line_of
from isolation.session import open_to_others, session, temporary_folder
from room.failure.diagnostic import verbatim
from room.wire import Malformed
from room.worlds.folder import new_folder, remove_folder
from room.worlds.processes import MARK, end_all

MOST_SOURCE = 2**20  # bytes in a submitted file
MOST_REPORTED = 2**26  # bytes in a whole report
MOST_WORDS = 2**16  # bytes that a judge prints, which is a mistake in the judge
MARGIN = 4.0  # seconds, within the deadline, for the judge to end by itself
CLEANING = 60.0  # seconds to remove what a program left in its folder
DEATH = 5.0  # seconds for a killed process to end
LISTING = 60.0  # seconds to find out which tests there are
TRYING = 20.0  # seconds to start an empty program

# First of all, it ends with us. Otherwise it could still write bytecode when we have been killed
# and the next run has cleaned up.
_START = (
    "import sys; sys.path += sys.argv[1:-1]; "
    "from room.worlds.memory import end_with_parent; end_with_parent(); "
    "from isolation.judge_main import main; main()"
)


def judge(job: Job, level: Level) -> Judgement:
    """Grade a file. Raises `OSError` when the file cannot be read, or no folder can be made.

    It can be called from several threads at once.
    """
    begun = monotonic()
    tests, trouble = _expected(replace(job, file=_NO_FILE, seeds=1, first_seed=0, deadline=0))
    if trouble:
        return Judgement(level, (), BROKE, trouble, monotonic() - begun)
    if level == Level.USER and not has_landlock() and open_to_others(job.root.resolve()):
        trouble = f"Other users can read {job.root}, and so could a program: chmod 700 {job.root}"
        return Judgement(level, (), BROKE, trouble, monotonic() - begun)
    report = _ask(job, level, "judge", job.deadline)
    outcome, trouble = report.ended()
    results = _judged(tests, report, outcome)
    if results and all(result.kind == "no process" for result in results):
        outcome, trouble = BROKE, _headline(results[0])
    if outcome == GRADED and results and all(result.kind == "hang" for result in results):
        outcome, trouble = TOO_LONG, _headline(results[0])
    if outcome == GRADED and any(result.kind == TOO_LONG for result in results):
        outcome, trouble = TOO_LONG, f"It did not end within {job.deadline:g} seconds."
    return Judgement(level, results, outcome, trouble, monotonic() - begun)


def _headline(result: Result) -> str:
    assert result.diagnostic
    return result.diagnostic.headline.partition("\n")[0][:500]


_NO_FILE = Path(os.devnull)


def tried(level: Level) -> str:
    """Start an empty program at a level. Returns why that does not work, or ""."""
    job = Job(Path(os.devnull), "ch00_nothing", _NO_FILE, ("child",), 1)
    return _ask(job, level, "try", TRYING).ended()[1]


@functools.cache
def _expected(job: Job) -> tuple[tuple[Result, ...], str]:
    """Return a failed result for each test of a job, or else why they cannot be read."""
    report = _ask(job, Level.PROCESS, "list", LISTING)
    trouble = report.ended()[1]
    places = sorted(report.results)
    if not trouble and (not places or places != [*range(len(places))]):
        trouble = "the tests could not be listed"
    return tuple(report.results[place] for place in places), trouble


def _judged(tests: Sequence[Result], report: _Report, outcome: str) -> tuple[Result, ...]:
    """Return what was reported for each test, and a failure where nothing was."""
    if not report.results and outcome == BROKE:
        return ()
    nothing = verbatim(
        "Time ran out before this test had ended."
        if outcome == TOO_LONG
        else "The judge has not reported on this test."
    )
    results = []
    for place, test in enumerate(tests):
        found = report.results.get(place)
        is_same = found and (found.task, found.function, found.world) == (
            *(test.task, test.function, test.world),
        )
        missing = test._replace(verdict=FAILED, diagnostic=nothing)
        results.append(found if found and is_same else missing)
    return tuple(settled(results))


class _Report:
    """What has been heard of a judge."""

    def __init__(self, ticket: str) -> None:
        self.results: dict[int, Result] = {}
        self.is_late = False
        self.end: str | None = None
        self.words = bytearray()
        self.status: int | None = None
        self._ticket = ticket
        self._unread = bytearray()
        self._heard = 0

    def hear(self, data: bytes) -> None:
        """Read what has arrived. Raises `Malformed`."""
        self._heard += len(data)
        if self._heard > MOST_REPORTED:
            raise Malformed("a report without an end")
        *lines, rest = (self._unread + data).split(b"\n")
        self._unread = rest
        for line in lines:
            self._read(bytes(line))

    def ended(self) -> tuple[str, str]:
        """Return the outcome and, unless the judge said that it was done, the trouble."""
        if self.is_late:
            return TOO_LONG, "It did not end in time, and was stopped."
        if self.end is None:
            words = self.words.decode("utf-8", "replace").strip().splitlines()
            said = f": {words[-1][:300]}" if words else ""
            return BROKE, f"The judge ended early, with status {self.status}{said}"
        return (BROKE, self.end) if self.end else (GRADED, "")

    def _read(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Malformed("a line that is not JSON") from error
        if not isinstance(message, dict) or message.get("ticket") != self._ticket:
            raise Malformed("a line without the ticket")
        if "end" in message:
            self.end = str(message["end"])
        elif type(place := message.get("place")) is int and place not in self.results:
            self.results[place] = from_json(message.get("result"))


def _ask(job: Job, level: Level, does: str, seconds: float) -> _Report:
    """Start a judge, listen to it until it has ended or the time is over, and clean up."""
    until = monotonic() + seconds
    folder = Path(new_folder("grade", str(temporary_folder())))
    undo = contextlib.ExitStack()
    undo.callback(remove_folder, str(folder), CLEANING)
    try:
        file = folder / f"{job.chapter}.py"
        if does == "judge":
            _copy(job.file, file)
        else:
            file.touch()
        file.chmod(0o644)
        (folder / "tmp").mkdir()
        message = _message(job, level, does, file, seconds)
        if level == Level.USER:
            for each in (folder, folder / "tmp"):
                each.chmod(0o711)
            message["user"] = user = unused_user()
            undo.callback(end_all_of, user)
        return _listen(message, level, folder, until)
    finally:
        undo.close()


def _message(job: Job, level: Level, does: str, file: Path, seconds: float) -> dict[str, Any]:
    return {
        "does": does,
        "level": level.value,
        "library": str(session().library),
        "python": str(session().python),
        "root": str(job.root.absolute()),
        "chapter": job.chapter,
        "file": str(file),
        "worlds": job.worlds,
        "seeds": job.seeds,
        "tls_seeds": max(1, job.seeds // 10),
        "first_seed": job.first_seed,
        "hidden_tests": [str(path.absolute()) for path in (job.hidden_tests,) if path],
        "limit": max(1.0, seconds - MARGIN),
        "ticket": secrets.token_hex(16),
    }


def _listen(message: dict[str, Any], level: Level, folder: Path, until: float) -> _Report:
    report = _Report(message["ticket"])
    with contextlib.ExitStack() as undo:
        ours, theirs = os.pipe()
        undo.callback(os.close, ours)
        try:
            process = _Process(level, theirs, folder, message["does"])
        finally:
            os.close(theirs)
        undo.callback(process.end)
        process.tell(line_of(message))
        _read_all(report, ours, process.words, until)
        if not report.is_late:
            report.status = process.status()
    return report


def _read_all(report: _Report, fd: int, words: int, until: float) -> None:
    """Read until the judge closes its report or the time is over."""
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    poll.register(words, select.POLLIN)
    while True:
        left = until - monotonic()
        if left <= 0:
            report.is_late = True
            return
        ready = dict(poll.poll(left * 1000))
        if words in ready:
            said = os.read(words, MOST_WORDS)
            report.words += said[: MOST_WORDS - len(report.words)]
            if not said:
                poll.unregister(words)
        if fd in ready:
            data = os.read(fd, 2**20)
            if not data:
                return
            try:
                report.hear(data)
            except Malformed as error:
                report.end = f"The judge's report cannot be read: {error}"
                return


class _Process:
    """A judge's process, and everything that it and its program have started."""

    def __init__(self, level: Level, report: int, folder: Path, does: str) -> None:
        self._mark = f"{secrets.token_hex(8)}."
        self._all_end_with = -1  # an open descriptor of the first process of a sandbox
        cache = session().cache
        command = [sys.executable, "-I", "-S"]
        if does != "try":  # which nothing depends on, so it can be quick
            command += ["-X", f"pycache_prefix={cache / 'bytecode'}"]
        command += ["-c", _START, *_library(), str(report)]
        with contextlib.ExitStack() as undo:
            passed = [report]
            if level == Level.SANDBOX:
                told, tells = os.pipe()
                undo.callback(os.close, tells)
                command[:0] = sandbox.around_judge(tells, (folder, cache), folder)
                passed.append(tells)
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=passed,
                cwd=folder,
                env=_environment(folder, cache, self._mark),
                start_new_session=True,
            )
        if level == Level.SANDBOX:
            self._all_end_with = _first_process(told)

    @property
    def words(self) -> int:
        """The descriptor from which to read what the judge prints."""
        assert self._process.stdout
        return self._process.stdout.fileno()

    def tell(self, line: bytes) -> None:
        """Write a line to its standard input, and close that."""
        assert self._process.stdin
        with contextlib.suppress(BrokenPipeError), self._process.stdin as stdin:
            stdin.write(line)

    def status(self) -> int | None:
        """Return its exit status; None if it does not end."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(DEATH)
        return None

    def end(self) -> None:
        """Kill all of it, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        end_all(self._process.pid, self._mark)
        self.status()
        if self._all_end_with >= 0:
            select.select([self._all_end_with], [], [], DEATH)  # the kernel ends the others first
            os.close(self._all_end_with)
        assert self._process.stdout
        self._process.stdout.close()


def _first_process(told: int) -> int:
    """Return a descriptor that can be read once a sandbox is gone; -1 if it has not begun."""
    with os.fdopen(told, "rb") as file:
        info = file.read(2**12)
    with contextlib.suppress(ValueError, KeyError, OSError):
        return os.pidfd_open(json.loads(info)["child-pid"])
    return -1


def _library() -> list[str]:
    """Return the folders from which a judge imports, without what .pth files would add."""
    ours = Path(__file__).parents[1]
    others = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    return [*dict.fromkeys([str(ours), *others, str(Path(pytest.__file__).parents[1])])]


def _environment(folder: Path, cache: Path, mark: str) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "PATH": os.environ.get("PATH", os.defpath),
        "TMPDIR": str(folder / "tmp"),
        "XDG_CACHE_HOME": str(cache),
        MARK: mark,
    }


def _copy(source: Path, target: Path) -> None:
    """Copy a regular file of a bounded size. Raises `OSError`."""
    fd = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(fd, "rb") as file:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{source} is not a regular file")
        if found.st_size > MOST_SOURCE:
            raise OSError(f"{source} has more than {MOST_SOURCE:,} bytes")
        with target.open("wb") as copy:
            shutil.copyfileobj(file, copy)
