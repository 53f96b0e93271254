"""`workbook diff`: what is different in our solution, line by line."""

from __future__ import annotations

import difflib

import click

from course import Chapter
from workbook.checkout.progress import Progress
from workbook.checkout.project import how_to_type_workbook, shown
from workbook.commands.solution import reference
from workbook.terminal.escape import harmless


def show_diff(chapter: Chapter, progress: Progress) -> None:
    """Print what makes the learner's file into the reference, as a unified diff.

    Raises click.ClickException when one of the two cannot be read.
    """
    try:
        mine = chapter.work.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError as error:
        raise click.ClickException(
            f"{shown(chapter.work)} is not there yet. "
            f"Make it: {how_to_type_workbook()} start {chapter.number}"
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"{shown(chapter.work)} cannot be read: {error.strerror}."
        ) from error
    theirs = reference(chapter)
    lines = difflib.unified_diff(
        mine.splitlines(),
        theirs.splitlines(),
        f"yours      {shown(chapter.work)}",
        f"reference  {shown(chapter.solution)}",
        lineterm="",
    )
    from workbook.terminal.screen import console

    screen, is_same = console(), True
    for line in lines:
        is_same = False
        screen.print(harmless(line), style=_color(line), soft_wrap=True)
    if is_same:
        click.echo(f"{shown(chapter.work)} and our solution are the same.")
    elif progress.has_passed(chapter) and screen.is_terminal:
        click.echo("\nBoth pass. What is different is not wrong.")


def _color(line: str) -> str:
    if line.startswith(("--- yours", "+++ reference")):
        return "bold"
    return {"-": "red", "+": "green", "@": "cyan"}.get(line[:1], "none")
