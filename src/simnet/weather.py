"""How bytes travel: how long they take, and how writes become reads.

TCP carries a stream of bytes, not messages. It may cut one write into several reads and join
several writes into one read. In calm weather it never does, and most programs are tried out only
like that. In choppy weather it does, which finds their mistakes. To change how a split read is
simulated, change `travel`.

Every choice comes from the seed through `Random.random()`, because that is the one method whose
sequence Python promises to keep from version to version
(https://docs.python.org/3/library/random.html#notes-on-reproducibility).
"""

import random
from collections.abc import Sequence
from itertools import pairwise

SHORTEST, LONGEST = 0.001, 0.020  # seconds from one end of a connection to the other
MOST_CUTS = 5  # in what is written at the same moment


class Weather:
    """Calm weather, and the base class of any other. `seed` decides every latency."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def latency(self) -> float:
        """Draw the seconds that bytes of one connection travel; called once for each connection."""
        return round(SHORTEST + (LONGEST - SHORTEST) * self._random.random(), 6)

    def delay(self) -> float:
        """Draw the seconds by which one piece is late, in addition to the latency."""
        return 0.0

    def travel(self, writes: Sequence[bytes]) -> list[bytes]:
        """Return the reads as which `writes`, all made at the same moment, arrive.

        They are the same bytes in the same order, and no read is empty.
        """
        return list(writes)


class Choppy(Weather):
    """Weather in which writes are cut and joined anywhere, and pieces are late."""

    def delay(self) -> float:
        """Draw the seconds by which one piece is late, up to `LONGEST`."""
        return round(LONGEST * self._random.random(), 6)

    def travel(self, writes: Sequence[bytes]) -> list[bytes]:
        """Join the writes, and cut the stream at no more than `MOST_CUTS` places."""
        stream = b"".join(writes)
        cuts = {0, len(stream)}
        for _ in range(int((MOST_CUTS + 1) * self._random.random())):
            cuts.add(int(len(stream) * self._random.random()))
        places = sorted(cuts)
        return [stream[a:b] for a, b in pairwise(places)]


def calm(seed: int = 0) -> Weather:
    """Return weather in which one write is one read."""
    return Weather(seed)


def choppy(seed: int = 0) -> Weather:
    """Return weather in which reads split and merge anywhere."""
    return Choppy(seed)
