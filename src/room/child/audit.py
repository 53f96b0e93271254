"""Where in its own code a program did what it cannot be asked about afterwards: it started a thread
or a process, it closed our pipes, it ended its own process. And whether what it started outlives
its server.

Python tells of some such things before they happen (`sys.addaudithook`), and the functions that do
the others are replaced. The place at which a program ends itself goes to where that of a crash
goes: to the dump.

A thread that has nothing to do outlives the server and does no harm. A pool's workers end with the
program. A daemon thread does not keep the program from ending, so it may wait for somebody who
never comes; and one that was started at import, as a program's own, may sleep now and then.

A copy of the whole process is refused. The copy would answer everybody a second time, and one that
makes copies in a loop stops the machine before anybody can look.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from time import monotonic, process_time, sleep
from types import FrameType
from typing import Any, NoReturn

from room.child.places import is_theirs, where_running
from room.contract import WorldFailure

GRACE = 0.5  # seconds for threads and processes to end, once the server has stopped
WORK = 0.2  # seconds of processor time, for the same
LOOK = 0.005  # seconds between two looks
NAP = 0.05  # seconds without work in which a thread sleeps, and does not wait for a busy processor
MOST_PROCESSES = 32  # in one room

Place = tuple[str, int]

_COPIES = {"os.fork", "os.forkpty"}
_STARTS = {*_COPIES, "os.posix_spawn", "subprocess.Popen"}


class Audit:
    """Sees all of it from now on. `dump` and `ours` are open file descriptors, the latter those
    that are not the program's to close.
    """

    def __init__(self, dump: int, ours: Collection[int] = ()) -> None:
        self._dump = dump
        self._ours = ours
        self._pid = os.getpid()
        self._sleepers: set[Place] = set()  # where daemon threads were started that do no work
        self.begin()
        _replace(os, "_exit", self._exit)
        _replace(os, "close", self._close)
        _replace(os, "closerange", self._closerange)
        _replace(threading.Thread, "start", self._start)
        sys.addaudithook(self._saw)

    def begin(self) -> None:
        """A new room: what was started before is not its fault."""
        self._refused: WorldFailure | None = None
        self._threads: dict[threading.Thread, Place] = {}
        self._imported: set[threading.Thread] = set()  # those that are started at import
        self._processes = 0
        self._last: Place = ("", 0)  # where a process was started

    def imported(self) -> None:
        """The program's file has been executed; what comes now is its server."""
        self._imported = set(self._threads)

    def check_what_was_refused(self) -> None:
        """Raise the `WorldFailure` that the program may have got over."""
        if self._refused:
            raise self._refused

    def check_that_nothing_runs_on(self) -> Iterator[tuple[str, Place]]:
        """Raise `WorldFailure` for a thread that works, or a process, and does not end now.

        Yields name and place of each daemon thread that is left and does no harm.
        """
        until, work = monotonic() + GRACE, process_time() + WORK

        def is_late() -> bool:
            return monotonic() > until or process_time() > work

        for thread, started in self._threads.items():
            while thread.is_alive() and not (idle := self._is_idle(thread)) and not is_late():
                thread.join(LOOK)
            if thread.is_alive() and idle:
                if thread.daemon:
                    yield thread.name, started
            elif thread.is_alive():
                place = where_running(sys._current_frames().get(thread.ident or 0))
                message = f"the server has stopped, and the thread {thread.name} still runs"
                raise WorldFailure("runs on", message, *(place if place[0] else started))
        while _has_children():
            if is_late():
                message = "the server has stopped, and a process that it has started still runs"
                raise WorldFailure("runs on", message, *self._last)
            sleep(LOOK)

    def _is_idle(self, thread: threading.Thread) -> bool:
        """Whether it may be left as it is."""
        frame = sys._current_frames().get(thread.ident or 0)
        if frame is None:
            return False
        if _is_at(frame, "concurrent.futures.thread", "_worker"):  # and not in what it works at
            return True
        if not thread.daemon:
            return False
        if _is_at(frame, "threading", "wait") and frame.f_locals.get("timeout", 0) is None:
            return True  # for an Event or a Queue: both wait in Condition.wait
        if _is_at(frame, "logging.handlers", "dequeue"):
            return True
        return thread in self._imported and self._sleeps(thread)

    def _sleeps(self, thread: threading.Thread) -> bool:
        """Found out once for each place: the thread of the next room does what this one did."""
        place = self._threads[thread]
        if place not in self._sleepers:
            before = process_time()
            thread.join(NAP)
            if process_time() - before < NAP / 50:
                self._sleepers.add(place)
        return place in self._sleepers

    def _saw(self, event: str, about: tuple[Any, ...]) -> None:
        if event in _STARTS:
            self._process(event, where_running(sys._getframe(1)))
        elif event in ("os.kill", "os.killpg"):
            self._kill(*about)

    def _process(self, event: str, place: Place) -> None:
        self._processes += 1
        self._last = place
        if event in _COPIES and is_theirs(sys._getframe(2).f_code):
            self._refuse(f"the program makes a copy of itself with {event}()", place)
        if self._processes > MOST_PROCESSES:
            self._refuse(f"the program started more than {MOST_PROCESSES} processes", place)

    def _refuse(self, message: str, place: Place) -> NoReturn:
        self._refused = WorldFailure("processes", message, *place)
        raise PermissionError(f"{message}, which is refused here")

    def _kill(self, pid: int, number: int) -> None:
        deadly = number == signal.SIGKILL or signal.getsignal(number) == signal.SIG_DFL
        if pid in (0, -1, self._pid) and deadly:
            self._last_words()

    def _exit(self, leave: Callable[[int], NoReturn], status: int) -> NoReturn:
        self._last_words()
        leave(status)

    def _close(self, close: Callable[[int], None], fd: int) -> None:
        if fd in self._ours:
            self._last_words()
        close(fd)

    def _closerange(self, close: Callable[[int, int], None], fd_low: int, fd_high: int, /) -> None:
        if any(fd_low <= fd < fd_high for fd in self._ours):
            self._last_words()
        close(fd_low, fd_high)

    def _start(self, start: Callable[[threading.Thread], None], thread: threading.Thread) -> None:
        self._threads[thread] = where_running(sys._getframe(1))
        start(thread)

    def _last_words(self) -> None:
        if os.getpid() == self._pid:
            faulthandler.dump_traceback(self._dump, all_threads=False)


def _replace(owner: Any, name: str, instead: Callable[..., Any]) -> None:
    """Have `instead` called with what it replaces, and then with the arguments."""
    replaced = getattr(owner, name)

    def call(*args: Any, **named: Any) -> Any:
        return instead(replaced, *args, **named)

    setattr(owner, name, call)


def _is_at(frame: FrameType, module: str, function: str) -> bool:
    return frame.f_code.co_name == function and frame.f_globals.get("__name__") == module


def _has_children() -> bool:
    """Whether a process that this one has started still runs; those that do not are let go."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return False
    return True
