"""`workbook hint`: the hints of a task, one at a time, and first the one that fits.

A task has hints from a nudge to nearly the answer. It also knows common mistakes: when what failed
last says the words of one, the hint for that mistake comes before the others, after every check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course import Chapter, all_chapters
from course.tasks import Mistake, Task
from grader.hints import fitting_mistake as mistake_in
from workbook.checkout.next_step import first_to_do, next_chapter, next_step
from workbook.checkout.progress import Failure, Progress
from workbook.checkout.project import (
    Mistyped,
    find_chapter,
    known_chapters,
    last_saved,
    workbook_command,
)
from workbook.checkout.tasks import tasks
from workbook.commands.solution import NotYet
from workbook.terminal.wrap import say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.panel import Panel


@dataclass(frozen=True)
class Hint:
    """What is shown: a title, the hint, and a line on how to go on.

    `has_next` says whether asking once more gives another one.
    """

    title: str
    text: str
    more: str
    has_next: bool = False


def next_hint(
    project: Path, progress: Progress, said: str | None = None, number: int | None = None
) -> Hint:
    """Return a hint and remember that it was shown.

    `said` is a task ("3.1"), a chapter (its first task that has not passed), or None: the task
    that failed last. `number` asks for one of its hints; without it, the next one comes.

    Raises click.ClickException for a task or hint that is not there, or when nothing is left to do.
    """
    chapter, task = _find(project, progress, said)
    if number is not None:
        return _numbered(chapter, task, number, progress)
    failure = progress.failure_of(chapter, task.id)
    fitting = fitting_mistake(task, failure) if failure else None
    is_shown = fitting is not None and fitting.hint in progress.fitting_hints_seen(task.id)
    is_last = progress.hints_seen(task.id) >= len(task.hints)
    if fitting and (is_last or not is_shown):
        progress.record_fitting_hint(task.id, fitting.hint)
        return Hint(
            f"A hint for what went wrong in task {task.id}",
            fitting.hint,
            f"More: {workbook_command()} hint {task.id}",
            has_next=True,
        )
    if failure and failure.attempt:
        return Hint(
            "Your server does not start yet",
            f"{_headline(failure)} {failure.attempt[:1].upper()}{failure.attempt[1:]}",
            "The hints for the task come after that.",
        )
    if not is_last:
        return _numbered(chapter, task, progress.hints_seen(task.id) + 1, progress)
    return _none_left(chapter, task)


def fitting_mistake(task: Task, failure: Failure) -> Mistake | None:
    """Return the first known mistake of the task whose words are all in the failure.

    Words may be broken into lines anywhere. The name of the test is a part of the failure.
    """
    return mistake_in(task, f"{failure.test} {failure.text}")


def show_hint(hint: Hint) -> None:
    """Print a hint: in a box on a terminal, as plain text on a pipe."""
    from workbook.terminal.screen import console

    screen = console()
    if not screen.is_terminal:
        click.echo(f"{hint.title}: {hint.text}\n{hint.more}")
        return
    screen.print(in_a_box(hint, screen))
    say(hint.more)


def in_a_box(hint: Hint, screen: Console) -> Panel:
    """Return a hint as it is shown on a terminal; its line on how to go on is not in the box."""
    from rich import box
    from rich.panel import Panel

    from workbook.terminal.screen import has_unicode, with_code

    return Panel(
        with_code(hint.text, screen),
        title=hint.title,
        title_align="left",
        border_style="cyan",
        box=box.ROUNDED if has_unicode(screen) else box.ASCII,
        padding=(1, 2),
    )


def _find(project: Path, progress: Progress, said: str | None) -> tuple[Chapter, Task]:
    if said is None:
        chapter = _chapter_in_work(project, progress)
        return chapter, first_to_do(chapter, progress)
    known = {
        task.id: (chapter, task) for chapter in all_chapters(project) for task in tasks(chapter)
    }
    if said in known:
        return known[said]
    if re.fullmatch(r"\d+\.\d+", said):
        raise Mistyped(f"There is no task {said}. {_known_tasks(project, said)}")
    chapter = find_chapter(project, said)
    return chapter, first_to_do(chapter, progress)


def _known_tasks(project: Path, said: str) -> str:
    number, chapters = int(said.partition(".")[0]), all_chapters(project)
    for chapter in chapters:
        if chapter.number == number and (its := tasks(chapter)):
            return f"Chapter {number} has {', '.join(task.id for task in its)}."
    return known_chapters(chapters)


def _chapter_in_work(project: Path, progress: Progress) -> Chapter:
    chapter = next_chapter(project, progress)
    if chapter and chapter.work.is_file():
        return chapter
    step, here = next_step(project, progress), last_saved(project)
    done = f"Chapter {here.number} has passed" if here else "Nothing is started yet"
    what_to_do = f"{step.text}: {step.command}" if step.command else f"{step.text}."
    raise NotYet(f"{done}, so there is nothing to give a hint for. {what_to_do}")


def _numbered(chapter: Chapter, task: Task, number: int, progress: Progress) -> Hint:
    count = len(task.hints)
    if number > count:
        hints = "1 hint" if count == 1 else f"{count} hints"
        raise Mistyped(f"There is no hint {number}. Task {task.id} has {hints}.")
    progress.record_hint(task.id, number)
    more = f"More: {workbook_command()} hint {task.id} {number + 1}"
    return Hint(
        f"Hint {number} of {count} for task {task.id}",
        task.hints[number - 1],
        more if number < count else f"This was the last one. {_if_stuck(chapter)}",
        has_next=number < count,
    )


def _none_left(chapter: Chapter, task: Task) -> Hint:
    return Hint(
        f"Task {task.id}",
        f"You have seen all {len(task.hints)} hints for this task.",
        f"From the first: {workbook_command()} hint {task.id} 1\n{_if_stuck(chapter)}",
    )


def _if_stuck(chapter: Chapter) -> str:
    if not chapter.solution.is_file():
        return "If you are still stuck, ask your teacher."
    return f"Our solution: {workbook_command()} solution {chapter.number} --anyway"


def _headline(failure: Failure) -> str:
    """Return what happened, which is the first paragraph of the text."""
    return " ".join(failure.text.partition("\n\n")[0].split())
