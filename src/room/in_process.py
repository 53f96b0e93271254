"""The simulated network in this process: for notebooks, the browser, and programs that we trust.

Normally a call of the room runs the simulated loop right here. While another loop is running, as in
a notebook's cell, Python 3.14 refuses to run the tasks of ours. Then the call is made in a thread
of its own, with a deadline. The browser has no threads, so there the running loop and its task are
set aside during the call, and runaway.py stops a program that never ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from room.child.places import where_raised, where_running
from room.child.program import Program
from room.child.simulated import SimulatedStage
from room.contract import Command, Reply, Serve, WorldFailure
from room.runaway import Runaway, stopped_after

DEADLINE = 4.0  # seconds for a call in a thread
GRACE = 0.5  # seconds for an interrupted call to end
ROOMS_PER_SWEEP = 64  # rooms after which the memory that they left is collected

T = TypeVar("T")


class InProcess:
    """Opens worlds on a `serve` function, or on the file at a path. Implements `Worlds`."""

    def __init__(self, program: Serve | Path) -> None:
        self._opened = 0
        if isinstance(program, Path):
            self._load: Callable[[], Serve] = Program(program).load
        else:
            self._load = lambda: program

    def open(self) -> InProcessWorld:
        """Open a world for one room."""
        self._opened += 1
        if self._opened % ROOMS_PER_SWEEP == 0:
            gc.collect()
        return InProcessWorld(self._load)

    def close(self) -> None:
        """Do nothing: nothing outlives its room."""


class InProcessWorld:
    """Runs one room's stage in this process. Implements `World`."""

    def __init__(self, load: Callable[[], Serve]) -> None:
        self._stage = SimulatedStage(load)

    def perform(self, command: Command) -> Reply:
        """Perform a command. Raises `WorldFailure` when the program cannot go on."""
        return _call(lambda: self._stage.perform(command))

    def close(self) -> None:
        """Stop the program."""
        _call(self._stage.close)


def _call(call: Callable[[], T]) -> T:
    """Call what runs the simulated loop, even while another loop is running."""
    if sys.platform == "emscripten":
        return call_alone(call)
    if asyncio._get_running_loop() is None:
        return call()
    return _ThreadCall(call).result()


def call_alone(call: Callable[[], T]) -> T:
    """Call it in this thread, with the running loop set aside and a limit on its time.

    Raises `WorldFailure` when the program never pauses.
    """
    running = asyncio._get_running_loop()
    task = asyncio.current_task() if running else None
    if running and task is not None:
        asyncio.tasks._leave_task(running, task)
    asyncio._set_running_loop(None)
    stdin = sys.stdin
    sys.stdin = io.StringIO()  # whoever reads from it gets an end of file, as in a child process
    try:
        with stopped_after():
            return call()
    except Runaway as runaway:
        raise WorldFailure(
            "hang", _no_answer(runaway.seconds), runaway.file, runaway.line
        ) from None
    except KeyboardInterrupt as error:  # nobody can press Ctrl-C here
        message = "the program raised KeyboardInterrupt, which ends it"
        raise WorldFailure("exit", message, *where_raised(error)) from None
    finally:
        sys.stdin = stdin
        asyncio._set_running_loop(running)
        if running and task is not None:
            asyncio.tasks._enter_task(running, task)


def _no_answer(seconds: float) -> str:
    return f"no answer within {seconds:g} seconds: something in the program never ends"


class _ThreadCall(Generic[T]):
    """A call in a thread, while this one waits. This thread prints what the call prints."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._results: list[T] = []
        self._errors: list[BaseException] = []

    def result(self) -> T:
        thread = threading.Thread(target=self._run, name="room", daemon=True)
        out, err = io.StringIO(), io.StringIO()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                self._wait(thread)
        finally:
            print(out.getvalue(), end="")
            print(err.getvalue(), end="", file=sys.stderr)
        for error in self._errors:
            raise error
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._call())
        except BaseException as error:  # raised again in the thread that waits
            self._errors.append(error)

    def _wait(self, thread: threading.Thread) -> None:
        thread.start()
        try:
            thread.join(DEADLINE)
        except KeyboardInterrupt:
            _interrupt(thread)
            raise
        if thread.is_alive():
            file, line = where_running(sys._current_frames().get(thread.ident or 0))
            _interrupt(thread)
            thread.join(GRACE)
            raise WorldFailure("hang", _no_answer(DEADLINE), file, line)


def _interrupt(thread: threading.Thread) -> None:
    """Raise KeyboardInterrupt in a thread. It arrives only after a call into C has returned."""
    import ctypes  # the browser does not have it

    interrupt = ctypes.py_object(KeyboardInterrupt)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), interrupt)
