"""A room: a server and its clients, for tests, notebooks and pictures.

Where to look, from a test's side to the program's:

- `room.py`          what a test calls: `Room`, `Client`; names and texts come from `words.py`
- `worlds/`          what stands behind a room: in this process, in a child process, over TLS
- `wire.py`          what the judge and the child process say to each other
- `child_main.py`    the child process: performs commands on a stage
- `stage.py`         the program's side, simulated: its loop, `serve`, scripted clients
- `socket_stage.py`  the program's side on real sockets, in virtual time
- `student.py`       the learner's file: executed, or one sentence of why not
- `notes.py`         what clients cannot see: exceptions, log records, forgotten awaits
- `witness.py`       in the child process: threads and processes that are started, how it ended
- `failure.py`       the text of a failed expectation
- `transcript.py`, `diagram.py`    a conversation as text, and drawn
- `grading.py`, `graded_file.py`, `report.py`, `notebook.py`    tests of a chapter become verdicts
- `attempts.py`, `breakdowns.py`, `scout.py`    one test with one seed; when it need not be tried

What this package offers is looked up on first use. The child process, which imports one corner of
it, is started for every check and would wait for the rest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from room.failure import RoomFailure
    from room.notebook import grade, solution
    from room.room import Client, Room, open_room

__all__ = ["Client", "Room", "RoomFailure", "grade", "open_room", "solution"]

_HOMES = {
    "Client": "room.room",
    "Room": "room.room",
    "RoomFailure": "room.failure",
    "grade": "room.notebook",
    "open_room": "room.room",
    "solution": "room.notebook",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'room' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
