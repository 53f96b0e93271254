"""Runs a second judge, a copy of the first, on an idle processor.

The judge and the program take turns: while one works, the other waits, so one of two processors is
idle. So the judge forks a copy of itself, which starts from the other end of the list of tries. The
first judge skips what the second one saw pass. It trusts nothing else: whatever does not pass, it
tries itself. If the second judge breaks, is killed, is slow or cannot be started, that costs time
and changes no result. Its memory is closed to the programs that it runs, as the first judge's is
(memory.py), and so is the memory that the two share.

They share one byte for each try, and how far the first judge has come. When they meet, both may be
at the same try, which is harmless.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import signal
import struct
import tempfile
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import pytest

from grader.effort import effort_of
from grader.graded_worlds import make_worlds
from grader.items import seeds_of, task_of, world_of
from grader.run_test import Attempts
from room.contract import Worlds
from room.worlds.folder import new_folder, remove_folder
from room.worlds.memory import close_memory
from room.worlds.process import DEATH, mark_of
from room.worlds.processes import end_all

FEWEST = 100  # tries that justify a second judge, which starts child processes of its own
FEW = 10  # the same, for a file that is slow to import
GRACE = 0.3  # seconds for it to end by itself when it is called back
LOAD = Path("/proc/loadavg")  # in "0.31 0.42 0.36 2/97 4711", 2 are running now
_FRONT = struct.Struct("Q")

T = TypeVar("T", bound=Hashable)


def is_possible() -> bool:
    """Return whether a processor is idle and this process can be copied safely."""
    has_thread = threading.active_count() > 1
    return hasattr(os, "fork") and not has_thread and _running() < _processors() > 1


class SecondJudge(Generic[T]):
    """A copy of this process that goes through `tries` from the end.

    `tries` are in the order in which the first judge takes them. `attempt` returns whether one
    passes, and is called only in the copy. If it raises, the copy calls `leave` and ends. Raises
    `OSError` if the system cannot provide a process or a folder.
    """

    def __init__(
        self, tries: Sequence[T], attempt: Callable[[T], bool], leave: Callable[[], None]
    ) -> None:
        self._tries = tries
        self._place = {one: place for place, one in enumerate(tries)}
        self._front = mmap.mmap(-1, _FRONT.size)
        self._passed = mmap.mmap(-1, max(1, len(tries)))
        self._folder = new_folder("scout")
        self._is_back = False
        close_memory()
        try:
            self._pid = os.fork()
        except OSError:
            remove_folder(self._folder)
            raise
        if self._pid == 0:
            self._run(attempt, leave)
        with contextlib.suppress(OSError):  # the copy may have done so itself
            os.setpgid(self._pid, self._pid)

    def has_passed(self, one: T) -> bool:
        """Return whether the second judge saw this try pass. If not, it now skips it."""
        place = self._place.get(one)
        if place is None:
            return False
        self._go_to(place)
        return self._passed[place] == 1

    def call_back(self) -> None:
        """End the second judge and everything it started."""
        if self._is_back:
            return
        self._is_back = True
        self._go_to(len(self._tries))
        if not self._has_ended(GRACE):
            end_all(self._pid, mark_of(self._pid))
            self._has_ended(DEATH)
        remove_folder(self._folder)

    def _has_ended(self, seconds: float) -> bool:
        """Wait for its end, at most that many seconds. Returns whether it has ended."""
        until = time.monotonic() + seconds
        while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > until:
                return False
            time.sleep(0.001)
        return True

    def _go_to(self, place: int) -> None:
        _FRONT.pack_into(self._front, 0, place)

    def _run(self, attempt: Callable[[T], bool], leave: Callable[[], None]) -> None:
        """Try from the end, inside the copy. The copy always ends here."""
        try:
            os.setpgid(0, 0)  # only the first judge handles Ctrl-C
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            tempfile.tempdir = self._folder
            for place in reversed(range(len(self._tries))):
                if place <= _FRONT.unpack_from(self._front, 0)[0]:
                    break
                self._passed[place] = attempt(self._tries[place])
        finally:
            try:
                leave()
            finally:
                os._exit(0)


def send_out(session: pytest.Session) -> SecondJudge[tuple[pytest.Function, int]] | None:
    """Return a second judge for this session's tests; None if it would not help."""
    option = session.config.getoption
    if not (option("mine") or option("file")) or option("alone") or option("collectonly"):
        return None
    if option("capture") == "no" or option("usepdb"):
        return None
    tries = _tries(session)
    takes_long = any(effort_of(session.config, item.path).remark for item, _ in tries)
    if len(tries) < (FEW if takes_long else FEWEST) or not is_possible():
        return None
    ahead = _Ahead(session.config)
    with contextlib.suppress(OSError):
        return SecondJudge(tries, ahead.passes, ahead.close)
    return None


def _tries(session: pytest.Session) -> list[tuple[pytest.Function, int]]:
    """Return the tests, each with a seed, that a second judge may try.

    The last seed of a test is left to the first judge, so that there is a conversation to show.
    """
    return [
        (item, seed)
        for item in session.items
        if isinstance(item, pytest.Function) and world_of(item) != "in-process"
        if set(item.fixturenames) <= _ROOM_ONLY
        for seed in [*seeds_of(item)][:-1]
    ]


class _Ahead:
    """Runs the second judge's tests in worlds of its own."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._worlds: dict[tuple[Path, str], Worlds] = {}
        self._given_up: set[pytest.Item] = set()

    def passes(self, one: tuple[pytest.Function, int]) -> bool:
        """Return whether a test passes with a seed. Raises `RoomFailure` if the program breaks."""
        item, seed = one
        if item in self._given_up:
            return False
        try:
            Attempts(item, task_of(item), self._worlds_of(item), item.funcargs).run(seed)
        except Exception as error:
            if getattr(error, "wrong", None):
                raise
            self._given_up.add(item)
            return False
        return True

    def close(self) -> None:
        """Close its worlds, which ends their child processes."""
        for worlds in self._worlds.values():
            worlds.close()

    def _worlds_of(self, item: pytest.Function) -> Worlds:
        key = item.path, world_of(item)
        if key not in self._worlds:
            self._worlds[key] = make_worlds(world_of(item), self._config, item.path)
        return self._worlds[key]


_ROOM_ONLY = {"room", "room_worlds", "request"}


def _running() -> int:
    """Return how many other processes and threads need a processor now; 0 if unknown."""
    try:
        return int(LOAD.read_text().split()[3].partition("/")[0]) - 1
    except (OSError, IndexError, ValueError):
        return 0


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
