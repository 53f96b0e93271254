"""Stops code that never pauses, in this thread, where no other process or thread could do it.

`sys.monitoring` calls us at every jump and at the start of every function of the program's own
code. When the time is up, we raise an exception right there, so we know the line. A call into C
that never returns cannot be stopped like this: whoever runs this process has to end it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

from room.child.places import is_theirs

SECONDS = 2.0  # for code that waits for nothing
AGAIN = 0.5  # seconds until code that caught the exception gets it again

_NAME = "room.runaway"
_TOOL = 2  # sys.monitoring has six, this one is for profilers
_WATCHED = ("JUMP", "PY_START", "PY_RESUME")
_MONITORING: Any = getattr(sys, "monitoring", None)


class Runaway(KeyboardInterrupt):
    """The program ran on for too long. It is not an `Exception`, so that few programs catch it."""

    def __init__(self, seconds: float, file: str, line: int) -> None:
        super().__init__(f"stopped after {seconds:g} seconds at line {line}")
        self.seconds = seconds
        self.file = file
        self.line = line


class _Watch:
    """The deadline that is in force now. There is one, because there is one thread."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.deadline = 0.0
        self.is_on = False


_watch = _Watch()


@contextmanager
def stopped_after(seconds: float = SECONDS) -> Iterator[None]:
    """Raise `Runaway` in the program's code when this block has taken `seconds`.

    A block inside another has its own time, and the outer one's clock stands still meanwhile.
    Before Python 3.12, which has no `sys.monitoring`, nothing is stopped.
    """
    if _MONITORING is None:
        yield
        return
    before = _watch.seconds, _watch.deadline, _watch.is_on
    begun = time.monotonic()
    _watch.seconds, _watch.deadline, _watch.is_on = seconds, begun + seconds, True
    if not before[2]:
        _turn_on()
    try:
        yield
    finally:
        if not before[2]:
            _turn_off()
        _watch.seconds, _watch.deadline, _watch.is_on = before
        _watch.deadline += time.monotonic() - begun


def _turn_on() -> None:
    _MONITORING.use_tool_id(_TOOL, _NAME)
    for event in _WATCHED:
        _MONITORING.register_callback(_TOOL, getattr(_MONITORING.events, event), _look)
    _MONITORING.set_events(_TOOL, sum(getattr(_MONITORING.events, event) for event in _WATCHED))


def _turn_off() -> None:
    _MONITORING.set_events(_TOOL, 0)
    for event in _WATCHED:
        _MONITORING.register_callback(_TOOL, getattr(_MONITORING.events, event), None)
    _MONITORING.free_tool_id(_TOOL)


def _look(code: CodeType, *_: object) -> Any:
    """Raise `Runaway` if the time is up. The program's own code calls this, again and again."""
    if not is_theirs(code):
        return _MONITORING.DISABLE
    now = time.monotonic()
    if now > _watch.deadline:
        _watch.deadline = now + AGAIN
        raise Runaway(_watch.seconds, code.co_filename, sys._getframe(1).f_lineno)
    return None
