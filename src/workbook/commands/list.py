"""`workbook list`: list the chapters with their marks, and the tasks of one chapter."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from course import Chapter, all_chapters
from grader.report import FAILED, PASSED
from workbook.checkout.next_step import next_chapter
from workbook.checkout.progress import Progress
from workbook.checkout.tasks import about
from workbook.commands.status import how_far
from workbook.terminal.screen import console, mark

_MEANING = {PASSED: "passed", FAILED: "not right yet", "": "not written or not checked yet"}


def show_chapters(project: Path, progress: Progress, chapter: Chapter | None = None) -> None:
    """Print a line for each chapter, then the tasks of `chapter`, or else of the one to work on.

    Raises click.ClickException for a tasks.toml that cannot be read.
    """
    screen, here = console(), next_chapter(project, progress)
    screen.print(_chapters(project, progress, here, screen))
    screen.print()
    if listed := chapter or here:
        screen.print(f"Chapter {listed.number}, {about(listed).title}:")
        screen.print(Padding(_tasks(listed, progress, screen), (0, 0, 0, 2), expand=False))
        screen.print()
    signs = [Text.assemble(mark(each, screen), f" {meaning}") for each, meaning in _MEANING.items()]
    screen.print(Text("   ").join(signs))
    screen.print(how_far(project, progress))


def _chapters(project: Path, progress: Progress, here: Chapter | None, screen: Console) -> Table:
    table = Table(box=None, pad_edge=False, header_style="none")
    table.add_column("")
    table.add_column("Chapter")
    table.add_column("Minutes", justify="right")
    table.add_column("Tasks")
    for chapter in all_chapters(project):
        content, verdicts = about(chapter), progress.verdicts(chapter)
        marks = [
            Text.assemble(mark(verdicts.get(task.id, ""), screen), f" {task.id}")
            for task in content.tasks
        ]
        table.add_row(
            f"{'>' if chapter == here else ' '} {chapter.number}",
            content.title,
            str(content.minutes),
            Text("  ").join(marks),
            style="bold" if chapter == here else "none",
        )
    return table


def _tasks(chapter: Chapter, progress: Progress, screen: Console) -> Table:
    table, verdicts = Table.grid(padding=(0, 1)), progress.verdicts(chapter)
    for task in about(chapter).tasks:
        table.add_row(
            mark(verdicts.get(task.id, ""), screen),
            task.id,
            f"{task.title} ({task.minutes} minutes)",
        )
    return table
