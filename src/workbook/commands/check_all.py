"""`workbook check --all`: every chapter that is started, in a line each."""

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
from workbook.checkout.project import how_to_type_workbook
from workbook.checkout.tasks import about, tasks
from workbook.commands.check import Refused, Wanted, graded_file
from workbook.commands.status import how_far
from workbook.terminal.screen import console, mark

if TYPE_CHECKING:
    from workbook.checking.grade import Graded


def check_all(project: Path) -> int:
    """Grade what is started, print a line for each chapter, and remember the marks.

    Returns the exit status: 0 if each of them passed, 1 if not, 130 after Ctrl-C. Raises `Refused`
    when nothing is started.
    """
    chapters = [each for each in all_chapters(project) if tasks(each) and each.work.is_file()]
    if not chapters:
        raise Refused(nothing_started(project))
    progress, screen = load(project), console()
    try:
        to_mend = [each for each in chapters if not _passes(each, progress, screen)]
    except KeyboardInterrupt:
        click.echo("\nStopped. The chapters above are checked, the others are not.", err=True)
        return 128 + signal.SIGINT
    screen.print()
    for line in _in_short(to_mend, how_far(project, progress)):
        screen.print(line, soft_wrap=True)
    return 1 if to_mend else 0


def _passes(chapter: Chapter, progress: Progress, screen: Console) -> bool:
    """Grade one, and print its line."""
    verdict, said, passed = FAILED, "", False
    try:
        graded = graded_file(chapter, chapter.work, Wanted())
    except click.ClickException as trouble:
        said = trouble.message
    else:
        progress.record_check(chapter, graded.results)
        verdict, said, passed = _verdict(graded), passed_of(verdicts(graded.results)), graded.passed
    title = f" {chapter.number:>2}  {about(chapter).title}: {said}"
    screen.print(Text.assemble(mark(verdict, screen), title), soft_wrap=True)
    return passed


def _verdict(graded: Graded) -> str:
    """That of the chapter: the worst of its tasks'."""
    found = verdicts(graded.results).values()
    return next((each for each in (FAILED, NOT_WRITTEN) if each in found), PASSED)


def _in_short(to_mend: Sequence[Chapter], how_far: str) -> list[Text]:
    if not to_mend:
        return [Text(how_far)]
    command = f"{how_to_type_workbook()} check {to_mend[0].number}"
    return [Text(how_far), Text.assemble("Go on with: ", (command, "cyan"))]
