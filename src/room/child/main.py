"""The program in the child process: reads commands, performs them on a stage, writes what came of
it.

    python -s -P -m room.child.main STAGE COMMANDS ANSWERS DUMP FILE

STAGE is "simulated" or "sockets"; COMMANDS, ANSWERS and DUMP are open file descriptors; FILE is the
learner's. The learner's code shares this process and may do anything to it, so nothing is decided
here. It is started for every check: what it imports is kept small.
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
from room.child.places import text_of, where_raised
from room.child.program import Program
from room.child.stage import Stage
from room.contract import MOST_NOTES, Command, Reply, Serve, WorldFailure
from room.wire import PIPES_CLOSED, command_of, failure_line, reply_line

MEMORY = 2**29  # bytes
FILE_SIZE = 2**26  # bytes
WORK = 60  # seconds of processor time for a room, and
LONGEST = 600  # seconds on the clock, when there is no judge left to end it


def main() -> None:
    stage, *numbers, file = sys.argv[1:]
    commands, answers, dump = map(int, numbers)
    make = stage_called(stage)
    sys.dont_write_bytecode = True  # what is imported from now on is the learner's
    # Noted where it happens; told again when a failure is forgotten, it would be noise.
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
    faulthandler.enable(dump)
    faulthandler.register(signal.SIGUSR1, dump)
    limit(resource.RLIMIT_AS, MEMORY)
    limit(resource.RLIMIT_FSIZE, FILE_SIZE)
    limit(resource.RLIMIT_CORE, 0)
    sys.argv = [file]
    audit = Audit(dump, (commands, answers, dump))
    answer_all(Rooms(make, Program(Path(file)), audit), commands, answers)


def stage_called(name: str) -> Callable[[Callable[[], Serve], Audit], Stage[Any]]:
    """What makes the stage for each room."""
    if name == "sockets":
        from room.child.sockets import SocketStage

        return SocketStage
    from room.child.simulated import SimulatedStage

    return SimulatedStage


class Rooms:
    """One room after another, and nothing of one is left in the next."""

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
        if command["do"] == "open":
            self._clear()  # a room that was left in the middle
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
            gc.freeze()  # the modules that it imports stay: collecting need not look at them again


def answer_all(rooms: Rooms, commands: int, answers: int) -> NoReturn:
    """A line for every line, until the judge hangs up."""
    pid, leave = os.getpid(), os._exit
    gc.freeze()  # what is here now stays too
    write(answers, b"ready\n")
    with contextlib.suppress(OSError):
        for line in os.fdopen(commands, "rb"):
            command, ticket = command_of(line)
            answer = answer_to(rooms, command, ticket)
            if os.getpid() != pid:  # a copy that the learner's code made and that came back
                leave(0)
            flush()
            write(answers, answer)
        leave(0)
    leave(PIPES_CLOSED)


def answer_to(rooms: Rooms, command: dict[str, Any], ticket: str) -> bytes:
    try:
        return reply_line(rooms.perform(command), ticket)
    except WorldFailure as failure:
        return failure_line(failure, ticket)
    except MemoryError as error:
        message = "the program ran out of memory"
        return failure_line(WorldFailure("memory", message, *where_raised(error)), ticket)
    except BaseException as error:
        kind = type(error).__name__
        told = "".join(traceback.format_exception(error))
        message = f"the room itself failed with {kind}: {text_of(error)}\n{told}"
        return failure_line(WorldFailure("broken", message, type=kind), ticket)


def flush() -> None:
    """What was printed is with the judge before the answer is; the learner may have replaced
    these.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def write(fd: int, data: bytes) -> None:
    unsent = memoryview(data)
    while unsent:
        unsent = unsent[os.write(fd, unsent) :]


def limit_the_room() -> None:
    """From now on. The judge is far more impatient, but it may have been killed."""
    signal.alarm(LONGEST)
    most = int(time.process_time()) + WORK
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def limit(what: int, most: int) -> None:
    """Lower a limit, unless it is lower already or the system has none."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
