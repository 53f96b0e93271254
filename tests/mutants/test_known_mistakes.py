"""The hints for known mistakes, held against the recorded messages of the mutants: each of them is
the first that fits at least one message, so that none is dead, and none hides another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import Chapter, all_chapters
from workbook.checkout.progress import Failure
from workbook.checkout.tasks import tasks
from workbook.commands.hint import fitting_mistake

ROOT = Path(__file__).parents[2]

# "A newcomer is asked (task 3.1 over TLS, seed 0):", the failure, and what else went wrong.
TOLD = re.compile(
    r"\n\n(?P<test>.+) \(task (?P<task>\d+\.\d+)(?: over TLS)?, seed \d+\):\n\n(?P<text>.*?)"
    r"(?=\n\nAlso failed:|\n\n\d+ more tests? fails? for|\Z)",
    re.DOTALL,
)

KNOWN = [
    pytest.param(chapter, task.id, place, id=f"{task.id}-{place}")
    for chapter in all_chapters(ROOT)
    for task in tasks(chapter)
    for place, _ in enumerate(task.mistakes)
]


@pytest.mark.parametrize(("chapter", "task_id", "place"), KNOWN)
def test_a_known_mistake_is_made_by_a_mutant(chapter: Chapter, task_id: str, place: int) -> None:
    task = next(task for task in tasks(chapter) if task.id == task_id)
    fitting = {fitting_mistake(task, failure) for failure in recorded(chapter, task_id)}
    assert task.mistakes[place] in fitting


@pytest.mark.parametrize("chapter", all_chapters(ROOT), ids=lambda chapter: chapter.name)
def test_each_task_knows_a_few_mistakes(chapter: Chapter) -> None:
    assert {2 <= len(task.mistakes) <= 8 for task in tasks(chapter)} == {True}


def recorded(chapter: Chapter, task: str) -> Iterator[Failure]:
    """The failures of a task that were told in full, as progress.json remembers them."""
    for message in (ROOT / "tests/mutants/golden" / chapter.name).glob("*.txt"):
        told = TOLD.search(message.read_text(encoding="utf-8"))
        if told and told["task"] == task:
            test = told["test"][:1].lower() + told["test"][1:]
            yield Failure(task, test, told["text"])
