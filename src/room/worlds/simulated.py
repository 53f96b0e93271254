"""The simulated network in a child process: for checking and grading.

One child serves many rooms. A room that goes wrong costs its child; the next gets a new one.
"""

from __future__ import annotations

from pathlib import Path

from room.contract import Command, Reply
from room.limit import Limit
from room.worlds.process import DEADLINE, OneProcess, StudentProcess


class Child:
    """Worlds of the program at `file`. Has the methods of `Worlds`. `deadline` is for each answer,
    `limit` for all of them.
    """

    def __init__(self, file: Path, deadline: float = DEADLINE, limit: Limit | None = None) -> None:
        self.process = OneProcess(file, "simulated", deadline, limit)

    def open(self) -> ChildWorld:
        return ChildWorld(self.process.running())

    def close(self) -> None:
        self.process.end()


class ChildWorld:
    """One room's stage, on the other side of the pipe. Has the methods of `World`."""

    def __init__(self, process: StudentProcess) -> None:
        self._process = process

    def perform(self, command: Command) -> Reply:
        reply = self._process.ask(command)
        return reply._replace(printed=self._process.printed())

    def close(self) -> None:
        """The next room's "open" clears the stage."""
