"""All that makes a conversation again: the server, the seed, the weather, and what was done.

The same script makes the same conversation, byte for byte. So a page can hold it again, and let its
reader go on from there.
"""

from __future__ import annotations

from typing import NamedTuple

from room.contract import Command, Serve


class Script(NamedTuple):
    """What `room.script()` returns. `serve` is None if the server is not a function."""

    serve: Serve | None
    seed: int
    weather: str
    asked: tuple[Command, ...]
    """Commands as contract.py has them, before the weather decides about latency and pieces."""
