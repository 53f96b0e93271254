"""What a test sees when the server did something else than was expected.

The room fills in the facts; this file makes the text of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from room.notes import Note
    from room.worlds import WorldFailure


class RoomFailure(AssertionError):
    """An expectation that did not hold, or a world that broke (`wrong`).

    `expected` and `received` are bytes when bytes were compared, and a sentence otherwise.
    `transcript` is the conversation so far. `wrong` is set when the program hung, crashed, could not be
    imported...: then `expected` says what the test was doing.
    """

    def __init__(
        self,
        *,
        client: str,
        expected: bytes | str,
        received: bytes | str,
        rule: str = "",
        transcript: str = "",
        notes: Sequence[Note] = (),
        hint_task: str = "",
        wrong: WorldFailure | None = None,
    ) -> None:
        super().__init__(f"{client}: expected {expected!r}, received {received!r}")
        self.client = client
        self.expected = expected
        self.received = received
        self.rule = rule
        self.transcript = transcript
        self.notes = notes
        self.hint_task = hint_task
        self.wrong = wrong
