"""How far a learner's program is kept from its judge, and how far this machine can do that."""

from __future__ import annotations

import enum
import functools


@functools.total_ordering
class Level(enum.Enum):
    """How a program is held while it is graded. A greater level holds it better."""

    PROCESS = "process"
    """In a process of its own, as the same user: stops accidents, and nobody who looks around."""

    USER = "separate user"
    """As a user that owns nothing, with fewer system calls: for root in a container."""

    SANDBOX = "sandbox"
    """In namespaces of its own, made by bubblewrap: it sees Python and its own file."""

    def __lt__(self, other: Level) -> bool:
        return _ORDER.index(self) < _ORDER.index(other)


_ORDER = [*Level]


def best_level() -> Level:
    """Return the greatest level that works on this machine."""
    return Level.PROCESS


def why_not(level: Level) -> str:
    """Return why a level does not work here and how to get it; "" if it does."""
    return "" if level <= best_level() else f"The level {level.value} does not work here yet."
