"""A room: a server and its clients, for tests, notebooks and pictures.

Where to look, from a test's side to the program's:

- `room.py`          what a test calls: `Room`, `Client`; names and texts come from `words.py`
- `in_process.py`    a simulated world in this process: notebooks and the browser
- `recorded.py`      conversations that were recorded, for editions without the solutions
- `failure/`         a failed expectation: its facts, what is said about it, its plain text
- `transcript.py`, `diagram.py`    a conversation as text, and drawn
- `script.py`        all that makes a conversation again
- `contract.py`      what judge and program can say to each other; imported by both sides
- `wire.py`          the contract as JSON lines
- `worlds/`          the judge's side: worlds in a child process, simulated or over TLS
- `child/`           the learner's side: all that runs beside the learner's code

`worlds/` and `child/` never import each other. That boundary is what keeps a learner's code away
from its judge. Only `in_process.py`, which has no such boundary, uses `child/` directly.

What this package offers is looked up on first use. The child process, which imports one corner of
it, is started for every check and would wait for the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from room.failure import RoomFailure
    from room.room import Client, Room, open_room

__all__ = ["Client", "Room", "RoomFailure", "open_room"]

_HOMES = {
    "Client": "room.room",
    "Room": "room.room",
    "RoomFailure": "room.failure",
    "open_room": "room.room",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'room' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
