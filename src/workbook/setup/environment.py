"""Whether this Python can run the workbook: its version, its environment, the packages in it.

This file runs when a package is missing, so it needs only the standard library. It also runs when
Python is too old, so it uses nothing newer than Python 3.8.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).resolve().parents[3]  # the checkout that this code belongs to
OLDEST = (3, 11)
DISTRIBUTION = "bfnet-workbook"

GOOD, NOTE, BAD = "good", "note", "bad"

_MAKE_AGAIN = "make clean, then make run. This makes the environment again and leaves work/ alone"


class Finding(NamedTuple):
    """The state of one thing. NOTE is worth knowing, BAD has to be fixed."""

    state: str  # GOOD, NOTE or BAD
    what: str  # the thing, such as "Disk"
    detail: str
    remedy: str = ""  # what to do, unless it is GOOD


def python() -> Finding:
    """Check the version of Python."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        remedy = (
            f"Install Python {oldest} or newer, then: make clean, make run PYTHON=python{oldest}"
        )
        return Finding(BAD, "Python", f"{version} is older than {oldest}", remedy)
    return Finding(GOOD, "Python", f"{version} in {sys.prefix}")


def environment(project: Path) -> Finding:
    """Check that the command and its environment belong to the checkout at `project`."""
    if not (project / "src" / "workbook").samefile(HOME / "src" / "workbook"):
        detail = f"this workbook command belongs to {HOME}, but you are in {project}"
        return Finding(
            BAD, "Environment", detail, "Type make run here, then use .venv/bin/workbook"
        )
    if sys.prefix == sys.base_prefix:
        detail = "none: the packages are the whole system's"
        return Finding(
            NOTE, "Environment", detail, "Type make run to make one, then use .venv/bin/workbook"
        )
    if not Path(sys.prefix).samefile(project / ".venv"):
        detail = f"{sys.prefix}, not the one that make run makes"
        return Finding(
            NOTE, "Environment", detail, "If something does not work, use .venv/bin/workbook"
        )
    return Finding(GOOD, "Environment", "the one that belongs to this checkout")


def packages(project: Path = HOME) -> Finding:
    """Check that all required packages are installed, in versions that work and were tried."""
    try:
        needed = _needed()
    except metadata.PackageNotFoundError:
        detail = f"unknown, because {DISTRIBUTION} itself is not installed"
        return Finding(BAD, "Packages", detail, _MAKE_AGAIN)
    if missing := [name for name in needed if not _installed(name)]:
        detail = f"not installed: {', '.join(missing)}"
        return Finding(BAD, "Packages", detail, _MAKE_AGAIN)
    if wrong := _of_a_wrong_version(needed):
        return Finding(
            BAD, "Packages", f"in versions that do not work: {', '.join(wrong)}", _MAKE_AGAIN
        )
    if others := _not_as_pinned(project, needed):
        detail = f"not in the versions that requirements.txt names: {', '.join(others)}"
        return Finding(NOTE, "Packages", detail, f"If something does not work: {_MAKE_AGAIN}")
    return Finding(GOOD, "Packages", f"the {len(needed)} needed, as in requirements.txt")


def _needed() -> dict[str, str]:
    """Return what running and checking need: {"click": "click>=8.2"}.

    Raises PackageNotFoundError when the workbook itself is not installed.
    """
    needed = {}
    for line in metadata.requires(DISTRIBUTION) or []:
        requirement, _, marker = line.partition(";")
        if _applies(marker):
            needed[re.split(r"[^\w.-]", requirement)[0]] = requirement.strip()
    return needed


def _applies(marker: str) -> bool:
    """Return whether a requirement with this marker counts here. Extras are for maintainers."""
    if not marker:
        return True
    if re.search(r"\bextra\b", marker):
        return False
    try:
        from packaging.markers import Marker
    except ImportError:  # it is one of the required packages, and may be the missing one
        return True
    return Marker(marker).evaluate()


def _installed(name: str) -> str:
    """Return the installed version, or "" when there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _of_a_wrong_version(needed: dict[str, str]) -> list[str]:
    from packaging.requirements import Requirement

    return [
        f"{name} {_installed(name)} ({requirement})"
        for name, requirement in needed.items()
        if not Requirement(requirement).specifier.contains(_installed(name), prereleases=True)
    ]


def _not_as_pinned(project: Path, needed: dict[str, str]) -> list[str]:
    """Compare what running and checking need. The other pins are for maintainers."""
    from packaging.requirements import Requirement

    text = (project / "requirements.txt").read_text(encoding="utf-8")
    pins = [Requirement(line) for line in text.splitlines() if re.match(r"\w", line)]
    return [
        f"{pin.name} {_installed(pin.name)} ({pin.specifier})"
        for pin in pins
        if pin.name in needed
        and (pin.marker is None or pin.marker.evaluate())
        and not pin.specifier.contains(_installed(pin.name), prereleases=True)
    ]
