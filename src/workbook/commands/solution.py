"""`workbook solution`: our own solution of a chapter, when it can do no more harm."""

from __future__ import annotations

import sys
from typing import IO, Any

import click

from course import Chapter
from course.sections import MarkedSource
from workbook.checkout.next_step import first_to_do
from workbook.checkout.progress import Progress
from workbook.checkout.project import how_to_type_workbook, shown


class NotYet(click.ClickException):
    """Not an error of the learner's: it is said without the word."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file or sys.stderr)


def show_solution(chapter: Chapter) -> None:
    """Print the solution, in colors on a terminal. Raises click.ClickException if there is none."""
    source = reference(chapter)
    from workbook.terminal.screen import console

    screen = console()
    if not screen.is_terminal:
        click.echo(source, nl=False)
        return
    from rich.syntax import Syntax

    screen.print(f"{shown(chapter.solution)}\n", style="bold")
    screen.print(Syntax(source, "python", theme="ansi_dark", background_color="default"))


def reference(chapter: Chapter) -> str:
    """Return the chapter's solution without the marks that are for making the site.

    Raises click.ClickException when there is none.
    """
    try:
        return MarkedSource(chapter.solution).text()
    except OSError as error:
        raise click.ClickException(
            f"Chapter {chapter.number} has no solution: "
            f"{shown(chapter.solution)} cannot be read: {error.strerror}."
        ) from error


def refuse_until_passed(chapter: Chapter, progress: Progress, command: str) -> None:
    """Raise `NotYet` when the chapter never passed; `command` shows it all the same."""
    if progress.has_ever_passed(chapter):
        return
    workbook, task = how_to_type_workbook(), first_to_do(chapter, progress).id
    rows = [
        (f"{workbook} check {chapter.number}", "says what is missing"),
        (f"{workbook} hint {task}", "helps a little"),
        (f"{workbook} {command} {chapter.number} --anyway", "shows it now"),
    ]
    widest = max(len(typed) for typed, _ in rows)
    raise NotYet(
        f"Chapter {chapter.number} has not passed yet, and what you find out yourself stays with "
        "you longest.\nSo its solution waits until all tasks pass.\n\n"
        + "\n".join(f"  {typed:<{widest}}  {does}" for typed, does in rows)
    )
