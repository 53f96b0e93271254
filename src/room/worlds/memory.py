"""Closes the judge's memory and open files to the programs that it judges."""

from __future__ import annotations

import contextlib
import signal
import sys

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4  # prctl(2)


def end_with_parent() -> None:
    """Have this process killed when the one that started it ends, if the system can do that."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def close_memory() -> None:
    """Keep other processes of this user out of this one, if the system can.

    A program runs as the same user as its judge. On Linux it could otherwise read the judge's
    environment in /proc, write its verdict to the judge's standard output, or change the judge's
    code in memory. Processes that are started from here are not affected, and root is never kept
    out. macOS keeps processes out of each other by itself.
    """
    _prctl(_PR_SET_DUMPABLE, 0)


def _prctl(operation: int, value: int) -> None:
    if sys.platform != "linux":
        return
    with contextlib.suppress(ImportError, OSError, AttributeError):  # another C library
        import ctypes  # slow to import, and only needed to start a program

        ctypes.CDLL(None).prctl(operation, value, 0, 0, 0)
