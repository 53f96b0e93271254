"""What a program finds in a browser where there is no operating system.

A call that would end Python ends the program alone. A sleep returns at once: a room notes it, and
nobody waits for it. What starts a server for real says why it cannot, as on the command line.
"""

from __future__ import annotations

import os
import sys
import time
from bdb import BdbQuit
from types import ModuleType
from typing import NoReturn

SERVES = "run(serve) serves while the file is imported"  # in src/workbook/serving.py too


def settle_in() -> None:
    """Replace what a browser cannot do. Called once, before any program runs."""
    for name in ("_exit", "abort", "kill"):
        setattr(os, name, _end)
    sys.breakpointhook = _break
    time.sleep = _sleep  # type: ignore[assignment]
    serving = ModuleType("workbook.serving")
    serving.run = _serve  # type: ignore[attr-defined]
    sys.modules.update({"workbook": ModuleType("workbook"), serving.__name__: serving})


def _end(*_: object) -> NoReturn:
    raise SystemExit


def _break(*_: object, **__: object) -> NoReturn:
    raise BdbQuit  # as a debugger does whose input has ended


def _sleep(seconds: float, /) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")


def _serve(serve: object) -> NoReturn:
    raise RuntimeError(SERVES)
