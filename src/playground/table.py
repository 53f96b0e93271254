"""A server with clients that someone operates by hand: the playground's terminals and wire.

It is a `room`, so a conversation held here is the same, byte for byte, as one in a test with the
same seed and weather.
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from playground.actions import perform
from playground.as_data import (
    Json,
    events_as_data,
    failure_as_data,
    notes_as_data,
    picture_as_data,
)
from room import Client, Room, RoomFailure
from room.drawing import draw
from room.in_process import InProcess
from room.transcript import shown_name

MOST_DRAWN = 200  # events
LAST_DRAWN = 100  # events, when there were more: so the picture does not move with each
TURN = 0.05  # seconds after which no further action is begun before the page hears


class Table:
    """One server. After a failure it can only be closed."""

    def __init__(self, file: Path, seed: int, weather: str) -> None:
        self._file = file
        self._seed = seed
        self._weather = weather
        self._room: Room | None = None
        self._failed: RoomFailure | None = None
        self._clients: dict[str, Client] = {}
        self._events = 0  # that were reported
        self._undrawn = 0  # that are above the picture
        self._notes = 0

    def open(self) -> Json:
        """Start the server."""

        def start() -> None:
            self._room = Room(InProcess(self._file).open(), self._seed, self._weather)

        return self._report([start])

    def act(self, actions: Sequence[Json], draws: bool = True) -> Json:
        """Perform actions of protocol.ts, one by one, and return what happened.

        After TURN, or after a failure, the rest is left: `steps` has the events of each action that
        was performed. Drawing a long conversation takes longer than holding it: without `draws`,
        or while actions are left, there is no picture.
        """
        return self._report([partial(self._act, action) for action in actions], draws)

    def close(self) -> None:
        """Drop the server."""
        if self._room is not None:
            self._room.close()

    def _act(self, action: Json) -> None:
        if self._room is None:  # it never started
            assert self._failed is not None
            raise self._failed
        perform(action, self._room, self._clients)

    def _picture(self) -> Json:
        """Draw the last part of the conversation, which may be long."""
        events = self._room.events if self._room else []
        if len(events) - self._undrawn > MOST_DRAWN:
            self._undrawn = len(events) - LAST_DRAWN
        sent = self._room.sent if self._room and not self._undrawn else []
        last = events[self._undrawn :]
        return picture_as_data(draw(last, sent=sent), last)

    def _steps(self, acts: Iterable[Callable[[], Any]], steps: list[list[Json]]) -> None:
        """Do these things until TURN is over, and add the events of each to `steps`."""
        begun = time.monotonic()
        for act in acts:
            try:
                act()
            finally:
                events = self._room.events[self._events :] if self._room else []
                self._events += len(events)
                steps.append(events_as_data(events))
            if time.monotonic() - begun > TURN:
                return

    def _report(self, acts: Sequence[Callable[[], Any]], draws: bool = True) -> Json:
        printed, failure = io.StringIO(), None
        steps: list[list[Json]] = []
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                self._steps(acts, steps)
                waiting = self._room.waiting() if self._room else []
            except RoomFailure as error:
                self._failed, failure, waiting = error, error, []
        room = self._room
        draws = draws and (failure is not None or len(steps) == len(acts))
        notes = room.notes[self._notes :] if room else list(failure.notes) if failure else []
        self._notes += len(notes)
        return {
            "time": room.time if room else 0.0,
            "steps": steps,
            "notes": notes_as_data(notes),
            "waiting": notes_as_data(waiting),
            "picture": self._picture() if draws else None,
            "butterflies": _butterflies(room) if room else [],
            "printed": printed.getvalue(),
            "failure": failure_as_data(failure.diagnostic()) if failure else None,
        }


def _butterflies(room: Room) -> list[tuple[str, str, str]]:
    """Return each key of `butterflies`, with the client of its butterfly and its task's state."""
    holders = room.holders()
    return [(key, shown_name(holders[key]), state) for key, state in room.butterflies().items()]
