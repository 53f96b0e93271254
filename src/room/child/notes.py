"""Notes what a program does that its clients cannot see, such as exceptions and log records.

Notes are advice. They help to word a failure, and they judge tasks about logging or cleanup.
Nothing else depends on them, because the program they describe runs in the same process and could
change them. So everything here expects the worst of its input (a `__str__` that raises, a registry
that is a number) and turns it into short, plain text.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from room.child.places import calls_to, text_of, where_raised, where_running, where_waiting
from room.contract import LONGEST_NAME, LONGEST_NOTE, MOST_NOTES, Note
from simnet.stall import waiting

_PLUMBING = {"asyncio", "bfnet", "room"}  # a wait in one of these is reported by its name
_REPORTERS = {"bfnet", "room"}  # their errors are the program's exceptions
LONGEST_NAP = 10.0  # seconds


current: Recorder | None = None
"""The recorder of the room whose program is running now."""


def reached(task: str) -> None:
    """Note that the calling line was reached. `task` is "Task 3.1: title"."""
    if current is not None:
        frame = sys._getframe(1)
        current.reached(Note("reached", task, "", "", frame.f_code.co_filename, frame.f_lineno))


class Recorder:
    """Collects notes inside `collecting()`, until `take()` returns them."""

    __slots__ = ("_handler", "_latest", "_notes", "_reached")  # so no method of it can be replaced

    def __init__(self) -> None:
        self._notes: list[Note] = []
        self._reached: set[str] = set()
        self._handler = _Records(self)
        self._latest: BaseException | None = None

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Note log records, warnings and forgotten awaits inside this block.

        Afterwards, logging and warnings are as they were before.
        """
        global current
        before, current = current, self
        root = logging.getLogger()
        handlers, root.handlers = root.handlers, [self._handler]
        depth = sys.get_coroutine_origin_tracking_depth()
        sys.set_coroutine_origin_tracking_depth(1)
        sleep, time.sleep = time.sleep, self._noted(time.sleep)
        error = logging.Logger.error
        logging.Logger.error = self._overheard(error)  # type: ignore[method-assign]
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")  # whatever filters the judge's process has
                warnings.simplefilter("ignore", ResourceWarning)
                try:
                    yield
                finally:
                    for warning in caught or ():
                        self._warned(warning)
        finally:
            time.sleep = sleep
            logging.Logger.error = error  # type: ignore[method-assign]
            sys.set_coroutine_origin_tracking_depth(depth)
            root.handlers = handlers
            current = before

    def take(self) -> tuple[Note, ...]:
        """Return the notes since the last call."""
        taken = tuple(self._notes)
        self._notes.clear()
        return taken

    def add(self, note: Note) -> None:
        """Add a note, with long texts cut, unless there are too many already."""
        if len(self._notes) < MOST_NOTES:
            kind, message, type_name, level, file, line, calls = note
            cut = message[:LONGEST_NOTE], type_name[:LONGEST_NAME], level[:LONGEST_NAME]
            self._notes.append(Note(kind, *cut, file[:LONGEST_NAME], line, calls))

    def out_of_memory(self) -> Note | None:
        """Return the note of the first MemoryError; None if there was none."""
        return next((note for note in self._notes if note.type == "MemoryError"), None)

    def reached(self, note: Note) -> None:
        """Note, once, that the program reached a task that is not written yet."""
        if note.message not in self._reached:
            self._reached.add(note.message)
            self.add(note)

    def exception(self, error: BaseException) -> None:
        """Note an exception that the program did not handle."""
        self._latest = error
        file, line = where_raised(error)
        name, calls = type(error).__name__, calls_to(error, file)
        self.add(Note("exception", text_of(error), name, "", file, line, calls))

    def loop_complained(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Note what the loop reports; pass this method to `loop.set_exception_handler`."""
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.exception(error)
            return
        self.add(Note("log", str(context.get("message", "")), level="ERROR"))

    def leftovers(self, loop: asyncio.AbstractEventLoop) -> None:
        """Note the tasks that are left once the server has stopped."""
        gc.collect(1)  # asyncio reports the exception of a dropped task when it is collected
        for task in sorted(asyncio.all_tasks(loop), key=_age):
            what = waiting(task)
            message = f"the task {what.coroutine} still runs: it waits for {what.reason}"
            file, line = where_waiting(task)
            self.add(Note("leftover", message, file=file, line=line))

    def waiting(self, loop: asyncio.AbstractEventLoop) -> None:
        """Note where the program's own code waits, for what, and in which call from bfnet."""
        for task in sorted(asyncio.all_tasks(loop), key=_age):
            file, line = where_waiting(task)
            if file:
                reason = waiting(task, _PLUMBING).reason
                called = task.get_name().partition(" of ")[0]  # "on_disconnect of 127.0.0.1:50001"
                self.add(Note("waiting", reason, type=called, file=file, line=line))

    def open_connection(self, address: str) -> None:
        """Note a connection that the server kept after it was stopped and the client had left."""
        self.add(Note("leftover", f"the connection of {address} is still open"))

    def _noted(self, sleep: Callable[[Any], None]) -> Callable[[Any], None]:
        """Return a `time.sleep` that notes every call on the event loop's thread.

        There it returns at once, because a learner would otherwise wait for it in a hundred rooms.
        A very long sleep is a hang, so it sleeps.
        """

        def noted(seconds: Any) -> None:
            is_short = isinstance(seconds, int | float) and 0 <= seconds <= LONGEST_NAP
            if asyncio._get_running_loop() is None:  # in another thread, where sleeping is fine
                is_short = False
            elif not _is_for_a_thread(sys._getframe(1)):
                file, line = where_running(sys._getframe(1))
                self.add(Note("blocked", f"time.sleep({seconds})", file=file, line=line))
            if not is_short:
                sleep(seconds)

        return noted

    def _overheard(self, error: Callable[..., None]) -> Callable[..., None]:
        """Return a `Logger.error` that notes the exceptions that bfnet reports.

        A program may silence its log. That does not silence its exceptions.
        """

        def overheard(logger: logging.Logger, *args: Any, **named: Any) -> None:
            caller = str(sys._getframe(1).f_globals.get("__name__"))
            named["stacklevel"] = named.get("stacklevel", 1) + 1
            error(logger, *args, **named)
            failure = named.get("exc_info")
            is_noted = failure is self._latest  # by our handler
            self._latest = None  # it would keep what the exception refers to
            is_reported = caller.partition(".")[0] in _REPORTERS
            if isinstance(failure, BaseException) and is_reported and not is_noted:
                self.exception(failure)

        return overheard

    def _warned(self, warning: warnings.WarningMessage) -> None:
        message = str(warning.message)
        if "was never awaited" not in message:
            kind = warning.category.__name__
            self.add(Note("warning", message, kind, file=warning.filename, line=warning.lineno))
            return
        origin = getattr(warning.source, "cr_origin", None)
        file, line = origin[0][:2] if origin else (warning.filename, warning.lineno)
        self.add(Note("never awaited", message.splitlines()[0], file=file, line=line))


class _Records(logging.Handler):
    """Turns each log record into a note, and its exception into another."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder

    def emit(self, record: logging.LogRecord) -> None:
        """Note a log record."""
        try:
            message = record.getMessage()
        except Exception as error:  # wrong arguments: logging would print a traceback
            message = f"{record.msg!r} cannot be formatted with {record.args!r}: {error}"
        self._recorder.add(Note("log", message, level=str(record.levelname)))
        if record.exc_info and record.exc_info[1] is not None:
            self._recorder.exception(record.exc_info[1])


def butterflies_of(served: object) -> dict[str, str]:
    """Return the registry of what `serve` returned, as key: state of the future.

    Empty if there is no registry.
    """
    return {_key(key): _state(value) for key, value in _registered(served)}


def holders_of(served: object) -> dict[str, str]:
    """Return the address of the butterfly in each entry of the registry; "" if it has none."""
    return {_key(key): _address(value) for key, value in _registered(served)}


def _registered(served: object) -> list[tuple[object, object]]:
    registry = getattr(getattr(served, "handler", None), "butterflies", None)
    return list(registry.items())[:10_000] if isinstance(registry, Mapping) else []


def _is_for_a_thread(frame: FrameType) -> bool:
    """Return whether `asyncio.to_thread` was given this call, which our loops run at once."""
    return any(each.f_code.co_name == "run_in_executor" for each, _ in traceback.walk_stack(frame))


def _age(task: asyncio.Task[Any]) -> tuple[int, str]:
    return len(task.get_name()), task.get_name()


def _key(key: object) -> str:
    if isinstance(key, str):
        return key[:LONGEST_NAME]
    if isinstance(key, bytes):
        return key.decode(errors="backslashreplace")[:LONGEST_NAME]
    return f"a key of type {type(key).__name__}"


def _state(value: object) -> str:
    future = value[1] if isinstance(value, tuple) and len(value) == 2 else None
    if not isinstance(future, asyncio.Future):
        return "not (butterfly, future)"
    if future.cancelled():
        return "cancelled"
    if future.done() and future._exception is not None:  # noqa: SLF001 - exception() marks it as seen
        return "failed"
    return "done" if future.done() else "pending"


def _address(value: object) -> str:
    butterfly = value[0] if isinstance(value, tuple) and len(value) == 2 else None
    ip, port = getattr(butterfly, "ip", None), getattr(butterfly, "client_port", None)
    return f"{ip}:{port}" if isinstance(ip, str) and isinstance(port, int) else ""
