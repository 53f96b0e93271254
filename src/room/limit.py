"""How long a whole check may take, whatever the program does.

Each answer has a deadline of its own (worlds/deadline.py). A program that is slow in every answer
keeps each of them, and still the check would go on for many minutes.
"""

from __future__ import annotations

from math import inf
from time import monotonic

from room.contract import WorldFailure


class Limit:
    """A number of seconds on the clock, which begin now."""

    def __init__(self, seconds: float = inf) -> None:
        self.end = monotonic() + seconds  # on the clock of `time.monotonic`
        self._seconds = seconds

    def is_over(self) -> bool:
        return monotonic() >= self.end

    def failure(self, file: str = "", line: int = 0) -> WorldFailure:
        """What to raise when it is over; file and line say where the program was."""
        message = f"the check took too long: it ends after {self._seconds:g} seconds"
        return WorldFailure("took too long", message, file, line)
