"""`workbook reset`: start a chapter over, and keep a copy of the old work."""

from __future__ import annotations

import itertools
import shlex
from datetime import datetime
from pathlib import Path

import click

from course import Chapter
from course.files import create_atomically, write_atomically
from workbook.checkout.progress import Progress
from workbook.checkout.project import short_path, workbook_command
from workbook.commands.start import starter_of
from workbook.terminal.wrap import say


def reset_chapter(chapter: Chapter, progress: Progress) -> None:
    """Replace work/CHAPTER.py with the starter, and print where in work/backups the old file is.

    Raises click.ClickException when there is nothing to reset, or when a file cannot be written.
    """
    starter = starter_of(chapter)
    try:
        written = chapter.work.read_bytes()
        if written == starter:
            say(f"{short_path(chapter.work)} is still the starter, so there is nothing to reset.")
            return
        backup = _keep(chapter, written)
        write_atomically(chapter.work, starter)
    except FileNotFoundError as error:
        raise click.ClickException(
            f"{short_path(chapter.work)} does not exist, so there is nothing to reset. "
            f"Make it: {workbook_command()} start {chapter.number}"
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"Chapter {chapter.number} was left alone. "
            f"{short_path(Path(error.filename or chapter.work))} cannot be written: "
            f"{error.strerror}."
        ) from error
    progress.forget(chapter)
    work, kept = short_path(chapter.work), short_path(backup)
    say(
        f"{work} is the starter again, and chapter {chapter.number} starts over.\n"
        f"Your version was saved as {kept}\n"
        f"To bring it back:\n"
        f"\n"
        f"  cp {shlex.quote(kept)} {shlex.quote(work)}"
    )


def _keep(chapter: Chapter, content: bytes) -> Path:
    """Write the content to a new backup, and return its path. Raises OSError."""
    folder = chapter.work.parent / "backups"
    name = f"{chapter.name}-{datetime.now():%Y-%m-%dT%H-%M-%S}"
    for number in itertools.count(1):
        backup = folder / (f"{name}.py" if number == 1 else f"{name}-{number}.py")
        try:
            create_atomically(backup, content)
        except FileExistsError:
            continue
        return backup
    raise AssertionError("itertools.count has no end")
