"""`workbook start`: copy a chapter's starter into work/."""

from __future__ import annotations

from pathlib import Path

import click

from course import Chapter
from course.files import create_atomically
from workbook.checkout.next_step import next_chapter
from workbook.checkout.progress import Progress
from workbook.checkout.project import short_path, workbook_command
from workbook.checkout.tasks import about
from workbook.terminal.wrap import say


def start_next(project: Path, progress: Progress) -> None:
    """Start the next chapter.

    Raises click.ClickException when that chapter is started already, or as `start_chapter` does.
    """
    chapter = next_chapter(project, progress)
    if chapter is None:
        say("All chapters have passed. There is nothing left to start.")
        return
    if chapter.work.is_file():
        raise click.ClickException(
            f"You have already started chapter {chapter.number}, and it has not passed yet. "
            f"To check it: {workbook_command()} check {chapter.number} "
            "(To start another one, add its number.)"
        )
    start_chapter(chapter)


def start_chapter(chapter: Chapter) -> None:
    """Copy the starter to work/ and print what to do next. Never overwrites a file.

    Raises click.ClickException when the copy exists, when there is no starter, or when the copy
    cannot be written.
    """
    workbook, number = workbook_command(), chapter.number
    try:
        create_atomically(chapter.work, starter_of(chapter))
    except FileExistsError as error:
        raise click.ClickException(
            f"{short_path(chapter.work)} already exists, and was left alone. "
            f"To check it: {workbook} check {number} "
            f"(To start over and keep a copy: {workbook} reset {number})"
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"{short_path(chapter.work)} cannot be written: {error.strerror}."
        ) from error
    content = about(chapter)
    say(
        f"{short_path(chapter.work)} is yours now: "
        f"chapter {number}, {content.title}, about {content.minutes} minutes.\n"
        f"{_where_it_begins(chapter)}\n"
        f"Read {short_path(chapter.page)}, open your file in an editor, then:\n"
        f"\n"
        f"  {workbook} run {number}      runs your server\n"
        f"  {workbook} check {number}    tells you what works so far\n"
        f"  {workbook} watch      checks every time you save"
    )


def starter_of(chapter: Chapter) -> bytes:
    """Return the content of the starter. Raises click.ClickException when it cannot be read."""
    try:
        return chapter.starter.read_bytes()
    except OSError as error:
        raise click.ClickException(
            f"Chapter {chapter.number} has no starter ({short_path(chapter.starter)}: "
            f"{error.strerror}). You can still try its server: "
            f"{workbook_command()} run {chapter.number} --solution"
        ) from error


def _where_it_begins(chapter: Chapter) -> str:
    """Say what the starter contains: our solution, except for this chapter's tasks."""
    before = f"chapter {chapter.number - 1}"
    if about(chapter).assumes != before:
        return "The code for its tasks is missing: that is your part."
    return (
        f"It continues from our solution to {before}, so it works even if yours is not finished. "
        "The code for this chapter's tasks is missing: that is your part."
    )
