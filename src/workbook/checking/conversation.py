"""Which conversation is meant: of what failed first, of a test that is named, or else the first.

A conversation is graded again to be shown. The same seed makes the same one, so what is shown is
what `check` saw.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from course import Chapter
from grader.report import PASSED, Result, easiest_first, summarize
from workbook.checkout.project import workbook_command
from workbook.commands.check import CheckOptions, chapter_and_file, graded_file


@dataclass(frozen=True)
class Selection:
    """What is said of the conversation that is wanted; "" and None leave it open."""

    test: str = ""
    seed: int | None = None
    world: str | None = None
    solution: bool = False


@dataclass(frozen=True)
class Conversation:
    """The result of a test, and the file whose server was talked to."""

    chapter: Chapter
    file: Path
    result: Result


def conversation(project: Path, said: str | None, asked: Selection) -> Conversation:
    """Grade a chapter's file, and return the conversation that is asked for.

    Raises click.ClickException when there is none: no such test, or no server to talk to.
    """
    chapter, file = chapter_and_file(project, said)
    file = chapter.solution if asked.solution else file
    graded = graded_file(chapter, file, CheckOptions(asked.world, asked.seed))
    result = choose(graded.results, asked.test)
    if not result.events:
        raise click.ClickException(
            "There was no conversation: the server did not start. "
            f"Why, says: {workbook_command()} check {chapter.number}"
        )
    return Conversation(chapter, file, result)


def choose(results: Iterable[Result], test: str = "") -> Result:
    """Return the first of the results that failed; when none did, the first.

    `test` is the name of one ("test_a_newcomer_is_asked"), its sentence, or words of it. Raises
    click.ClickException when it means none of the tests, or several.
    """
    listed = sorted(results, key=easiest_first)
    names = [*dict.fromkeys(result.test for result in listed)]
    words = test.removeprefix("test_").replace("_", " ").strip().lower()
    meant = [name for name in names if name.lower() == words]
    meant = meant or [name for name in names if words in name.lower()]
    if test and len(meant) != 1:
        which = "names no test" if not meant else "names more than one test"
        known = "".join(f"\n  {name}" for name in meant or names)
        raise click.ClickException(f"{test!r} {which} of this chapter. There are:{known}")
    of_it = [result for result in listed if result.test in meant]
    summary = summarize(of_it)
    return summary.first if summary else of_it[0]


def has_passed(result: Result) -> bool:
    return result.verdict == PASSED
