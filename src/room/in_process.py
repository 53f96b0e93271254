"""The simulated network in this process: for notebooks, the browser, and programs one trusts.

Normally a call of the room drives the simulated loop right here. Inside of a running loop (a
notebook's cell) Python 3.14 refuses to run tasks of another, so there the call is made in a thread
of its own, with a deadline. In the browser, where there are no threads, the running loop and its
task are set aside for the call.
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

from room.child.places import where_running
from room.child.program import Program
from room.child.simulated import SimulatedStage
from room.contract import Command, Reply, Serve, WorldFailure

DEADLINE = 4.0  # seconds for a call in a thread
SWEEP = 64  # rooms after which what they left in memory is collected
PATIENCE = 0.5  # seconds for an interrupted one to end

T = TypeVar("T")


class InProcess:
    """Worlds of a `serve` function, or of the file at a path. Has the methods of `Worlds`."""

    def __init__(self, program: Serve | Path) -> None:
        self._opened = 0
        if isinstance(program, Path):
            self._load: Callable[[], Serve] = Program(program).load
        else:
            self._load = lambda: program

    def open(self) -> InProcessWorld:
        self._opened += 1
        if self._opened % SWEEP == 0:
            gc.collect()
        return InProcessWorld(self._load)

    def close(self) -> None:
        """Nothing outlives its room."""


class InProcessWorld:
    """One room's stage, driven in this process. Has the methods of `World`."""

    def __init__(self, load: Callable[[], Serve]) -> None:
        self._stage = SimulatedStage(load)

    def perform(self, command: Command) -> Reply:
        return _drive(lambda: self._stage.perform(command))

    def close(self) -> None:
        _drive(self._stage.close)


def _drive(call: Callable[[], T]) -> T:
    running = asyncio._get_running_loop()
    if running is None:
        return call()
    if sys.platform != "emscripten":
        return _InThread(call).result()
    task = asyncio.current_task()
    if task is not None:
        asyncio.tasks._leave_task(running, task)
    asyncio._set_running_loop(None)
    try:
        return call()
    finally:
        asyncio._set_running_loop(running)
        if task is not None:
            asyncio.tasks._enter_task(running, task)


class _InThread(Generic[T]):
    """A call made in a thread, while this one waits. What it prints is printed by this thread."""

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
        except BaseException as error:  # belongs to the thread that waits
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
            thread.join(PATIENCE)
            message = f"no answer within {DEADLINE:g} seconds: something in the program never ends"
            raise WorldFailure("hang", message, file, line)


def _interrupt(thread: threading.Thread) -> None:
    """End what a thread does in Python. A call into C ends first, if ever."""
    import ctypes  # which the browser does not have

    interrupt = ctypes.py_object(KeyboardInterrupt)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), interrupt)
