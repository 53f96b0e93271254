"""What a learner does next, in one line, and the command to type.

Learners may do the chapters in any order, so the current chapter is the one saved last. The next
one is the first after it that has not passed.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import click

from course import Chapter, all_chapters
from course.tasks import Task
from grader.report import PASSED
from workbook.checkout.progress import Progress, load
from workbook.checkout.project import last_saved, workbook_command
from workbook.checkout.tasks import about, tasks


class Step(NamedTuple):
    """What to do, in a line without its period, and the command for it, or ""."""

    text: str
    command: str


def next_step(project: Path, progress: Progress) -> Step:
    """Return what to do next. Raises click.ClickException when a tasks.toml cannot be read."""
    chapter = next_chapter(project, progress)
    if chapter is None:
        return Step("All chapters have passed", "")
    workbook = workbook_command()
    if not chapter.work.is_file():
        content = about(chapter)
        return Step(
            f"Start chapter {chapter.number}, {content.title} (about {content.minutes} minutes)",
            f"{workbook} start {chapter.number}",
        )
    task = first_to_do(chapter, progress)
    return Step(f"Task {task.id}: {task.title}", f"{workbook} check {chapter.number}")


def next_chapter(project: Path, progress: Progress) -> Chapter | None:
    """Return the chapter saved last, or the next one if that has passed.

    After the last chapter come those that were skipped. Returns None when all have passed.
    """
    chapters = [chapter for chapter in all_chapters(project) if tasks(chapter)]
    here = last_saved(project)
    place = chapters.index(here) if here in chapters else 0
    in_turn = chapters[place:] + chapters[:place]
    return next((chapter for chapter in in_turn if not progress.has_passed(chapter)), None)


def chapter_in_work(project: Path) -> Chapter:
    """Return the chapter saved last. Raises click.ClickException when none is started."""
    chapter = last_saved(project)
    if chapter is None:
        raise click.ClickException(nothing_started(project))
    return chapter


def nothing_started(project: Path) -> str:
    """Return the message for an empty work/ folder, with the command to type."""
    step = next_step(project, load(project))
    return f"Nothing is started yet. {step.text}: {step.command}"


def first_to_do(chapter: Chapter, progress: Progress) -> Task:
    """Return the first task that has not passed, or the first task when all have.

    Raises click.ClickException when the chapter has no tasks.
    """
    verdicts, its_tasks = progress.verdicts(chapter), tasks(chapter)
    if not its_tasks:
        raise click.ClickException(f"Chapter {chapter.number} has no tasks.")
    return next((task for task in its_tasks if verdicts.get(task.id) != PASSED), its_tasks[0])
