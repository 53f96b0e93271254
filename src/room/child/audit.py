"""Records where the learner's code starts threads or processes, closes our pipes, or exits.

A failure can then name the line. This also checks that nothing the program started outlives its
server.

Python reports some of these events before they happen (`sys.addaudithook`). For the others, we
replace the functions that cause them. When a program ends itself, its place is written to the same
dump as that of a crash.

An idle thread may outlive the server, because it does no harm. The workers of a pool end with the
program. A daemon thread does not keep the program from ending, so it may wait for something that
never happens. A thread that was started at import belongs to the program, so it may also sleep.

Copies of the whole process are refused. A copy would answer every client a second time, and a
program that copies itself in a loop stops the machine before anyone can look.
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
NAP = 0.05  # seconds; without work for so long, a thread sleeps and does not wait for a processor
MOST_PROCESSES = 32  # in one room

Place = tuple[str, int]

_COPIES = {"os.fork", "os.forkpty"}
_STARTS = {*_COPIES, "os.posix_spawn", "subprocess.Popen"}


class Audit:
    """Watches the program for the life of this process.

    `dump` is the open file descriptor for the place of an exit. `ours` are the descriptors that
    the program must not close.
    """

    def __init__(self, dump: int, ours: Collection[int] = ()) -> None:
        self._dump = dump
        self._ours = ours
        self._pid = os.getpid()
        self._sleepers: set[Place] = set()  # places that start daemon threads which do no work
        self.begin()
        _replace(os, "_exit", self._exit)
        _replace(os, "close", self._close)
        _replace(os, "closerange", self._closerange)
        _replace(threading.Thread, "start", self._start)
        sys.addaudithook(self._saw)

    def begin(self) -> None:
        """Begin a new room, which is not to blame for what was started before it."""
        self._refused: WorldFailure | None = None
        self._threads: dict[threading.Thread, Place] = {}
        self._imported: set[threading.Thread] = set()  # the threads that were started at import
        self._processes = 0
        self._last: Place = ("", 0)  # where the last process was started

    def imported(self) -> None:
        """Remember which threads the import of the program's file has started."""
        self._imported = set(self._threads)

    def check_what_was_refused(self) -> None:
        """Raise the `WorldFailure` of a refusal, even if the program caught our exception."""
        if self._refused:
            raise self._refused

    def check_that_nothing_runs_on(self) -> Iterator[tuple[str, Place]]:
        """Raise `WorldFailure` for a working thread, or a process, that does not end in time.

        Yields the name and the place of each harmless daemon thread that is left.
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
        while (frame := _in_an_unknown_thread()) and _works_in(NAP):
            if is_late():
                message = "the server has stopped, and a thread still runs"
                raise WorldFailure("runs on", message, *where_running(frame))
        while _has_children():
            if is_late():
                message = "the server has stopped, and a process that it has started still runs"
                raise WorldFailure("runs on", message, *self._last)
            sleep(LOOK)

    def _is_idle(self, thread: threading.Thread) -> bool:
        """Return whether the thread is harmless as it is."""
        frame = sys._current_frames().get(thread.ident or 0)
        if frame is None:
            return False
        if _is_at(frame, "concurrent.futures.thread", "_worker"):  # and not inside a job
            return True
        if not thread.daemon:
            return False
        if _is_at(frame, "threading", "wait") and frame.f_locals.get("timeout", 0) is None:
            return True  # it waits for an Event or a Queue: both use Condition.wait
        if _is_at(frame, "logging.handlers", "dequeue"):
            return True
        return thread in self._imported and self._sleeps(thread)

    def _sleeps(self, thread: threading.Thread) -> bool:
        """Return whether the thread does no work, measured once for each place that starts one."""
        place = self._threads[thread]
        if place not in self._sleepers and not _works_in(NAP):
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
    """Replace a function: `instead` is called with the original, and then the arguments."""
    replaced = getattr(owner, name)

    def call(*args: Any, **named: Any) -> Any:
        return instead(replaced, *args, **named)

    setattr(owner, name, call)


def _in_an_unknown_thread() -> FrameType | None:
    """Return where a thread is that was started with `_thread`, which `threading` cannot list."""
    known = {thread.ident for thread in threading.enumerate()}
    return next((at for thread, at in sys._current_frames().items() if thread not in known), None)


def _works_in(seconds: float) -> bool:
    """Return whether other threads of this process do any work within so many seconds."""
    before = process_time()
    sleep(seconds)
    return process_time() - before >= seconds / 50


def _is_at(frame: FrameType, module: str, function: str) -> bool:
    return frame.f_code.co_name == function and frame.f_globals.get("__name__") == module


def _has_children() -> bool:
    """Return whether a process that this one started still runs. Reaps the others."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return False
    return True
