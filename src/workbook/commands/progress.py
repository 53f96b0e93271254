"""`workbook progress`: carry what has passed to another device, and back."""

from __future__ import annotations

from pathlib import Path

import click

from course import all_chapters
from course.passes import remember_passes
from workbook.checkout.progress import Progress
from workbook.checkout.progress_line import line_of, passed_in
from workbook.checkout.tasks import tasks


def show_line(project: Path, progress: Progress) -> None:
    """Print the line that says what has passed, and nothing else."""
    verdicts = {
        chapter: {task.id: progress.verdicts(chapter).get(task.id, "") for task in tasks(chapter)}
        for chapter in all_chapters(project)
    }
    click.echo(line_of(verdicts))


def take_line(project: Path, progress: Progress, line: str) -> None:
    """Mark the tasks of a line as passed, and say how many are new.

    Raises click.ClickException for a line that is not one, and for marks that cannot be written.
    """
    chapters = all_chapters(project)
    known = {task.id: chapter for chapter in chapters for task in tasks(chapter)}
    try:
        passed = passed_in(line, known)
        new = [task for task in passed if progress.verdicts(known[task]).get(task) != "passed"]
        remember_passes(project, passed)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} cannot be written: {error.strerror}"
        ) from error
    click.echo(f"Tasks passed there: {len(passed)}. New here: {len(new)}.")
