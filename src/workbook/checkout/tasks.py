"""Reads a chapter's tasks.toml for the command. A mistake in the file becomes one line."""

from __future__ import annotations

import click

from course import Chapter, SourceError
from course.tasks import About, Task, read_tasks
from workbook.checkout.project import short_path


def about(chapter: Chapter) -> About:
    """Return the content of tasks.toml. A chapter without that file has no tasks.

    Raises click.ClickException, with one line, for a file that cannot be read.
    """
    try:
        return read_tasks(chapter)
    except FileNotFoundError:
        title = chapter.name[5:].replace("_", " ").capitalize()
        return About(title, minutes=0, assumes="", tasks=())
    except (OSError, UnicodeDecodeError, SourceError) as error:
        reason = error.strerror if isinstance(error, OSError) else getattr(error, "problem", error)
        raise click.ClickException(
            f"{short_path(chapter.tasks)} cannot be read: {reason}. "
            f"Bring it back as it was: git restore {short_path(chapter.tasks)}"
        ) from error


def tasks(chapter: Chapter) -> tuple[Task, ...]:
    """Return the chapter's tasks, in order. Raises click.ClickException as `about` does."""
    return about(chapter).tasks
