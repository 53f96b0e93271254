"""The program in the child process: reads commands, performs them on a stage, writes what came of
it.

    python -s -P -m room.child_main STAGE COMMANDS ANSWERS DUMP FILE

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
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, Protocol

from room.notes import text_of, where_raised
from room.student import Program
from room.wire import Answer, answer_line, command_of, failure_line
from room.worlds import Command, WorldFailure

MEMORY = 2 * 2**30  # bytes


class AnyStage(Protocol):
    def answer(self, command: Command) -> Answer: ...

    def close(self) -> None: ...


def main() -> None:
    stage, *numbers, file = sys.argv[1:]
    commands, answers, dump = map(int, numbers)
    faulthandler.enable(dump)
    faulthandler.register(signal.SIGUSR1, dump)
    limit(resource.RLIMIT_AS, MEMORY)
    limit(resource.RLIMIT_CORE, 0)
    sys.argv = [file]
    program = Program(Path(file))
    answer_all(stage_called(stage, program), commands, answers)


def stage_called(name: str, program: Program) -> Callable[[], AnyStage]:
    """Makes the stage for each room."""
    if name == "sockets":
        from room.socket_stage import SocketStage

        return lambda: SocketStage(program.load)
    from room.stage import Stage

    return lambda: Stage(program.load)


def answer_all(make: Callable[[], AnyStage], commands: int, answers: int) -> NoReturn:
    """A line for every line, until the judge hangs up. Each "open" clears the stage."""
    pid = os.getpid()
    gc.freeze()  # what is here now stays: collecting a room need not look at it
    write(answers, b"ready\n")
    stage = make()
    lines = os.fdopen(commands, "rb")
    for line in lines:
        command, ticket = command_of(line)
        if command["do"] == "open":
            stage.close()
            stage = make()
            gc.collect()  # the room before, all of it
        answer = answer_to(stage, command, ticket)
        if os.getpid() != pid:  # a fork that the learner's code made and that came back from it
            os._exit(0)
        flush()
        write(answers, answer)
    os._exit(0)


def answer_to(stage: AnyStage, command: dict[str, Any], ticket: str) -> bytes:
    try:
        return answer_line(stage.answer(command), ticket)
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


def limit(what: int, most: int) -> None:
    """Lower a limit, unless it is lower already or the system has none."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
