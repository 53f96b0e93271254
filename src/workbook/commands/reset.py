"""`workbook reset`: a chapter begins again, and what was written before is kept."""

from __future__ import annotations

import itertools
import shlex
from datetime import datetime
from pathlib import Path

import click

from course import Chapter
from course.files import create_atomically, write_atomically
from workbook.checkout.progress import Progress
from workbook.checkout.project import how_to_type_workbook, shown
from workbook.commands.start import starter_of
from workbook.terminal.wrap import say


def reset_chapter(chapter: Chapter, progress: Progress) -> None:
    """Put the starter in place of work/CHAPTER.py, keep that in work/backups, and say where.

    Raises click.ClickException when there is nothing to reset, or no place to write.
    """
    starter = starter_of(chapter)
    try:
        written = chapter.work.read_bytes()
        if written == starter:
            say(f"{shown(chapter.work)} is as it was at the start: there is nothing to do.")
            return
        backup = _keep(chapter, written)
        write_atomically(chapter.work, starter)
    except FileNotFoundError as error:
        raise click.ClickException(
            f"{shown(chapter.work)} is not there: there is nothing to reset. "
            f"Make it: {how_to_type_workbook()} start {chapter.number}"
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"Chapter {chapter.number} stays as it is. "
            f"{shown(Path(error.filename or chapter.work))} cannot be written: {error.strerror}."
        ) from error
    progress.forget(chapter)
    say(
        f"{shown(chapter.work)} is the starter again, and chapter {chapter.number} begins anew.\n"
        f"What you had written is kept in {shown(backup)}\n"
        f"To bring it back:\n"
        f"\n"
        f"  cp {shlex.quote(shown(backup))} {shlex.quote(shown(chapter.work))}"
    )


def _keep(chapter: Chapter, content: bytes) -> Path:
    """Write the content to a backup that was not there before; return which. Raises OSError."""
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
