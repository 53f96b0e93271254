"""The machine: which core is whose, how many sockets a process may have, and the facts to tell."""

from __future__ import annotations

import datetime
import os
import platform
import resource
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]

_cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
SERVER_CORE, LOAD_CORE = (_cores[0], _cores[1]) if len(_cores) > 1 else (None, None)
"""The server runs on the one and the load generator on the other, where the system can do that."""

SPARE_SOCKETS = 300


def pinned_to(core: int | None) -> Callable[[], None]:
    """What a new process calls to stay on this core."""
    return lambda: os.sched_setaffinity(0, {core}) if core is not None else None


def allow_many_sockets() -> int:
    """Raise our limit, which servers inherit, as far as it goes. How many idle clients fit in."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = 10240 if hard == resource.RLIM_INFINITY else hard  # the most that macOS takes
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    return limit - limit // 8 - SPARE_SOCKETS  # bfnet keeps an eighth for other things


def facts() -> dict[str, str]:
    """What belongs to every figure, as text."""
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "pinned": "server on one core, load generator on another"
        if SERVER_CORE is not None
        else "nothing is pinned to a core",
        "load before": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "Python": platform.python_version(),
        "OpenSSL": ssl.OPENSSL_VERSION.removeprefix("OpenSSL "),
        "C compiler": first_line("cc", "--version"),
    }


def first_line(*command: str | Path) -> str:
    """The first line that a command prints, or "not installed"."""
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return "not installed"
    return (done.stdout.splitlines() or ["not installed"])[0].strip()


def _commit() -> str:
    commit = first_line("git", "-C", ROOT, "rev-parse", "--short", "HEAD")
    changed = first_line("git", "-C", ROOT, "status", "--porcelain", "src", "solutions")
    return commit if changed == "not installed" else f"{commit} with changes that are not committed"


def _processor() -> str:
    if platform.system() == "Darwin":
        return first_line("sysctl", "-n", "machdep.cpu.brand_string")
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()
