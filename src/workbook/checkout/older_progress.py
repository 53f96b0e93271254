"""Brings the marks of an older workbook along, so that nothing a learner has earned is lost.

- Version 1 had no version in it. Its task 0.2 was the two poets.
- In version 2 the two poets are task 9.1, and each chapter's marks have the version of its tasks.
"""

from __future__ import annotations

from typing import Any

VERSION = 2
"""Of work/progress.json. Raise it when its marks mean something else."""

_MOVED = ("ch00_warm_up", "0.2", "ch09_two_poets", "9.1")


def upgrade(marks: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the marks in the current version, and a sentence on what was moved, or ""."""
    if marks["version"] >= VERSION:
        return marks, ""
    chapter, task, new_chapter, new_task = _MOVED
    old = marks["chapters"].get(chapter, {"tasks": {}, "failures": {}})
    old["failures"].pop(task, None)
    verdict = old["tasks"].pop(task, None)
    marks["fitting_hints"].pop(task, None)
    marks["hints"].pop(task, None)  # its hints were others
    marks["version"] = VERSION
    if verdict != "passed" or new_chapter in marks["chapters"]:
        return marks, ""
    marks["chapters"][new_chapter] = {
        "checked": old["checked"],
        "first_passed": old.get("first_passed", old["checked"]),
        "version": 1,
        "tasks": {new_task: verdict},
        "failures": {},
    }
    return marks, (
        f"The two poets, which were task {task}, are now task {new_task}, which you have passed. "
        f"Task {task} is new."
    )
