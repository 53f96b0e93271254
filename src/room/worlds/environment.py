"""The environment of a child process: what its Python needs to start, and nothing else of ours."""

from __future__ import annotations

import os
from collections.abc import Mapping

from room.worlds.processes import MARK

# Where a system looks for programs and for shared libraries. Environment modules, software
# collections and setup-python install Pythons that cannot start without them.
PASSED_ON = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "DYLD_FRAMEWORK_PATH",
    "DYLD_FALLBACK_FRAMEWORK_PATH",
)


def environment(mark: str, ours: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the child's environment. `mark` is that of its processes (processes.py).

    A fixed hash seed keeps the order of names in sets from run to run. Threads share one arena of
    memory, because otherwise each reserves 64 MiB of the program's limit.
    """
    return {
        "PATH": os.defpath,
        **{name: ours[name] for name in PASSED_ON if name in ours},
        "MALLOC_ARENA_MAX": "1",
        "PYTHONHASHSEED": "0",
        MARK: mark,
    }
