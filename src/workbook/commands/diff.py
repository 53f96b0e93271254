"""`workbook diff`: compare the learner's file with our solution, line by line."""

from __future__ import annotations

import difflib

import click

from course import Chapter
from workbook.checkout.progress import Progress
from workbook.checkout.project import short_path, workbook_command
from workbook.commands.solution import reference
from workbook.terminal.escape import escape


def show_diff(chapter: Chapter, progress: Progress) -> None:
    """Print a unified diff from the learner's file to the reference.

    Raises click.ClickException when one of the two cannot be read.
    """
    try:
        mine = chapter.work.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError as error:
        raise click.ClickException(
            f"{short_path(chapter.work)} is not there yet. "
            f"Make it: {workbook_command()} start {chapter.number}"
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"{short_path(chapter.work)} cannot be read: {error.strerror}."
        ) from error
    theirs = reference(chapter)
    lines = difflib.unified_diff(
        mine.splitlines(),
        theirs.splitlines(),
        f"yours  {short_path(chapter.work)}",
        f"ours   {short_path(chapter.solution)}",
        lineterm="",
    )
    from workbook.terminal.screen import console

    screen, is_same = console(), True
    for line in lines:
        is_same = False
        screen.print(escape(line), style=_color(line), soft_wrap=True)
    if is_same:
        click.echo(f"{short_path(chapter.work)} and our solution are the same.")
    elif progress.has_passed(chapter) and screen.is_terminal:
        click.echo("\nBoth pass. A difference is not a mistake.")


def _color(line: str) -> str:
    if line.startswith(("--- yours", "+++ ours")):
        return "bold"
    return {"-": "red", "+": "green", "@": "cyan"}.get(line[:1], "none")
