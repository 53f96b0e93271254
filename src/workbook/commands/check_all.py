"""`workbook check --all`: check every started chapter, and print a line for each."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from course import Chapter, all_chapters
from grader.report import FAILED, NOT_WRITTEN, PASSED, passed_of, verdicts
from workbook.checkout.next_step import nothing_started
from workbook.checkout.progress import Progress, load
from workbook.checkout.project import workbook_command
from workbook.checkout.tasks import about, tasks
from workbook.commands.check import CheckOptions, Refused, graded_file
from workbook.commands.status import how_far
from workbook.terminal.screen import console, mark

if TYPE_CHECKING:
    from workbook.checking.grade import Graded


def check_all(project: Path) -> int:
    """Grade each started chapter, print a line for it, and save its marks.

    Returns the exit status: 0 when all of them passed, 1 when not, 130 after Ctrl-C. Raises
    `Refused` when no chapter is started.
    """
    chapters = [each for each in all_chapters(project) if tasks(each) and each.work.is_file()]
    if not chapters:
        raise Refused(nothing_started(project))
    progress, screen = load(project), console()
    try:
        failing = [each for each in chapters if not _passes(each, progress, screen)]
    except KeyboardInterrupt:
        click.echo("\nStopped. The chapters above are checked, the others are not.", err=True)
        return 128 + signal.SIGINT
    screen.print()
    for line in _summary(failing, how_far(project, progress)):
        screen.print(line, soft_wrap=True)
    return 1 if failing else 0


def _passes(chapter: Chapter, progress: Progress, screen: Console) -> bool:
    """Grade one chapter, and print its line."""
    verdict, text, passed = FAILED, "", False
    try:
        graded = graded_file(chapter, chapter.work, CheckOptions())
    except click.ClickException as trouble:
        text = trouble.message
    else:
        progress.record_check(chapter, graded.results)
        verdict, text, passed = _verdict(graded), passed_of(verdicts(graded.results)), graded.passed
    title = f" {chapter.number:>2}  {about(chapter).title}: {text}"
    screen.print(Text.assemble(mark(verdict, screen), title), soft_wrap=True)
    return passed


def _verdict(graded: Graded) -> str:
    """Return the chapter's verdict, the worst of its tasks' verdicts."""
    of_tasks = verdicts(graded.results).values()
    return next((each for each in (FAILED, NOT_WRITTEN) if each in of_tasks), PASSED)


def _summary(failing: Sequence[Chapter], how_far: str) -> list[Text]:
    if not failing:
        return [Text(how_far)]
    command = f"{workbook_command()} check {failing[0].number}"
    return [Text(how_far), Text.assemble("Go on with: ", (command, "cyan"))]
