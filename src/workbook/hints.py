"""`workbook hint`: the hints of a task, one at a time."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click

from workbook.project import all_chapters, how_to_type_workbook, shown


def hint_for(project: Path, task: str, number: int) -> str:
    """Return the hint, and how to see the next.

    `task` is an id such as "1.1". Raises click.ClickException for a task or hint that is not there.
    """
    hints = _all_hints(project)
    if task not in hints:
        known = ", ".join(hints) or "none yet"
        raise click.ClickException(f"There is no task {task!r}. Choose from: {known}.")
    count = len(hints[task])
    if number > count:
        raise click.ClickException(f"Task {task} has {count} hints; {number} is not one of them.")
    text = f"Hint {number} of {count} for task {task}: {hints[task][number - 1].strip()}"
    if number == count:
        return text
    return f"{text}\nMore: {how_to_type_workbook()} hint {task} {number + 1}"


def _all_hints(project: Path) -> dict[str, list[str]]:
    """Return the hints of each task of the book, in its order."""
    hints = {}
    for chapter in all_chapters(project):
        if not chapter.tasks.is_file():
            continue
        try:
            tasks = tomllib.loads(chapter.tasks.read_text(encoding="utf-8"))
            hints.update({task["id"]: task["hints"] for task in tasks.get("task", [])})
        except (ValueError, KeyError, TypeError) as error:
            raise click.ClickException(
                f"{shown(chapter.tasks)} cannot be read: {error}."
            ) from error
    return hints
