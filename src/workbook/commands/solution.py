"""`workbook solution`: show our solution of a chapter, once it can no longer spoil the tasks."""

from __future__ import annotations

import sys
from typing import IO, Any

import click

from course import Chapter
from course.sections import MarkedSource
from workbook.checkout.next_step import first_to_do
from workbook.checkout.progress import Progress
from workbook.checkout.project import short_path, workbook_command


class NotYet(click.ClickException):
    """A refusal that is not the learner's error, so it is printed without "Error:"."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message, by default to stderr. Click calls this."""
        click.echo(self.message, file=file or sys.stderr)


def show_solution(chapter: Chapter) -> None:
    """Print the solution, in color in a terminal. Raises click.ClickException if there is none."""
    source = reference(chapter)
    from workbook.terminal.screen import console

    screen = console()
    if not screen.is_terminal:
        click.echo(source, nl=False)
        return
    from rich.syntax import Syntax

    screen.print(f"{short_path(chapter.solution)}\n", style="bold")
    screen.print(Syntax(source, "python", theme="ansi_dark", background_color="default"))


def reference(chapter: Chapter) -> str:
    """Return the text of the chapter's solution, without the marker lines of its sections.

    Raises click.ClickException when there is none.
    """
    require_solution(chapter)
    try:
        return MarkedSource(chapter.solution).text()
    except OSError as error:
        raise click.ClickException(
            f"{short_path(chapter.solution)} cannot be read: {error.strerror}. "
            f"Bring it back: git restore {short_path(chapter.solution.parent)}"
        ) from error


def require_solution(chapter: Chapter) -> None:
    """Raise click.ClickException if the chapter's solution is not here."""
    if chapter.solution.is_file():
        return
    if chapter.recording.is_file():
        raise click.ClickException(
            f"Chapter {chapter.number} has no solution here. "
            "A student edition comes without solutions: ask your teacher."
        )
    raise click.ClickException(
        f"Chapter {chapter.number} has no solution: {short_path(chapter.solution)} is not "
        f"there. Bring it back: git restore {short_path(chapter.solution.parent)}"
    )


def refuse_until_passed(chapter: Chapter, progress: Progress, command: str) -> None:
    """Raise `NotYet` if the chapter never passed. `command` is what shows the solution anyway.

    Raises click.ClickException if there is no solution.
    """
    require_solution(chapter)
    if progress.has_ever_passed(chapter):
        return
    workbook, task = workbook_command(), first_to_do(chapter, progress).id
    rows = [
        (f"{workbook} check {chapter.number}", "tells you what is missing"),
        (f"{workbook} hint {task}", "gives you a hint"),
        (f"{workbook} {command} {chapter.number} --anyway", "shows it now"),
    ]
    widest = max(len(typed) for typed, _ in rows)
    raise NotYet(
        f"Chapter {chapter.number} has not passed yet. You remember best what you work out "
        "yourself,\nso its solution stays closed until every task passes.\n\n"
        + "\n".join(f"  {typed:<{widest}}  {does}" for typed, does in rows)
    )
