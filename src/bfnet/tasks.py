"""Ending a task: cancel it, wait for it, and report where it waits if it does not end."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Collection
from typing import Any

_NOT_YOURS = tuple(os.path.join(os.path.dirname(m), "") for m in (__file__, asyncio.__file__))


async def cancelled(task: asyncio.Task[Any] | None, within: float, logger: logging.Logger) -> None:
    """Cancel `task`, if there is one, and wait until it has ended. See `ended`."""
    if task is not None:
        task.cancel()
        await ended(task, within, logger)


async def ended(task: asyncio.Task[Any], within: float, logger: logging.Logger) -> None:
    """Wait until a task that was cancelled has ended, but no longer than `within` seconds.

    A task that catches the cancellation and goes on is logged with its name and the line where it
    waits, and cancelled once more. It is not waited for again: it may refuse forever.
    """
    if task.done():
        return
    await asyncio.wait([task], timeout=within)
    if not task.done():
        logger.error(
            "the task %r refuses to be cancelled at %s", task.get_name(), where_it_waits(task)
        )
        task.cancel()


def is_meant_to_end_us(error: BaseException, tasks: Collection[asyncio.Task[None]]) -> bool:
    """Whether `error` is a request to end the running task or the whole program.

    tasks: those that may run the code which has caught `error`. A `GeneratorExit` closes a
    coroutine that no task runs anymore. Inside a running task it is an exception like any other.
    """
    if isinstance(error, asyncio.CancelledError):
        task = asyncio.current_task()
        return task is not None and task.cancelling() > 0
    if isinstance(error, GeneratorExit):
        return _running_task() not in tasks
    return isinstance(error, (KeyboardInterrupt, SystemExit))


def _running_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:  # no event loop runs here
        return None


def where_it_waits(task: asyncio.Task[Any]) -> str:
    """Return the file and line where a task waits, in your code if it passes through any."""
    place = "an unknown line"
    awaited: Any = task.get_coro()
    while (frame := _frame_of(awaited)) is not None:
        file = frame.f_code.co_filename
        if not file.startswith(_NOT_YOURS):
            place = f"{file}:{frame.f_lineno}"
        awaited = getattr(awaited, "cr_await", None)
    return place


def _frame_of(awaited: Any) -> Any:
    return getattr(awaited, "cr_frame", None)
