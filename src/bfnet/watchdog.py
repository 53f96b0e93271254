"""A timer that goes off when nothing has moved for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Watchdog:
    """Calls a function once `progress()` has stayed the same for a number of seconds.

    It looks at the progress once in that time and keeps no record of single steps, so watching a
    busy connection costs no more than watching an idle one. It goes off once, between one and two
    times `seconds` after the last change.
    """

    __slots__ = ("_loop", "_progress", "_seconds", "_then", "_timer")

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        seconds: float,
        progress: Callable[[], object],
        then: Callable[[], object],
    ) -> None:
        self._loop = loop
        self._seconds = seconds
        self._progress = progress
        self._then = then
        self._wait()

    def cancel(self) -> None:
        """Never call the function."""
        self._timer.cancel()

    def _wait(self) -> None:
        self._timer = self._loop.call_later(self._seconds, self._look, self._progress())

    def _look(self, before: object) -> None:
        if self._progress() == before:
            self._then()
        else:
            self._wait()
