"""The main program of the child process: reads commands, performs them, and writes replies.

    python -s -P -m room.child.main STAGE COMMANDS ANSWERS DUMP FILE

STAGE is "simulated" or "sockets". COMMANDS, ANSWERS and DUMP are open file descriptors. FILE is the
learner's. The learner's code shares this process and can change anything in it, so nothing is
decided here. Every check starts this program, so it imports as little as possible.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from room.child.audit import Audit
from room.child.original import Guard
from room.child.places import text_of, where_raised
from room.child.program import Program
from room.child.stage import Stage
from room.contract import MOST_NOTES, Command, Reply, Serve, WorldFailure
from room.wire import PIPES_CLOSED, command_of, failure_line, reply_line

MEMORY = 2**29  # bytes
FILE_SIZE = 2**26  # bytes
WORK = 60  # seconds of processor time for a room
LONGEST = 600  # seconds on the clock for a room, in case no judge is left to end it


def main() -> None:
    """Serve rooms until the judge hangs up."""
    stage, *numbers, file = sys.argv[1:]
    commands, answers, dump = map(int, numbers)
    make = stage_called(stage)
    sys.dont_write_bytecode = True  # from now on, imports are the learner's
    # We record these ourselves. Python would warn again when a dropped failure is collected.
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
    faulthandler.enable(dump)
    faulthandler.register(signal.SIGUSR1, dump)
    limit(resource.RLIMIT_AS, MEMORY)
    limit(resource.RLIMIT_FSIZE, FILE_SIZE)
    limit(resource.RLIMIT_CORE, 0)
    if most := os.environ.pop("ROOM_MOST_PROCESSES", ""):  # where the system counts ours alone
        limit(resource.RLIMIT_NPROC, int(most))
    sys.argv = [file]
    audit = Audit(dump, (commands, answers, dump))
    answer_all(Rooms(make, Program(Path(file)), audit), commands, answers)


def stage_called(name: str) -> Callable[[Callable[[], Serve], Audit], Stage[Any]]:
    """Return the class of the stage with this name. Imports only the one that is needed."""
    if name == "sockets":
        from room.child.sockets import SocketStage

        return SocketStage
    from room.child.simulated import SimulatedStage

    return SimulatedStage


class Rooms:
    """Serves one room after another, and leaves nothing of one in the next."""

    def __init__(
        self,
        make: Callable[[Callable[[], Serve], Audit], Stage[Any]],
        program: Program,
        audit: Audit,
    ) -> None:
        self._make = make
        self._program = program
        self._audit = audit
        self._stage: Stage[Any] | None = None
        self._closed = 0

    def perform(self, command: Command) -> Reply:
        """Perform a command in the current room; "open" begins a new one. Raises `WorldFailure`."""
        if command["do"] == "open":
            self._clear()  # the room before may not have been finished
            self._audit.begin()
            limit_the_room()
            self._stage = self._make(self._program.load, self._audit)
        assert self._stage is not None
        try:
            reply = self._stage.perform(command)
        finally:
            self._audit.check_what_was_refused()
        if command["do"] == "open" and (note := self._program.slow_import()):
            reply = reply._replace(notes=(note, *reply.notes)[:MOST_NOTES])
        if command["do"] == self._stage.LAST:
            self._clear()
        return reply

    def _clear(self) -> None:
        if self._stage is None:
            return
        self._stage.close()
        self._stage = None
        self._program.forget()
        gc.collect()
        self._closed += 1
        if self._closed == 1:
            gc.freeze()  # the modules it imported stay, so later collections can skip them


def answer_all(rooms: Rooms, commands: int, answers: int) -> NoReturn:
    """Answer every line with a line, until the judge hangs up."""
    pid, leave = os.getpid(), os._exit
    guard = Guard()
    gc.freeze()  # everything that exists now stays too
    write(answers, b"ready\n")
    with contextlib.suppress(OSError):
        for line in os.fdopen(commands, "rb"):
            command, ticket = command_of(line)
            guard.before(command)
            answer = answer_to(rooms, command, ticket)
            if os.getpid() != pid:  # a copy that the learner's code made, and that returned to here
                leave(0)
            flush()
            write(answers, answer)
        leave(0)
    leave(PIPES_CLOSED)


def answer_to(rooms: Rooms, command: dict[str, Any], ticket: str) -> bytes:
    """Perform a command, and return the line with its reply or failure. Raises nothing."""
    try:
        return reply_line(rooms.perform(command), ticket)
    except WorldFailure as failure:
        return failure_line(failure, ticket)
    except MemoryError as error:
        message = "the program ran out of memory"
        return failure_line(WorldFailure("memory", message, *where_raised(error)), ticket)
    except BaseException as error:
        kind = type(error).__name__
        trace = "".join(traceback.format_exception(error))
        message = f"the room itself failed with {kind}: {text_of(error)}\n{trace}"
        return failure_line(WorldFailure("broken", message, type=kind), ticket)


def flush() -> None:
    """Send the judge what was printed, before the answer. The learner may have replaced these."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def write(fd: int, data: bytes) -> None:
    """Write all the data to a file descriptor."""
    unsent = memoryview(data)
    while unsent:
        unsent = unsent[os.write(fd, unsent) :]


def limit_the_room() -> None:
    """Limit this room's time. The judge waits far less, but it may have been killed."""
    signal.alarm(LONGEST)
    most = int(time.process_time()) + WORK
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def limit(what: int, most: int) -> None:
    """Lower a limit, unless it is lower already or the system does not have it."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
