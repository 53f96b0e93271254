"""How bytes travel: how long they take, and how writes become reads.

TCP carries a stream of bytes, not messages: it may cut one write into several reads and join
several writes into one read. In calm weather it never does, which is how most programs are tried
out; in choppy weather it does, which is how their mistakes are found. To change how a split read
is simulated, change `travel` here.

Every choice comes from the seed through `Random.random()`, the one method whose sequence Python
promises to keep from version to version.
"""

import random
from collections.abc import Sequence
from itertools import pairwise

SHORTEST, LONGEST = 0.001, 0.020  # seconds from one end of a connection to the other
MOST_CUTS = 5  # of what is written at one moment


class Weather:
    """Calm weather, and the base of any other. `seed` decides every latency."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def latency(self) -> float:
        """Seconds that one connection's bytes are on their way; drawn once for a connection."""
        return round(SHORTEST + (LONGEST - SHORTEST) * self._random.random(), 6)

    def delay(self) -> float:
        """Seconds by which one piece is late, on top of the latency."""
        return 0.0

    def travel(self, writes: Sequence[bytes]) -> list[bytes]:
        """The reads that `writes`, all made at one moment, arrive as: the same bytes in order."""
        return list(writes)


class Choppy(Weather):
    """Weather in which writes are cut and joined anywhere, and pieces are late."""

    def delay(self) -> float:
        return round(LONGEST * self._random.random(), 6)

    def travel(self, writes: Sequence[bytes]) -> list[bytes]:
        stream = b"".join(writes)
        cuts = {0, len(stream)}
        for _ in range(int((MOST_CUTS + 1) * self._random.random())):
            cuts.add(int(len(stream) * self._random.random()))
        places = sorted(cuts)
        return [stream[a:b] for a, b in pairwise(places)]


def calm(seed: int = 0) -> Weather:
    """Weather in which bytes arrive in order and one write is one read."""
    return Weather(seed)


def choppy(seed: int = 0) -> Weather:
    """Weather in which reads split and merge anywhere."""
    return Choppy(seed)
