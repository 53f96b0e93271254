"""What a chapter says of itself in its tasks.toml: title, minutes, and its tasks with their hints.

authoring/tasks.py holds these files to their shape, with a line for each fault. Here they are
only read, because a learner's checkout has passed those checks.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

import click

from workbook.project import Chapter, shown


@dataclass(frozen=True)
class Mistake:
    """A mistake that many make. Each text of `says` is in the failure that it leads to."""

    says: tuple[str, ...]
    hint: str


@dataclass(frozen=True)
class Task:
    """One task. `id` is "3.1"; hints go from a nudge to nearly the answer."""

    id: str
    title: str
    minutes: int
    points: int
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class About:
    """A chapter's title, the minutes that it takes, what it assumes, and its tasks in order."""

    title: str
    minutes: int
    assumes: str
    tasks: tuple[Task, ...]


def about(chapter: Chapter) -> About:
    """Return what tasks.toml says; a chapter without that file has no tasks and takes no time.

    Raises click.ClickException, with one line, for a file that cannot be read.
    """
    try:
        data = tomllib.loads(chapter.tasks.read_text(encoding="utf-8"))
        return About(
            title=str(data["title"]),
            minutes=int(data["minutes"]),
            assumes=str(data.get("assumes", "")),
            tasks=tuple(_task(table) for table in data.get("task", [])),
        )
    except FileNotFoundError:
        title = chapter.name[5:].replace("_", " ").capitalize()
        return About(title, minutes=0, assumes="", tasks=())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise click.ClickException(
            f"{shown(chapter.tasks)} cannot be read: {_reason(error)}. "
            f"Bring it back as it was: git restore {shown(chapter.tasks)}"
        ) from error


def tasks(chapter: Chapter) -> tuple[Task, ...]:
    """Return the chapter's tasks, in order. Raises click.ClickException as `about` does."""
    return about(chapter).tasks


def _task(table: dict[str, Any]) -> Task:
    return Task(
        id=str(table["id"]),
        title=str(table["title"]),
        minutes=int(table["minutes"]),
        points=int(table["points"]),
        hints=tuple(str(hint).strip() for hint in table["hints"]),
        mistakes=tuple(_mistake(mistake) for mistake in table.get("mistake", [])),
    )


def _mistake(table: dict[str, Any]) -> Mistake:
    says = table["says"]
    return Mistake((says,) if isinstance(says, str) else tuple(says), str(table["hint"]).strip())


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return str(error.strerror)
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)
