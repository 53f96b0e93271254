"""A server with clients that somebody moves by hand: the terminals and the wire of the playground.

It is a `room`, so a conversation held here is the same, byte for byte, as one in a test with the
same seed and weather.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

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

MOST_DRAWN = 200  # events


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
        self._notes = 0

    def open(self) -> Json:
        """Start the server."""

        def start() -> None:
            self._room = Room(InProcess(self._file).open(), self._seed, self._weather)

        return self._report(start)

    def act(self, action: Json, draws: bool = True) -> Json:
        """Perform an action of protocol.ts, let everything arrive, and return what happened.

        Drawing a long conversation takes longer than holding it: without `draws`, that is left out.
        """
        return self._report(lambda: self._act(action), draws)

    def close(self) -> None:
        """Drop the server."""
        if self._room is not None:
            self._room.close()

    def _act(self, action: Json) -> None:
        room = self._room
        if room is None:  # it never started
            assert self._failed is not None
            raise self._failed
        name = action.get("client", "")
        if name and action["do"] != "connect" and name not in self._clients:
            return  # the server of this time has let fewer in
        match action["do"]:
            case "connect":
                self._clients[name] = room.connect(name)
            case "send":
                self._clients[name].send(*(piece.encode("latin-1") for piece in action["pieces"]))
            case "half-close":
                self._clients[name].half_close()
            case "close":
                self._clients[name].close()
            case "reset":
                self._clients[name].reset()
            case "pause":
                self._clients[name].stop_reading()
            case "resume":
                self._clients[name].resume_reading()
            case "wait":
                room.sleep(action["seconds"])

    def _picture(self) -> Json:
        """Draw the last part of the conversation, which may be long."""
        events = self._room.events if self._room else []
        sent = self._room.sent if self._room and len(events) <= MOST_DRAWN else []
        last = events[-MOST_DRAWN:]
        return picture_as_data(draw(last, sent=sent), last)

    def _report(self, act: Callable[[], Any], draws: bool = True) -> Json:
        printed, failure = io.StringIO(), None
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                act()
                waiting = self._room.waiting() if self._room else []
            except RoomFailure as error:
                self._failed, failure, waiting = error, error, []
        room = self._room
        events = room.events[self._events :] if room else []
        notes = room.notes[self._notes :] if room else list(failure.notes) if failure else []
        self._events += len(events)
        self._notes += len(notes)
        return {
            "time": room.time if room else 0.0,
            "events": events_as_data(events),
            "notes": notes_as_data(notes),
            "waiting": notes_as_data(waiting),
            "picture": self._picture() if draws else None,
            "butterflies": [list(each) for each in room.butterflies().items()] if room else [],
            "printed": printed.getvalue(),
            "failure": failure_as_data(failure.diagnostic()) if failure else None,
        }
