"""Remembers in work/notebooks.json which tasks have passed in a notebook, and when.

`grade` in a notebook writes it, and the `workbook` command reads it beside its own marks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

VERSION = 1
LOCK_TIMEOUT = 2.0  # seconds


def passed_in_notebooks(root: Path) -> dict[str, str]:
    """Return the time of the first pass, by task ("3.1"); {} if the file cannot be read."""
    try:
        found = json.loads(_file(root).read_text(encoding="utf-8"))
        return {str(task): str(when) for task, when in found["passed"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def remember_passes(root: Path, tasks: Iterable[str]) -> None:
    """Save that these tasks have passed. Raises OSError if the file cannot be written."""
    now = datetime.now().isoformat(timespec="seconds")
    new = dict.fromkeys(tasks, now)
    if new.keys() - passed_in_notebooks(root).keys():
        _change(root, lambda passed: new | passed)


def forget_passes(root: Path, tasks: Iterable[str]) -> None:
    """Forget that these tasks have passed. Raises OSError if the file cannot be written."""
    gone = {*tasks}
    if gone & passed_in_notebooks(root).keys():
        _change(root, lambda passed: {t: when for t, when in passed.items() if t not in gone})


def _change(root: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    from course.files import locked, write_atomically  # a browser has no locks

    file = _file(root)
    file.parent.mkdir(exist_ok=True)
    with locked(file, LOCK_TIMEOUT):
        marks = {"version": VERSION, "passed": change(passed_in_notebooks(root))}
        write_atomically(file, (json.dumps(marks, indent=2) + "\n").encode())


def _file(root: Path) -> Path:
    return root / "work" / "notebooks.json"
