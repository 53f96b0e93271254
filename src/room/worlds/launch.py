"""Starts the child process of a learner's program: as a plain process, or however a launcher does.

A check starts it directly. Grading other people's programs starts it inside whatever the system
offers to hold it (the package `isolation`). What the judge and the child say to each other is the
same.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import room
from room.worlds.processes import Process, group_of


@dataclass(frozen=True)
class Child:
    """What a child process needs.

    `passed` are the open descriptors for commands, answers and the dump. `output` is the one for
    what it prints. It works in `folder`, which is empty.
    """

    stage: str  # "simulated" or "sockets"
    file: Path  # the learner's, absolute
    folder: Path
    passed: tuple[int, int, int]
    output: int
    environment: Mapping[str, str]

    @property
    def arguments(self) -> list[str]:
        """What follows the name of the Python interpreter."""
        given = [self.stage, *map(str, self.passed), str(self.file)]
        return ["-s", "-P", "-m", "room.child.main", *given]


class Launcher(Protocol):
    """Starts child processes, and knows where in the process table their program is."""

    def readable(self, file: Path) -> Path:
        """Return where the programs that are started from now on can read a file of ours."""

    def start(self, child: Child) -> subprocess.Popen[bytes]:
        """Start it as the leader of a new session. Raises `OSError`.

        None of our files are open in it, except those that it needs.
        """

    def program(self, process: subprocess.Popen[bytes]) -> int:
        """Return the id of the process that runs the program, once it has said it is ready."""

    def family(self, process: subprocess.Popen[bytes]) -> list[Process]:
        """Return the processes of the program: its own, and those that it has started."""

    def finds_all(self) -> bool:
        """Return whether `family` is quick, and no process can get away from it."""

    def stored(self, process: subprocess.Popen[bytes]) -> int:
        """Return the bytes in the program's files; 0 where something else bounds them."""

    def status(self, returned: int) -> int:
        """Return the program's exit status, or minus the number of the signal that ended it."""


class Directly:
    """Starts the program as an ordinary child of this process. Implements `Launcher`."""

    def readable(self, file: Path) -> Path:
        """Return the file itself."""
        return file

    def start(self, child: Child) -> subprocess.Popen[bytes]:
        """Start it in its working folder, with our own code on its path."""
        path = str(Path(room.__file__).parents[1])  # the same code on both sides
        return popen(
            [sys.executable, *child.arguments], child, {**child.environment, "PYTHONPATH": path}
        )

    def program(self, process: subprocess.Popen[bytes]) -> int:
        """Return the process itself."""
        return process.pid

    def family(self, process: subprocess.Popen[bytes]) -> list[Process]:
        """Return the processes of its group."""
        return group_of(process.pid)

    def finds_all(self) -> bool:
        """Return False: a process can leave its group."""
        return False

    def stored(self, process: subprocess.Popen[bytes]) -> int:
        """Return 0: it is your own program on your own disk, and each file has a limit."""
        return 0

    def status(self, returned: int) -> int:
        """Return it as it is."""
        return returned


def popen(
    command: list[str], child: Child, environment: Mapping[str, str], *more: int
) -> subprocess.Popen[bytes]:
    """Start a command that ends in the child. `more` are descriptors for the command itself."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=child.output,
        stderr=child.output,
        close_fds=True,
        pass_fds=(*child.passed, *more),
        cwd=child.folder,
        env=environment,
        start_new_session=True,
    )
