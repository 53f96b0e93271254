"""Records conversations on a program, and plays them back without it.

A student edition of the workbook has no solutions, but its pages and notebooks show what a finished
server does. There, `open_room` is given the file of a recording. A room then answers what it
answered when it was recorded, as long as it is asked the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from room.contract import Command, Reply, World, Worlds
from room.wire import command_line, reply_line, reply_of

Step = tuple[str, str]
"""A command and its reply, as the lines of JSON that wire.py makes."""

_ASKED_BY_ITSELF = ("look", "stop")  # by a room that fails or ends, whatever the page asks


class NotRecorded(LookupError):
    """A recording was asked something that the page did not ask when it was recorded."""


class Recorder:
    """Opens other worlds, and keeps every command and reply in `rooms`. Implements `Worlds`.

    Paths of files in notes become relative to `root`, so that a recording is the same everywhere.
    """

    def __init__(self, worlds: Worlds, root: Path) -> None:
        self.rooms: list[list[Step]] = []
        self._worlds = worlds
        self._root = root

    def open(self) -> World:
        """Open a world whose replies are kept."""
        self.rooms.append([])
        return _Recording(self._worlds.open(), self.rooms[-1], f"{self._root}/")

    def close(self) -> None:
        """Close the other worlds."""
        self._worlds.close()


class Recorded:
    """Opens worlds that play back the recording in a file. Implements `Worlds`.

    Raises `ValueError` if the file is not a recording, and `OSError` if it cannot be read.
    """

    def __init__(self, file: Path) -> None:
        try:
            rooms = json.loads(file.read_text(encoding="utf-8"))["rooms"]
            self._rooms = [[(_line(said), _line(reply)) for said, reply in room] for room in rooms]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{file} is not a recording of a server: {error}") from error

    def open(self) -> World:
        """Open a world that has answered nothing yet."""
        return _Played(self._rooms)

    def close(self) -> None:
        """Do nothing: there is no program."""


def recording_text(rooms: Sequence[Sequence[Step]]) -> str:
    """Return the text of a recording's file. A conversation that occurs twice is written once."""
    different = dict.fromkeys(tuple(room) for room in rooms)
    listed = [[[json.loads(line) for line in step] for step in room] for room in different]
    return json.dumps({"rooms": listed}, ensure_ascii=False, indent=1) + "\n"


class _Recording:
    def __init__(self, world: World, steps: list[Step], root: str) -> None:
        self._world = world
        self._steps = steps
        self._root = root

    def perform(self, command: Command) -> Reply:
        reply = self._world.perform(command)
        notes = tuple(
            note._replace(file=note.file.removeprefix(self._root)) for note in reply.notes
        )
        self._steps.append((_said(command), reply_line(reply._replace(notes=notes), "").decode()))
        return reply

    def close(self) -> None:
        self._world.close()


class _Played:
    def __init__(self, rooms: Sequence[Sequence[Step]]) -> None:
        self._possible = rooms  # those that began like this one
        self._at = 0
        self._time = 0.0

    def perform(self, command: Command) -> Reply:
        said, at = _said(command), self._at
        possible = [room for room in self._possible if len(room) > at and room[at][0] == said]
        if not possible and command["do"] in _ASKED_BY_ITSELF:
            return Reply(self._time)
        if not possible:
            raise NotRecorded(
                "this server is a recording, because this edition of the workbook comes without "
                "our solutions. It answers only what the page asks: run the cells as they are, "
                "from the one that opens the room. To try something else, open a room on a server "
                "of your own."
            )
        self._possible, self._at = possible, at + 1
        reply = reply_of(possible[0][at][1].encode(), "")
        self._time = reply.time
        return reply

    def close(self) -> None:
        pass


def _said(command: Command) -> str:
    return command_line(command, "").decode()


def _line(message: Any) -> str:
    """Return a command or a reply of the file as the line that wire.py makes of it."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n"
