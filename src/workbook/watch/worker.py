"""Checks a file in a process that is already running, so a verdict takes only as long as the tests.

The process lives as long as `watch`. SIGINT stops a check that is no longer wanted, and lets it end
the learner's program first. A process that does not stop, or that died, is replaced. It has a
session of its own, so Ctrl-C and Ctrl-Z in the terminal do not reach it.

Orders and answers are objects on a `multiprocessing` connection, which unpickles what arrives. The
other end is our own program. The learner's code never has a descriptor of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from course import Chapter
from workbook.checking.grade import Graded

PATIENCE = 3.0  # seconds for a check to stop


class Grader:
    """Use as `async with Grader() as grader`. One check at a time: cancel it before the next."""

    def __init__(self) -> None:
        self._worker: _Worker | None = None

    async def __aenter__(self) -> Grader:
        await self._start()
        return self

    async def __aexit__(self, *of_error: object) -> None:
        await self._end()

    async def grade(self, chapter: Chapter, file: Path) -> Graded:
        """Return what the whole check finds. When cancelled, return once the check has stopped."""
        for _ in range(2):
            worker = self._worker or await self._start()
            try:
                worker.connection.send((chapter, file))
                answer = await _receive(worker.connection)
            except asyncio.CancelledError:
                await self._stop(worker)
                raise
            except (EOFError, OSError):  # the process died
                answer = None
            if answer is not None:
                return answer
            await self._end()
        trouble = "The check ended without a result. To try again: c"
        return Graded(chapter, file, (), trouble)

    async def _start(self) -> _Worker:
        connection, theirs = Pipe()
        with theirs:
            descriptor = theirs.fileno()
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "workbook.watch.worker_main", str(descriptor)),
                pass_fds=[descriptor],
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=DEVNULL,
                start_new_session=True,
            )
        self._worker = _Worker(process, connection)
        return self._worker

    async def _stop(self, worker: _Worker) -> None:
        """Stop the check that is running."""
        with contextlib.suppress(ProcessLookupError):
            worker.process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(_receive(worker.connection), PATIENCE)
        except (EOFError, OSError):  # too late (TimeoutError), or it died
            await self._end()

    async def _end(self) -> None:
        """Kill the process, whatever it is doing."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        with contextlib.suppress(ProcessLookupError):
            worker.process.kill()
        await worker.process.wait()
        worker.connection.close()


class _Worker(NamedTuple):
    """A running worker_main.py, and our end of the connection to it."""

    process: Process
    connection: Connection


async def _receive(connection: Connection) -> Graded | None:
    """Wait for the next answer: None when the check was interrupted.

    Only the start of an answer is waited for without blocking. The rest follows at once, because
    nothing that a learner writes runs in the process that sends it.
    """
    has_arrived, descriptor = asyncio.Event(), connection.fileno()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, has_arrived.set)
    try:
        await has_arrived.wait()
    finally:
        loop.remove_reader(descriptor)
    answer: Graded | None = connection.recv()
    return answer
