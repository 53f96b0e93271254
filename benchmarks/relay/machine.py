"""The machine: which core is whose, and the facts that belong to every figure."""

from __future__ import annotations

import os
from collections.abc import Callable

_cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
SERVER_CORE, LOAD_CORE = (_cores[0], _cores[1]) if len(_cores) > 1 else (None, None)
"""The server runs on the one and the load generator on the other, where the system can do that."""


def pinned_to(core: int | None) -> Callable[[], None]:
    """What a new process calls to stay on this core."""
    return lambda: os.sched_setaffinity(0, {core}) if core is not None else None
