"""The report that a simulated loop gives instead of hanging: who waits, where, and for what.

A coroutine that waits keeps its frame, and the frame of what it awaits, and so on down to the
future at the bottom. The line to show is the deepest one that is the program's own. What lies
below it says what it waits for.
"""

import asyncio
import linecache
import os
from collections.abc import Collection, Iterable
from types import CodeType, FrameType
from typing import Any, NamedTuple

# What a program waits for while it is inside of these functions of asyncio.
REASONS = {
    "StreamReader.": "bytes to read",
    "StreamWriter.drain": "the other side to read what was written",
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
    "Server.serve_forever": "somebody to close the server",
    "Server.wait_closed": "the server's connections to close",
    "sleep": "a time to come",
    "wait": "one of the tasks it was given to end",
}


class Waiting(NamedTuple):
    """One task that waits: at `file`:`line`, inside of `function`, for `reason`."""

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
    """Nothing can ever happen again. `tasks` tells who waits, one `Waiting` a task."""

    def __init__(self, what: str, tasks: Iterable[Waiting]) -> None:
        self.tasks = list(tasks)
        super().__init__("\n".join([what, *(f"  {waiting}" for waiting in self.tasks)]))


def report_stall(loop: asyncio.AbstractEventLoop, plumbing: Collection[str]) -> Stalled:
    """Nothing is ready, on its way or due."""
    tasks = sorted(asyncio.all_tasks(loop), key=_age)
    return Stalled(
        "Nothing can happen any more: no byte is on its way and no timer is set. Still waiting:"
        if tasks
        else "Nothing can happen any more, and no task is left that waits for anything.",
        [waiting(task, plumbing) for task in tasks],
    )


def report_busy(handles: Iterable[asyncio.Handle], plumbing: Collection[str]) -> Stalled:
    """The same callbacks run over and over, and the clock never moves."""
    return Stalled(
        "The loop is busy for ever: nothing new can arrive, and these never stop asking for "
        "another turn (a loop around `await asyncio.sleep(0)`, for example):",
        [_busy(handle, plumbing) for handle in handles],
    )


def waiting(task: "asyncio.Task[Any]", plumbing: Collection[str] = ("asyncio",)) -> Waiting:
    """Where and for what `task` waits. Lines of the packages in `plumbing` are not shown."""
    frames = _frames(task.get_coro())
    shown = max((n for n, frame in enumerate(frames) if _top(frame) not in plumbing), default=0)
    coroutine = getattr(task.get_coro(), "__qualname__", "?")
    if not frames:
        return Waiting(task.get_name(), coroutine, "?", 0, "?", "its first turn")
    frame = frames[shown]
    below = [below.f_code for below in frames[shown + 1 :]]
    reason = _reason(below, getattr(task, "_fut_waiter", None))
    code = frame.f_code
    return Waiting(
        task.get_name(), coroutine, code.co_filename, frame.f_lineno, code.co_name, reason
    )


def _frames(awaited: Any) -> list[FrameType]:
    """The frames of a suspended coroutine and of everything it awaits, outermost first."""
    frames = []
    while awaited is not None:
        kinds = ("cr", "gi", "ag")
        kind = next((kind for kind in kinds if hasattr(awaited, f"{kind}_frame")), None)
        if kind is None or getattr(awaited, f"{kind}_frame") is None:
            break
        frames.append(getattr(awaited, f"{kind}_frame"))
        awaited = getattr(awaited, "gi_yieldfrom" if kind == "gi" else f"{kind}_await")
    return frames


def _reason(below: list[CodeType], future: Any) -> str:
    for code in below:
        for name, reason in REASONS.items():
            if code.co_qualname == name or (name[-1] == "." and code.co_qualname.startswith(name)):
                return reason
    if below:
        return f"{below[0].co_qualname}() to return"
    if isinstance(future, asyncio.Task):
        return f"the task {future.get_name()} to end"
    children = getattr(future, "_children", None)  # what gather() returns
    if children:
        return f"{sum(not child.done() for child in children)} gathered tasks to end"
    return "a future that nobody has completed"


def _busy(handle: asyncio.Handle, plumbing: Collection[str]) -> Waiting:
    callback = getattr(handle, "_callback", None)
    task = getattr(callback, "__self__", None)
    if isinstance(task, asyncio.Task):
        return waiting(task, plumbing)._replace(reason="another turn")
    code = getattr(callback, "__code__", None)
    if code is None:
        return Waiting("a callback", repr(callback), "?", 0, "?", "another turn")
    line = code.co_firstlineno
    return Waiting(
        "a callback", code.co_qualname, code.co_filename, line, code.co_name, "another turn"
    )


def _top(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _age(task: "asyncio.Task[Any]") -> tuple[int, str]:
    """Task-9 before Task-10, then tasks that were given a name."""
    name = task.get_name()
    digits = name.removeprefix("Task-")
    return (int(digits), "") if digits.isdigit() else (1 << 62, name)


def _short(file: str) -> str:
    """The path from the current folder when the file lies in it."""
    here = os.path.join(os.getcwd(), "")
    return file.removeprefix(here)
