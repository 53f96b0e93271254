"""How far a learner's program is kept from its judge."""

from __future__ import annotations

import enum
import functools


@functools.total_ordering
class Level(enum.Enum):
    """How a program is held while it is graded. A greater level holds it better."""

    PROCESS = "process"
    """In a process of its own, as the same user: stops accidents, not anyone who looks around."""

    USER = "separate user"
    """As a user that owns nothing, with fewer files and system calls: for root in a container."""

    SANDBOX = "sandbox"
    """In namespaces of its own, made by bubblewrap: it sees Python and its own file."""

    def __lt__(self, other: Level) -> bool:
        return _ORDER.index(self) < _ORDER.index(other)


_ORDER = [*Level]
