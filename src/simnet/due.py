"""When a timer is due, so that timers set earlier come first among those due at one moment.

Between two calls of `call_later` a real clock moves. A virtual clock stands still, so that both
timers are due at the same moment, and asyncio's heap keeps no order among equals.
"""

from itertools import count

_NUMBERS = count()


class Due(float):
    """A moment in seconds. Of two that are the same, the one that was made first is less."""

    def __new__(cls, when: float) -> "Due":
        """Return a moment that is later than all others that were made for the same time."""
        due = super().__new__(cls, when)
        due._number = next(_NUMBERS)
        return due

    _number: int

    def __lt__(self, other: float) -> bool:
        if isinstance(other, Due) and self == other:
            return self._number < other._number
        return super().__lt__(other)
