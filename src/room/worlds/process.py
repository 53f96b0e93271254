"""Starts the child process in which a learner's program runs, asks it, times it and ends it.

The program can do whatever it likes in there, so nothing here relies on its cooperation. Each
answer has a deadline (deadline.py) and a limit to its length. We do not wait for end of file on a
pipe, because the program's own children may hold it open. The exit status is only used to word a
message. To end the process, we send SIGKILL to it and all its children (processes.py), and wait for
their death, but not for long. The program gets a fresh working folder, which it may fill or delete
(folder.py).
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import secrets
import select
import signal
import subprocess
import tempfile
import weakref
from itertools import count
from pathlib import Path
from time import monotonic
from typing import IO, NoReturn

from room.contract import MOST_EVENTS, Command, Reply, WorldFailure
from room.limit import Limit
from room.wire import PIPES_CLOSED, Malformed, command_line, reply_of
from room.worlds.deadline import LOOK, MOST_MEMORY, MOST_PROCESSES, MOST_STORED, Deadline
from room.worlds.environment import environment
from room.worlds.folder import new_folder, remove_abandoned, remove_folder
from room.worlds.launch import Child, Directly, Launcher
from room.worlds.memory import close_memory
from room.worlds.processes import MARK, end_all

DEADLINE = 1.5  # seconds of CPU or sleep for an answer
SHORT = 0.5  # the same, once the program has hung
START = 10.0  # the same, for the interpreter to start, before it opens the learner's file
LONGEST_ANSWER = 16 * 2**20  # bytes
MOST_PRINTED = 2**20  # bytes between two answers
MOST_BYTES = 32 * 2**20  # answered and printed in one room
CENSUS = 0.3  # seconds between two looks at all processes of a program that is held
DUMP = 0.5  # seconds for a hung process to report where it is
DEATH = 5.0  # seconds for a killed process to end: one that is traced never does
OLD = 3600.0  # seconds since somebody used a folder
MOST_IDLE = 16  # threads left over from rooms; they are harmless until there are many

_JUDGE = os.environ.get(MARK, "") + secrets.token_hex(8)  # whoever started us can end it all
_COUNT = count()


class StudentProcess:
    """A process that serves the program at `file`, on the stage called `stage`.

    `deadline` is in seconds of CPU or sleep, for each answer. `hurried` replaces it once a room is
    open. `limit` is for all answers together. `launcher` starts the process. Raises `WorldFailure`
    if the system cannot start another process.
    """

    def __init__(
        self,
        file: Path,
        stage: str,
        deadline: float = DEADLINE,
        limit: Limit | None = None,
        hurried: float | None = None,
        launcher: Launcher | None = None,
    ) -> None:
        self.pid = 0  # also the id of its group
        self.has_hung = False
        self.idle = 0  # threads left over from its rooms
        self._file = file = file.absolute()
        self._limit = limit or Limit()
        self._deadline = deadline
        self._hurried = deadline if hurried is None else hurried
        self._launcher = launcher or Directly()
        self._heard = bytearray()
        self._heard_a_line = False
        self._printed = bytearray()
        self._bytes = self._events = 0  # in this room
        self._started = False
        self._next_census = 0.0
        close_memory()
        try:
            self._start(stage)
        except OSError as error:  # no more processes, no more files, no more space
            message = f"a process for the program cannot be started: {error.strerror}"
            raise WorldFailure("no process", message) from error

    def _start(self, stage: str) -> None:
        with contextlib.ExitStack() as undo:
            _tidy(tempfile.gettempdir())
            folder = new_folder("room")
            undo.callback(remove_folder, folder)
            self._dump = undo.enter_context(tempfile.TemporaryFile())
            ours, theirs = _pipes(undo)
            mark = f"{mark_of(os.getpid())}{next(_COUNT)}."
            self._process = self._started_in(folder, stage, theirs, mark)
            undo.pop_all()
        for end in theirs:
            os.close(end)
        self.pid = self._program = self._process.pid
        self._commands, self._answers, self._output = ours
        self._poll = select.poll()  # the answer first: earlier output has arrived by then
        self._poll.register(self._answers, select.POLLIN)
        self._poll.register(self._output, select.POLLIN)
        kept = (self._process, ours, self._dump, folder, mark, os.getpid())
        self.end = weakref.finalize(self, _end, *kept)

    def _started_in(
        self, folder: str, stage: str, theirs: tuple[int, int, int], mark: str
    ) -> subprocess.Popen[bytes]:
        """Start it, with its ends of the pipes and the dump."""
        commands, answers, output = theirs
        passed = (commands, answers, self._dump.fileno())
        needed = Child(stage, self._file, Path(folder), passed, output, environment(mark))
        return self._launcher.start(needed)

    def ask(self, command: Command) -> Reply:
        """Return the answer to a command. After a `WorldFailure` the process has ended."""
        if not self.end.alive:
            raise WorldFailure("exit", "the program's process is gone")
        if not self._started:
            self._exchange(b"", START)
            self._printed.clear()  # a message of this system's Python, and not the learner's
            self._started = True
            self._program = self._launcher.program(self._process)
        ticket = secrets.token_hex(8)
        is_new = command["do"] == "open"
        if is_new:
            self._bytes = self._events = 0
        line = self._exchange(
            command_line(command, ticket), self._deadline if is_new else self._hurried
        )
        try:
            return self._counted(reply_of(line, ticket))
        except Malformed as error:
            self._forged(str(error))
        except WorldFailure as failure:
            failure.printed = self.printed()
            self.end()
            raise

    def _counted(self, reply: Reply) -> Reply:
        """Return the same reply, unless the room has received too much."""
        self._events += len(reply.events)
        for note in reply.notes:
            self.idle += note.kind == "idle thread"
        if self._events > MOST_EVENTS:
            raise WorldFailure("flood", f"the program made more than {MOST_EVENTS:,} events")
        if self._bytes > MOST_BYTES:
            raise WorldFailure("flood", f"the program sent more than {MOST_BYTES:,} bytes in all")
        return reply

    def printed(self) -> str:
        """Return what the program printed since the last call, up to the last answer."""
        text = self._printed.decode("utf-8", "backslashreplace")
        self._printed.clear()
        return text

    def _exchange(self, line: bytes, seconds: float) -> bytes:
        """Write a line and return the line that answers it."""
        family = functools.partial(self._launcher.family, self._process)
        stored = functools.partial(self._launcher.stored, self._process)
        deadline = Deadline(self._program, seconds, self._limit.end, family, stored)
        if unsent := self._write(memoryview(line)):
            self._poll.register(self._commands, select.POLLOUT)
        while not self._heard_a_line:
            ready = dict(self._poll.poll(LOOK * 1000))
            if self._commands in ready:
                unsent = self._write(unsent)
                if not unsent:
                    self._poll.unregister(self._commands)
            if self._output in ready and not self._hear_output():
                self._poll.unregister(self._output)
            if self._answers in ready and not self._hear_answer():
                self._poll.unregister(self._answers)
            if not ready and self._process.poll() is not None:
                self._ended()
            if deadline.is_over():
                self._lost(deadline, seconds)
        if self._launcher.finds_all() and monotonic() > self._next_census:
            self._next_census = monotonic() + CENSUS
            deadline.look_at_others()
            if deadline.has_too_many():
                self._lost(deadline, seconds)
        answer, _, self._heard = self._heard.partition(b"\n")
        self._heard_a_line = False
        return bytes(answer)

    def _write(self, data: memoryview) -> memoryview:
        """Write as much as the pipe accepts, and return the rest."""
        try:
            return data[os.write(self._commands, data) :]
        except BlockingIOError:
            return data
        except BrokenPipeError:
            return data[:0]  # it has ended: `_ended` finds out how, when no answer arrives

    def _hear_answer(self) -> bool:
        """Read what has arrived. Returns False at end of file."""
        while True:
            try:
                data = os.read(self._answers, 2**18)
            except BlockingIOError:
                return True
            self._heard += data
            self._bytes += len(data)
            self._heard_a_line = self._heard_a_line or b"\n" in data
            if len(self._heard) > LONGEST_ANSWER:
                self._fail("flood", f"the program sent more than {LONGEST_ANSWER:,} bytes at once")
            if len(data) < 2**16:
                return bool(data)

    def _hear_output(self) -> bool:
        """Read what was printed. Returns False at end of file."""
        while True:
            try:
                data = os.read(self._output, 2**16)
            except BlockingIOError:
                return True
            self._printed += data
            self._bytes += len(data)
            if len(self._printed) > MOST_PRINTED:
                self._fail("flood", f"the program printed more than {MOST_PRINTED:,} bytes at once")
            if not data:
                return False

    def _lost(self, deadline: Deadline, seconds: float) -> NoReturn:
        if self._limit.is_over():
            self._give_up(self._limit.failure(*self._asked_place()))
        if not self._started:
            self._fail("no process", f"the child process did not start within {seconds:g} seconds")
        file, line = self._asked_place()
        if deadline.processes > MOST_PROCESSES:
            message = f"the program started more than {MOST_PROCESSES} processes"
            self._fail("processes", message, file, line)
        if deadline.memory > MOST_MEMORY:
            message = f"the program's processes use more than {MOST_MEMORY:,} bytes of memory"
            self._fail("memory", message, file, line)
        if deadline.stored > MOST_STORED:
            message = f"the program's files have more than {MOST_STORED:,} bytes"
            self._fail("flood", message, file, line)
        self.has_hung = True
        message = f"no answer within {seconds:g} seconds: something in the program never ends"
        self._fail("hang", message, file, line)

    def _ended(self) -> NoReturn:
        """Report that the process ended without an answer."""
        if not self._started:
            self._fail("no process", f"the child process did not start: {self.printed().strip()}")
        status = self._launcher.status(self._process.returncode)
        file, line = self._place()
        if status == PIPES_CLOSED:
            self._fail("bad reply", "the program closed the judge's own pipe", file, line)
        if status >= 0:
            message = f"the program ended its own process (with exit status {status})"
            self._fail("exit", message, file, line)
        name = signal.Signals(-status).name
        self._fail("crash", f"the program's process was ended by {name}", file, line)

    def _forged(self, what: str) -> NoReturn:
        self._fail("bad reply", f"the program wrote to the judge's own pipe: {what}")

    def _fail(self, kind: str, message: str, file: str = "", line: int = 0) -> NoReturn:
        self._give_up(WorldFailure(kind, message, file, line))

    def _give_up(self, failure: WorldFailure) -> NoReturn:
        failure.printed = self._printed.decode("utf-8", "backslashreplace")
        self.end()
        raise failure

    def _asked_place(self) -> tuple[str, int]:
        """Ask the process where it is, until that is in the learner's file, and return the place.

        One question is not enough: an endless loop is sometimes in a library. A program can refuse
        to answer.
        """
        until = monotonic() + DUMP
        while monotonic() < until:
            if self._process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._program, signal.SIGUSR1)  # faulthandler dumps its stack
            if self._process.poll() is not None:  # the signal ended it
                break
            select.select((), (), (), 0.01)
            if self._place() != ("", 0):
                break
        return self._place()

    def _place(self) -> tuple[str, int]:
        """Return the deepest line of the learner's file on the main thread's dumped stack.

        The main thread is dumped last, so the threads are read from the end.
        """
        name = str(self._file).encode("ascii", "backslashreplace").decode()
        for thread in reversed(self._dump_text().split("\n\n")):
            if found := re.search(rf'File "{re.escape(name)}", line (\d+)', thread):
                return str(self._file), int(found[1])
        return "", 0

    def _dump_text(self) -> str:
        end = os.fstat(self._dump.fileno()).st_size
        most = 2**17
        return os.pread(self._dump.fileno(), most, max(0, end - most)).decode("ascii", "replace")


class OneProcess:
    """Keeps one process for room after room, and replaces it when necessary.

    After a failure, the next room gets a new process. After a hang, the new one also gets less time
    for each answer. A process with many threads left over from its rooms is replaced too, because
    each thread takes memory.
    """

    def __init__(
        self,
        file: Path,
        stage: str,
        deadline: float,
        limit: Limit | None,
        launcher: Launcher | None = None,
    ) -> None:
        self._needed = file, stage, deadline, limit
        self._launcher = launcher
        self.process: StudentProcess | None = None
        self._has_hung = False

    def running(self) -> StudentProcess:
        """Return a process that runs. Raises `WorldFailure` if none can be started."""
        if self.process and self.process.idle > MOST_IDLE:
            self.process.end()
        if self.process is None:
            self.process = StudentProcess(*self._needed, launcher=self._launcher)
        elif not self.process.end.alive:
            self._has_hung = self._has_hung or self.process.has_hung
            hurried = min(SHORT, self._needed[2]) if self._has_hung else None
            self.process = StudentProcess(*self._needed, hurried, self._launcher)
        return self.process

    def end(self) -> None:
        """End the process, if there is one."""
        if self.process is not None:
            self.process.end()


@functools.cache
def _tidy(folder: str) -> None:
    """Remove what was left there by judges that were killed."""
    remove_abandoned(Path(folder), "room", "scout", older=OLD)


def mark_of(judge: int) -> str:
    """Return the prefix of the mark (processes.py) on every process this judge has started."""
    return f"{_JUDGE}.{judge}."


def _pipes(undo: contextlib.ExitStack) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Return our ends and theirs, for commands, answers and output. Ours never block."""
    pipes = []
    for _ in range(3):
        pipes.append(os.pipe())
        for end in pipes[-1]:
            undo.callback(os.close, end)
    (theirs, commands), (answers, written), (output, printed) = pipes
    for end in (commands, answers, output):
        os.set_blocking(end, False)
    return (commands, answers, output), (theirs, written, printed)


def _end(
    process: subprocess.Popen[bytes],
    ends: tuple[int, ...],
    dump: IO[bytes],
    folder: str,
    mark: str,
    owner: int,
) -> None:
    """Kill the process and everything it started, and release the pipes and files."""
    if os.getpid() != owner:  # this is a fork of the judge, which does not own the process
        return
    end_all(process.pid, mark)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(DEATH)
    for end in ends:
        os.close(end)
    dump.close()
    remove_folder(folder)
