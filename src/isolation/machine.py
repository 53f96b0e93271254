"""Which levels of isolation this machine offers, and how to get a better one.

Each level is tried: an empty program is started in it. Whatever a system allows or forbids, and for
whatever reason, shows in that.
"""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path

from isolation.judging import tried
from isolation.level import Level
from isolation.sandbox import bubblewrap

APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
SHIPPED = Path("/etc/apparmor.d/bwrap-userns-restrict")  # in Ubuntu since 25.04
DISABLED = Path("/etc/apparmor.d/disable")
CLONE = Path("/proc/sys/kernel/unprivileged_userns_clone")  # Debian's own, before Debian 12
MOST = Path("/proc/sys/user/max_user_namespaces")
CONTAINERS = (Path("/.dockerenv"), Path("/run/.containerenv"))

INSTALL = "sudo apt install bubblewrap (Debian, Ubuntu) or sudo dnf install bubblewrap (Fedora)"


def best_level() -> Level:
    """Return the greatest level that works on this machine."""
    return next(level for level in sorted(Level, reverse=True) if not why_not(level))


@functools.cache
def why_not(level: Level) -> str:
    """Return why a level does not work here and how to get it; "" if it works."""
    if level == Level.PROCESS:
        return ""
    if sys.platform != "linux":
        return f"{_named(level)} needs Linux. On this system, grade in the project's container."
    if level == Level.USER and os.geteuid() != 0:
        return f"{_named(level)} is for root in a container, where a sandbox is not possible."
    if level == Level.SANDBOX and bubblewrap() is None:
        return f"{_named(level)} needs bubblewrap, which is not installed: {INSTALL}"
    reason = tried(level)
    if not reason:
        return ""
    remedy = _remedy() if level == Level.SANDBOX else ""
    return f"{_named(level)} does not work here ({reason}).{remedy}"


def _named(level: Level) -> str:
    return f"The level `{level.value}`"


def _remedy() -> str:
    """Return how to allow bubblewrap what it needs, where a known setting forbids it."""
    if any(path.exists() for path in CONTAINERS):
        return (
            " This is a container, and most forbid namespaces. As root in it you get the level"
            " `separate user`; outside it, a sandbox."
        )
    if SHIPPED.exists() and not (DISABLED / SHIPPED.name).exists():
        return (
            " AppArmor's profile for bubblewrap allows one sandbox and none inside it, as in Ubuntu"
            " since 25.04. Allow it until the next start with:"
            f" sudo apparmor_parser --remove {SHIPPED} &&"
            " sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if _number(APPARMOR):
        return (
            " AppArmor forbids it, as in Ubuntu since 23.10. Allow it until the next restart with:"
            " sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
        )
    if _number(CLONE) == 0:
        return " Allow it with: sudo sysctl -w kernel.unprivileged_userns_clone=1"
    if _number(MOST) == 0:
        return " Allow it with: sudo sysctl -w user.max_user_namespaces=10000"
    return ""


def _number(setting: Path) -> int | None:
    try:
        return int(setting.read_text())
    except (OSError, ValueError):
        return None
