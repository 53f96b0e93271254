"""Where in its own code the learner's program is: where it raised, where it runs, where it waits.

A place is a file and a line, of the deepest frame that is neither Python's library nor a package of
this project; ("", 0) when there is none.
"""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any


def text_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return f"(a {type(error).__name__} that cannot be printed)"


def where_raised(error: BaseException) -> tuple[str, int]:
    """File and line of the deepest frame in the program's own code; ("", 0) if there is none."""
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno or 0
    return _deepest(traceback.walk_tb(error.__traceback__))


def where_running(frame: FrameType | None) -> tuple[str, int]:
    """File and line of the deepest frame of a running thread in the program's own code."""
    return _deepest(reversed(list(traceback.walk_stack(frame)))) if frame else ("", 0)


def where_waiting(task: asyncio.Task[Any]) -> tuple[str, int]:
    """File and line in the program's own code at which a suspended task waits."""
    place = ("", 0)
    awaited: Any = task.get_coro()
    while awaited is not None:
        frame: FrameType | None = getattr(awaited, "cr_frame", None)
        if frame is not None and is_theirs(frame.f_code):
            place = frame.f_code.co_filename, frame.f_lineno
        awaited = getattr(awaited, "cr_await", None)
    return place


def is_theirs(code: CodeType) -> bool:
    """Whether this is the program's code: neither Python's library nor a package of this
    project.
    """
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
