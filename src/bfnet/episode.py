"""A condition that goes on for a while, such as a server that is full, and what the log says."""

from __future__ import annotations

import asyncio
import logging

from bfnet.watchdog import Watchdog

QUIET = 1.0
"""Seconds without another incident, after which an episode is over. It is noticed in twice that."""


class Episode:
    """Logs one line when it begins and one when it is over, however many incidents it has.

    A line for each client that is turned away would let a stranger fill the disk.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, logger: logging.Logger, begins: str, is_over: str
    ) -> None:
        """`begins` is formatted with what `incident` is given, `is_over` with their number."""
        self._loop = loop
        self._logger = logger
        self._begins = begins
        self._is_over = is_over
        self._incidents = 0
        self._watchdog: Watchdog | None = None

    def incident(self, *details: object) -> None:
        """Count what has happened, once or once more. The first is logged."""
        self._incidents += 1
        if self._watchdog is None:
            self._logger.warning(self._begins, *details)
            self._watchdog = Watchdog(self._loop, QUIET, lambda: self._incidents, self.end)

    def end(self) -> None:
        """Log that it is over. Do nothing if it has not begun."""
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
            self._logger.warning(self._is_over, self._incidents)
            self._incidents = 0
