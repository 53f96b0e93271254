"""The report that a simulated loop makes instead of hanging: who waits, where, and for what.

A suspended coroutine keeps its frame and a reference to what it awaits, and so on down to the
future at the bottom. The report shows the deepest line of the program's own code. The frames below
that line tell what it waits for.
"""

import asyncio
import linecache
import os
from collections.abc import Collection, Iterable
from types import FrameType
from typing import Any, NamedTuple

# Packages that are not part of the program: a report shows the line that called them instead.
PLUMBING = frozenset({"asyncio", "contextlib"})

# What a program waits for while it is inside one of these functions of asyncio.
REASONS = {
    "StreamReader.": "bytes from {peer}",
    "StreamWriter.drain": "{peer} to read what was written",
    "StreamWriter.wait_closed": "its connection to be closed",
    "Queue.get": "an item in an empty queue",
    "Queue.put": "room in a full queue",
    "Queue.join": "the items of a queue to be marked as done",
    "Lock.acquire": "a lock that is held",
    "Semaphore.acquire": "a semaphore that is used up",
    "Event.wait": "an event that nobody has set",
    "Condition.wait": "a condition that nobody has notified",
    "Barrier.wait": "others to come to a barrier",
    "TaskGroup.__aexit__": "the tasks of its group to end",
    "Server.serve_forever": "someone to close the server",
    "Server.wait_closed": "the server's connections to close",
    "sleep": "its sleep to end",
    "wait": "one of the tasks it was given to end",
}

AGAIN = "its next turn, over and over"


class Waiting(NamedTuple):
    """One task that waits: at `file`:`line`, inside `function`, for `reason`."""

    task: str
    coroutine: str
    file: str
    line: int
    function: str
    reason: str

    def __str__(self) -> str:
        source = linecache.getline(self.file, self.line).strip()
        quoted = f": `{source}`" if source else ""
        return (
            f"{self.task} ({self.coroutine}) waits for {self.reason}, "
            f"at {_short(self.file)}:{self.line} in {self.function}{quoted}"
        )


class Stalled(RuntimeError):
    """Nothing can ever happen again. `tasks` has one `Waiting` for each task that waits."""

    def __init__(self, what: str, tasks: Iterable[Waiting]) -> None:
        self.tasks = list(tasks)
        super().__init__("\n".join([what, *(f"  {waiting}" for waiting in self.tasks)]))


def report_stall(loop: asyncio.AbstractEventLoop, plumbing: Collection[str]) -> Stalled:
    """Return the error for a loop in which nothing is ready, in flight or due."""
    tasks = list(asyncio.all_tasks(loop))
    tasks.sort(key=lambda task: (len(task.get_name()), task.get_name()))  # Task-9, then Task-10
    return Stalled(
        "Nothing can happen anymore: no callback is ready, no byte is on its way, no timer is "
        "set. " + ("These tasks would wait forever:" if tasks else "No task is left either."),
        [waiting(task, plumbing) for task in tasks],
    )


def report_busy(handles: Iterable[asyncio.Handle], plumbing: Collection[str]) -> Stalled:
    """Return the error for a loop that runs the same callbacks over and over at one moment."""
    return Stalled(
        "The loop is kept busy forever: nothing is on its way that could end it, and time stands "
        "still meanwhile. A loop has to wait for something that takes time or can arrive:",
        [_busy(handle, plumbing) for handle in handles],
    )


def waiting(task: "asyncio.Task[Any]", plumbing: Collection[str] = PLUMBING) -> Waiting:
    """Return where and for what `task` waits, without lines of the packages in `plumbing`."""
    coroutine = getattr(task.get_coro(), "__qualname__", "?")
    frames = _frames(task.get_coro())
    if not frames:
        return Waiting(task.get_name(), coroutine, "?", 0, "?", "its first turn")
    own = [n for n, frame in enumerate(frames) if _package(frame) not in plumbing]
    shown = frames[own[-1]] if own else frames[0]
    below = frames[own[-1] + 1 :] if own else frames
    reason = _reason(below, getattr(task, "_fut_waiter", None))
    file, function = shown.f_code.co_filename, shown.f_code.co_name
    return Waiting(task.get_name(), coroutine, file, shown.f_lineno, function, reason)


def _frames(awaited: Any) -> list[FrameType]:
    """Return the frames of a suspended coroutine and of all that it awaits, outermost first."""
    for frame, inner in (("cr_frame", "cr_await"), ("gi_frame", "gi_yieldfrom")):
        if getattr(awaited, frame, None) is not None:
            return [getattr(awaited, frame), *_frames(getattr(awaited, inner))]
    return []


def _reason(below: list[FrameType], future: Any) -> str:
    if below and _package(below[0]) != "asyncio":
        return f"{below[0].f_code.co_qualname}() to return"
    for frame in below:
        name = frame.f_code.co_qualname
        for known, reason in REASONS.items():
            if name == known or (known.endswith(".") and name.startswith(known)):
                return reason.format(peer=_peer(frame))
    if below:
        return f"{below[0].f_code.co_qualname}() to return"
    if isinstance(future, asyncio.Task):
        return f"the task {future.get_name()} to end"
    children = getattr(future, "_children", None)  # gather() returns a future with children
    if children:
        return f"{sum(not child.done() for child in children)} gathered tasks to end"
    return "a future that nobody has completed"


def _peer(frame: FrameType) -> str:
    """Return the address that the asyncio stream in this frame is connected to."""
    transport = getattr(frame.f_locals.get("self"), "_transport", None)
    peer = transport and transport.get_extra_info("peername")
    return f"{peer[0]}:{peer[1]}" if peer else "the other side"


def _busy(handle: asyncio.Handle, plumbing: Collection[str]) -> Waiting:
    callback = getattr(handle, "_callback", None)
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        return waiting(task, plumbing)._replace(reason=AGAIN)
    code = getattr(callback, "__code__", None)
    if code is None:
        return Waiting("a callback", repr(callback), "?", 0, "?", AGAIN)
    line = code.co_firstlineno
    return Waiting("a callback", code.co_qualname, code.co_filename, line, code.co_name, AGAIN)


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _short(file: str) -> str:
    """Return the path relative to the current folder if the file is inside it."""
    here = os.path.join(os.getcwd(), "")
    return file.removeprefix(here)
