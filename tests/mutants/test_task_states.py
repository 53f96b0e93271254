"""Verdicts in every state of the other tasks: never wrong or right because of another one.

For each chapter with several tasks, our solution and every mutant are graded with every set of
other tasks unwritten:

- what is right has passed, or waits;
- a mutant is wrong, or waits; with all others right it is wrong under its own task.

With all others right, the tests that fail and the message are those that are recorded. Here each
mutant is tried with all tests of its chapter: test_mutants.py tries those that are to fail. And
each right solution is tried in every world: test_mutants.py tries it in one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path

import pytest
from trial import ROOT, difference, graded, graded_mutant, graded_source

from authoring.mutants import Mutant, mutant_without, read_mutants, right_solutions
from authoring.starters import with_tasks_unwritten
from course import Chapter, all_chapters
from course.tasks import read_tasks
from grader.report import FAILED, NOT_WRITTEN, PASSED, report, verdicts

CHAPTERS = [chapter for chapter in all_chapters(ROOT) if chapter.test.is_file()]


def tasks_of(chapter: Chapter) -> list[str]:
    return [task.id for task in read_tasks(chapter).tasks]


def sets_of(tasks: list[str]) -> Iterator[tuple[str, ...]]:
    """Every set of them but the empty one."""
    return chain.from_iterable(combinations(tasks, size) for size in range(1, len(tasks) + 1))


RIGHT = [
    pytest.param(chapter, missing, id=f"{chapter.name}-without-{'-'.join(missing)}")
    for chapter in CHAPTERS
    for missing in sets_of(tasks_of(chapter))
]
MUTANTS = [
    pytest.param(chapter, mutant, missing, id=f"{chapter.name}-{mutant.name}-{'-'.join(missing)}")
    for chapter in CHAPTERS
    for mutant in read_mutants(chapter)
    for missing in sets_of([task for task in tasks_of(chapter) if task != mutant.task])
    if mutant.world == "child"
]
SOLUTIONS = [
    pytest.param(chapter, file, id=f"{chapter.name}-{file.stem}")
    for chapter in CHAPTERS
    for file in right_solutions(chapter)
]
ALONE = [
    pytest.param(chapter, mutant, id=f"{chapter.name}-{mutant.name}")
    for chapter in CHAPTERS
    for mutant in read_mutants(chapter)
]


@pytest.mark.parametrize(("chapter", "missing"), RIGHT)
def test_what_is_right_has_passed_or_waits(chapter: Chapter, missing: tuple[str, ...]) -> None:
    found = verdicts(graded_source(chapter, with_tasks_unwritten(chapter, missing)))
    assert {found[task] for task in missing} == {NOT_WRITTEN}
    others = {task: verdict for task, verdict in found.items() if task not in missing}
    wrong = {task: v for task, v in others.items() if v != PASSED and not v.startswith("waits")}
    assert wrong == {}


@pytest.mark.parametrize(("chapter", "mutant", "missing"), MUTANTS)
def test_a_mistake_never_passes_because_something_is_missing(
    chapter: Chapter, mutant: Mutant, missing: tuple[str, ...]
) -> None:
    source = mutant_without(chapter, mutant, missing)
    if source is None:
        pytest.skip("the mistake is in lines of the missing tasks as well")
    assert verdicts(graded_source(chapter, source, mutant.deadline))[mutant.task] != PASSED


@pytest.mark.parametrize(("chapter", "mutant"), ALONE)
def test_a_mistake_is_wrong_under_its_own_task_and_no_other(
    chapter: Chapter, mutant: Mutant
) -> None:
    results = graded_mutant(chapter, mutant)
    if wrong := difference(chapter, mutant, results):
        pytest.fail(wrong, pytrace=False)
    found = verdicts(results)
    assert found[mutant.task] == FAILED
    if mutant.world != "child" or any(result.before_anybody for result in results):
        return  # nobody gets into this server, so there is nothing to be said about other tasks
    others = {task: verdict for task, verdict in found.items() if task != mutant.task}
    assert {verdict for verdict in others.values() if verdict == FAILED} == set()


@pytest.mark.parametrize(("chapter", "file"), SOLUTIONS)
def test_a_right_solution_passes_in_every_world(chapter: Chapter, file: Path) -> None:
    results = graded(chapter, file, "--world", "all", "--seeds", "2")
    if any(result.verdict != PASSED for result in results):
        pytest.fail(report(results), pytrace=False)
    assert {result.world for result in results} == {"in-process", "child", "tls"}
