"""Limits how long a whole check takes, whatever the program does.

Each answer has a deadline of its own (worlds/deadline.py). A program that is slow in every answer
can meet all of these deadlines, but the check would still take many minutes.
"""

from __future__ import annotations

from math import inf
from time import monotonic

from room.contract import WorldFailure


class Limit:
    """A number of seconds on the clock, counted from the creation of this object."""

    def __init__(self, seconds: float = inf) -> None:
        self.end = monotonic() + seconds  # on the clock of `time.monotonic`
        self._seconds = seconds

    def is_over(self) -> bool:
        """Return whether the seconds have passed."""
        return monotonic() >= self.end

    def failure(self, file: str = "", line: int = 0) -> WorldFailure:
        """Return what to raise when it is over. `file` and `line` are the program's place."""
        message = f"the check took too long: it ends after {self._seconds:g} seconds"
        return WorldFailure("took too long", message, file, line)
