"""Finds the place in the learner's code where a program raised, runs or waits.

A place is the file and line of the deepest frame that is neither in Python's library nor in a
package of this project; ("", 0) if there is none.
"""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

MOST_CALLS = 10  # of those that led to an exception


def text_of(error: BaseException) -> str:
    """Return an exception's message, even if its `__str__` raises."""
    try:
        return str(error)
    except Exception:
        return f"(a {type(error).__name__} that cannot be printed)"


def where_raised(error: BaseException) -> tuple[str, int]:
    """Return the place at which the program's own code raised an exception."""
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno or 0
    return _deepest(traceback.walk_tb(error.__traceback__))


def calls_to(error: BaseException, file: str) -> tuple[int, ...]:
    """Return the lines of this file at which calls were made that led to an exception."""
    frames = traceback.walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == file]
    return tuple(lines[:-1][-MOST_CALLS:])


def where_running(frame: FrameType | None) -> tuple[str, int]:
    """Return the place at which a running thread is in the program's own code."""
    return _deepest(reversed(list(traceback.walk_stack(frame)))) if frame else ("", 0)


def where_waiting(task: asyncio.Task[Any]) -> tuple[str, int]:
    """Return the place at which a suspended task waits in the program's own code."""
    place = ("", 0)
    awaited: Any = task.get_coro()
    while awaited is not None:
        frame: FrameType | None = getattr(awaited, "cr_frame", None)
        if frame is not None and is_theirs(frame.f_code):
            place = frame.f_code.co_filename, frame.f_lineno
        awaited = getattr(awaited, "cr_await", None)
    return place


def is_theirs(code: CodeType) -> bool:
    """Return whether this is the program's own code, and not Python's library or ours."""
    file = code.co_filename
    return not file.startswith(_OURS)


_OURS = (
    os.path.dirname(os.__file__) + os.sep,
    str(Path(__file__).absolute().parents[2]) + os.sep,
    "<frozen ",
)


def _deepest(frames: Iterable[tuple[FrameType, int]]) -> tuple[str, int]:
    place = ("", 0)
    for frame, line in frames:
        if is_theirs(frame.f_code):
            place = frame.f_code.co_filename, line
    return place
