"""Picks the conversation to show: the named test's, else the first failure's, else the first.

The file is graded again to show a conversation. The same seed always produces the same
conversation, so the learner sees what `check` saw.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from course import Chapter
from grader.report import PASSED, Result, easiest_first, summarize
from workbook.checkout.project import Mistyped, workbook_command
from workbook.commands.check import CheckOptions, chapter_and_file, graded_file
from workbook.commands.solution import require_solution


@dataclass(frozen=True)
class Selection:
    """The options that select a conversation; "" and None select nothing."""

    test: str = ""
    seed: int | None = None
    world: str | None = None
    solution: bool = False


@dataclass(frozen=True)
class Conversation:
    """The result of one test, and the file whose server it talked to."""

    chapter: Chapter
    file: Path
    result: Result


def conversation(project: Path, name: str | None, selection: Selection) -> Conversation:
    """Grade a chapter's file, and return the selected conversation.

    `name` is the chapter or the file on the command line. Raises click.ClickException if there is
    no such test, or no server to talk to.
    """
    chapter, file = chapter_and_file(project, name)
    if selection.solution:
        require_solution(chapter)
        file = chapter.solution
    graded = graded_file(chapter, file, CheckOptions(selection.world, selection.seed))
    result = choose(graded.results, selection.test)
    if not result.events:
        raise click.ClickException(
            "There was no conversation: the server did not start. "
            f"To see why: {workbook_command()} check {chapter.number}"
        )
    return Conversation(chapter, file, result)


def choose(results: Iterable[Result], test: str = "") -> Result:
    """Return the first result that failed, or else the first result.

    `test` is the name of a test ("test_a_newcomer_is_asked"), its sentence, or words of it. Raises
    click.ClickException if it matches no test, or several.
    """
    listed = sorted(results, key=easiest_first)
    names = [*dict.fromkeys(result.test for result in listed)]
    words = test.removeprefix("test_").replace("_", " ").strip().lower()
    matching = [name for name in names if name.lower() == words]
    matching = matching or [name for name in names if words in name.lower()]
    if test and len(matching) != 1:
        which = "fits more than one test" if matching else "is not the name of a test"
        these = "These fit" if matching else "The tests are"
        known = "".join(f"\n  {name}" for name in matching or names)
        raise Mistyped(f"{test!r} {which} in this chapter. {these}:{known}")
    selected = [result for result in listed if result.test in matching]
    summary = summarize(selected)
    return summary.first if summary else selected[0]


def has_passed(result: Result) -> bool:
    """Return whether the test has passed."""
    return result.verdict == PASSED
