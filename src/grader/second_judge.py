"""A second judge beside the first, on a processor that has nothing to do.

Judge and program take turns: while one works the other waits, and of two processors one is idle. So
the judge makes a copy of itself, which begins at the other end and tries what the judge has not
come to. What the second judge saw pass, the first need not try again. Nothing else is believed:
whatever does not pass, the first judge finds out for itself. A second judge that breaks, or is
killed, or is slow, or cannot even be made, costs time and changes nothing. Its memory is closed to
the programs that it runs, as the first judge's is (memory.py), and so is what the two share.

The two share a byte for each try, and how far the judge has come. When they meet, both may be at
the same try, which does no harm.
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
from room.worlds.folder import remove_folder
from room.worlds.memory import close_memory
from room.worlds.process import DEATH, mark_of
from room.worlds.processes import end_all

FEWEST = 100  # tries that are worth a second judge: it starts child processes of its own
FEW = 10  # the same, of a file that takes long to import
PATIENCE = 0.3  # seconds for it to end by itself when it is called back
LOAD = Path("/proc/loadavg")  # "0.31 0.42 0.36 2/97 4711": 2 run now
_FRONT = struct.Struct("Q")

T = TypeVar("T", bound=Hashable)


def is_possible() -> bool:
    """Whether there is a processor to spare, and a copy of this process does no harm."""
    has_thread = threading.active_count() > 1
    return hasattr(os, "fork") and not has_thread and _running() < _processors() > 1


class SecondJudge(Generic[T]):
    """`tries` in the order in which the judge takes them; `attempt` tells whether one passes.

    `attempt` is called in the copy only. Whatever it raises ends the copy, after `leave`. Raises
    `OSError` where the system has no process or folder for it.
    """

    def __init__(
        self, tries: Sequence[T], attempt: Callable[[T], bool], leave: Callable[[], None]
    ) -> None:
        self._tries = tries
        self._place = {one: place for place, one in enumerate(tries)}
        self._front = mmap.mmap(-1, _FRONT.size)
        self._passed = mmap.mmap(-1, max(1, len(tries)))
        self._folder = tempfile.mkdtemp(prefix="scout-")
        self._is_back = False
        close_memory()
        try:
            self._pid = os.fork()
        except OSError:
            remove_folder(self._folder)
            raise
        if self._pid == 0:
            self._run(attempt, leave)
        with contextlib.suppress(OSError):  # it has done so itself
            os.setpgid(self._pid, self._pid)

    def has_passed(self, one: T) -> bool:
        """Whether the second judge was there. If not, it need not go there any more."""
        place = self._place.get(one)
        if place is None:
            return False
        self._go_to(place)
        return self._passed[place] == 1

    def call_back(self) -> None:
        """End it, and all that it has started."""
        if self._is_back:
            return
        self._is_back = True
        self._go_to(len(self._tries))
        if not self._has_ended(PATIENCE):
            end_all(self._pid, mark_of(self._pid))
            self._has_ended(DEATH)
        remove_folder(self._folder)

    def _has_ended(self, seconds: float) -> bool:
        """Wait for it, at most that long."""
        until = time.monotonic() + seconds
        while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > until:
                return False
            time.sleep(0.001)
        return True

    def _go_to(self, place: int) -> None:
        _FRONT.pack_into(self._front, 0, place)

    def _run(self, attempt: Callable[[T], bool], leave: Callable[[], None]) -> None:
        """In the copy, which ends here, whatever happens."""
        try:
            os.setpgid(0, 0)  # Ctrl-C is the judge's affair
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
    """Return a second judge of this session's tests, or None where there had better be none."""
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
    """Tests with seeds that a second judge may take.

    The last seed is left to the first judge, so that there is a conversation to show.
    """
    return [
        (item, seed)
        for item in session.items
        if isinstance(item, pytest.Function) and world_of(item) != "in-process"
        if set(item.fixturenames) <= _ROOM_ONLY
        for seed in [*seeds_of(item)][:-1]
    ]


class _Ahead:
    """What the second judge does: the same attempts, in worlds of its own."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._worlds: dict[tuple[Path, str], Worlds] = {}
        self._given_up: set[pytest.Item] = set()

    def passes(self, one: tuple[pytest.Function, int]) -> bool:
        """Whether a test passes with a seed. Raises `RoomFailure` when the program breaks."""
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
        for worlds in self._worlds.values():
            worlds.close()

    def _worlds_of(self, item: pytest.Function) -> Worlds:
        key = item.path, world_of(item)
        if key not in self._worlds:
            self._worlds[key] = make_worlds(world_of(item), self._config, item.path)
        return self._worlds[key]


_ROOM_ONLY = {"room", "room_worlds", "request"}


def _running() -> int:
    """How many processes and threads want a processor now, beside this one; 0 if nobody says."""
    try:
        return int(LOAD.read_text().split()[3].partition("/")[0]) - 1
    except (OSError, IndexError, ValueError):
        return 0


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
