"""`workbook start`: the learner's own copy of a starter."""

from __future__ import annotations

from pathlib import Path

import click

from course import Chapter
from course.files import create_atomically
from workbook.checkout.next_step import next_chapter
from workbook.checkout.progress import Progress
from workbook.checkout.project import how_to_type_workbook, shown
from workbook.checkout.tasks import about
from workbook.terminal.wrap import say


def start_next(project: Path, progress: Progress) -> None:
    """Start the chapter that comes next. Raises click.ClickException as `start_chapter` does."""
    chapter = next_chapter(project, progress)
    if chapter is None:
        say("All chapters have passed: there is none left to start.")
        return
    if chapter.work.is_file():
        raise click.ClickException(
            f"Chapter {chapter.number} is started and has not passed yet. See how far it is: "
            f"{how_to_type_workbook()} check {chapter.number} (or start another one by its number)"
        )
    start_chapter(chapter)


def start_chapter(chapter: Chapter) -> None:
    """Copy the starter to work/ and say what comes next. Never overwrites.

    Raises click.ClickException when there is a copy already, no starter, or no place to write.
    """
    workbook, number = how_to_type_workbook(), chapter.number
    try:
        create_atomically(chapter.work, starter_of(chapter))
    except FileExistsError as error:
        raise click.ClickException(
            f"{shown(chapter.work)} is there already, and stays as it is. "
            f"See how far it is: {workbook} check {number} "
            f"(or begin it again, and keep a copy: {workbook} reset {number})"
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"{shown(chapter.work)} cannot be written: {error.strerror}."
        ) from error
    what = about(chapter)
    say(
        f"{shown(chapter.work)} is yours now: "
        f"chapter {number}, {what.title}, about {what.minutes} minutes.\n"
        f"{_where_it_begins(chapter)}\n"
        f"Read {shown(chapter.page)}, open your file in an editor, then:\n"
        f"\n"
        f"  {workbook} run {number}      serves it\n"
        f"  {workbook} check {number}    says how far it is\n"
        f"  {workbook} watch      says so on every save"
    )


def starter_of(chapter: Chapter) -> bytes:
    """Return the starter. Raises click.ClickException when there is none."""
    try:
        return chapter.starter.read_bytes()
    except OSError as error:
        raise click.ClickException(
            f"Chapter {chapter.number} has no starter ({shown(chapter.starter)}: "
            f"{error.strerror}). Its server can be tried: "
            f"{how_to_type_workbook()} run {chapter.number} --solution"
        ) from error


def _where_it_begins(chapter: Chapter) -> str:
    """A starter is the reference without the tasks, so it holds what the last chapter built."""
    before = f"chapter {chapter.number - 1}"
    if about(chapter).assumes != before:
        return "Its tasks are left out: they are yours to write."
    return (
        f"It goes on from our solution of {before}, whatever became of yours. "
        "Its own tasks are left out."
    )
