"""The simulated network in a child process: for checking and grading.

One child serves many rooms. After a failure, the child is ended and the next room gets a new one.
"""

from __future__ import annotations

from pathlib import Path

from room.contract import Command, Reply
from room.limit import Limit
from room.worlds.launch import Launcher
from room.worlds.process import DEADLINE, OneProcess, StudentProcess


class Child:
    """Opens simulated worlds for the program at `file`, in a child process. Implements `Worlds`.

    `deadline` is in seconds of CPU or sleep, for each answer. `limit` is for all answers together.
    `launcher` starts the process.
    """

    def __init__(
        self,
        file: Path,
        deadline: float = DEADLINE,
        limit: Limit | None = None,
        launcher: Launcher | None = None,
    ) -> None:
        self.process = OneProcess(file, "simulated", deadline, limit, launcher)

    def open(self) -> ChildWorld:
        """Return a world for one room. Raises `WorldFailure` if no process can be started."""
        return ChildWorld(self.process.running())

    def close(self) -> None:
        """End the child process."""
        self.process.end()


class ChildWorld:
    """Performs one room's commands on the stage in the child. Implements `World`."""

    def __init__(self, process: StudentProcess) -> None:
        self._process = process

    def perform(self, command: Command) -> Reply:
        """Send a command to the child and return its reply. Raises `WorldFailure`."""
        reply = self._process.ask(command)
        return reply._replace(printed=self._process.printed())

    def close(self) -> None:
        """Do nothing: the next room's "open" clears the stage."""
