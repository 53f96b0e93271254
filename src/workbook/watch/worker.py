"""Checks a file in a process that stands ready, so that a verdict takes as long as the tests do.

The process lives as long as `watch`. A check that is no longer wanted is stopped by SIGINT, which
lets it end the learner's program first; a process that does not stop, or that has died, is
replaced. It is no part of the terminal's session, so Ctrl-C and Ctrl-Z there do not reach it.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

from course import Chapter
from workbook.checking.grade import Graded
from workbook.watch.worker_main import LENGTH

PATIENCE = 3.0  # seconds for a check to stop


class Grader:
    """Use as `async with Grader() as grader`. One check at a time: cancel it before the next."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def __aenter__(self) -> Grader:
        await self._start()
        return self

    async def __aexit__(self, *of_error: object) -> None:
        await self._end()

    async def grade(self, chapter: Chapter, file: Path) -> Graded:
        """What the whole check finds. When cancelled, returns after the check has stopped."""
        order = pickle.dumps((chapter, file))
        for _ in range(2):
            process = self._process or await self._start()
            try:
                answer = await self._answer(process, order)
            except asyncio.CancelledError:
                await self._stop(process)
                raise
            if answer is not None:
                return answer
            await self._end()
        trouble = "The check ended before it had found anything. Once more with: r"
        return Graded(chapter, file, (), trouble)

    async def _start(self) -> Process:
        program = [sys.executable, "-P", "-m", "workbook.watch.worker_main"]
        self._process = await asyncio.create_subprocess_exec(
            *program, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
        )
        return self._process

    async def _answer(self, process: Process, order: bytes) -> Graded | None:
        """None when the process has died, or was interrupted by somebody else."""
        assert process.stdin
        try:
            process.stdin.write(order)
            await process.stdin.drain()
            return await _read(process)
        except (ConnectionError, asyncio.IncompleteReadError):
            return None

    async def _stop(self, process: Process) -> None:
        """Stop the check that is under way."""
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(_read(process), PATIENCE)
        except (TimeoutError, asyncio.IncompleteReadError):
            await self._end()

    async def _end(self) -> None:
        """Let the process go: at once, whatever it does."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _read(process: Process) -> Graded | None:
    assert process.stdout
    (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
    answer: Graded | None = pickle.loads(await process.stdout.readexactly(length))
    return answer
