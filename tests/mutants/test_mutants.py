"""The graders, graded: every wrong solution is caught by the test that names its mistake, with a
message that somebody read; every right one passes.

A wrong solution is tried here with the tests that fail for it, as the verified table says. With all
tests of its chapter, most of which pass, it is tried in test_task_states.py, and here with --seeds.
To choose:

    pytest tests/mutants -k ch01                      one chapter
    pytest tests/mutants --seeds 50                   as many conversations as for a learner
    python tests/mutants/test_mutants.py ch01_echo_server    write its messages and table anew

What the last one writes, in golden/, is to be read before it is committed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from trial import ROOT, SEEDS, difference, graded, graded_mutant, objection, write_anew

from authoring.mutants import (
    Mutant,
    read_graders,
    read_mutants,
    read_table,
    right_solutions,
    table_file,
)
from course import Chapter, SourceError
from course.tasks import read_tasks
from grader.report import PASSED, Result, report
from room.failure import verbatim

LIMIT = 30.0  # seconds for a mutant, all tests together

CHAPTERS = [
    Chapter(ROOT, file.stem.removeprefix("test_"))
    for file in sorted((ROOT / "tests" / "chapters").glob("test_ch*.py"))
]

READ: dict[str, list[Mutant]] = {}
FAULTS: dict[str, str] = {}  # why a chapter's mutants could not be read
for chapter in CHAPTERS:
    try:
        READ[chapter.name] = read_mutants(chapter)
    except (SourceError, OSError, SyntaxError) as error:  # the last two: an unfinished chapter
        FAULTS[chapter.name] = str(error)

WITH_MUTANTS = [chapter for chapter in CHAPTERS if chapter.name in READ]
MUTANTS = [(chapter, mutant) for chapter in WITH_MUTANTS for mutant in READ[chapter.name]]
RIGHT = [(chapter, file) for chapter in CHAPTERS for file in right_solutions(chapter)]


@pytest.mark.parametrize(
    ("chapter", "mutant"), MUTANTS, ids=[f"{c.name}-{m.name}" for c, m in MUTANTS]
)
def test_a_wrong_solution_is_caught_and_told_what_is_wrong(
    chapter: Chapter, mutant: Mutant, request: pytest.FixtureRequest
) -> None:
    begun = time.monotonic()
    seeds = request.config.getoption("seeds")
    results = (
        [] if seeds else graded_mutant(chapter, mutant, tests=read_table(chapter)[mutant.name])
    )
    if seeds or difference(chapter, mutant, results, below_the_tasks=True):
        # A verdict may need a test that passes too, and whoever reads what is wrong all of it.
        results = graded_mutant(chapter, mutant, seeds or SEEDS)
        found = difference(chapter, mutant, results)
        if found:
            pytest.fail(found, pytrace=False)
    assert time.monotonic() - begun < LIMIT, "it takes too long: give the mutant a deadline"


@pytest.mark.parametrize(
    ("chapter", "file"), RIGHT, ids=[f"{chapter.name}-{file.stem}" for chapter, file in RIGHT]
)
def test_a_right_solution_passes_however_it_is_written(
    chapter: Chapter, file: Path, request: pytest.FixtureRequest
) -> None:
    """In a child process, as a learner's file; in every world, in test_task_states.py."""
    seeds = request.config.getoption("seeds") or SEEDS
    results = graded(chapter, file, "--world", "child", "--seeds", str(seeds))
    if any(result.verdict != PASSED for result in results):
        pytest.fail(report(results), pytrace=False)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_every_chapter_has_mutants_and_right_solutions(chapter: Chapter) -> None:
    if chapter.name in FAULTS:
        pytest.fail(FAULTS[chapter.name], pytrace=False)
    mutants = READ[chapter.name]
    assert len(mutants) >= 6
    assert {mutant.task for mutant in mutants} == {task.id for task in read_tasks(chapter).tasks}
    assert len(right_solutions(chapter)) >= 3


@pytest.mark.parametrize("chapter", WITH_MUTANTS, ids=lambda chapter: chapter.name)
def test_every_grader_has_caught_something(chapter: Chapter) -> None:
    caught = {test for tests in read_table(chapter).values() for test in tests}
    never = [test for test in read_graders(chapter) if test not in caught]
    assert never == [], "these let every mutant pass: write one that they catch"


@pytest.mark.parametrize("chapter", WITH_MUTANTS, ids=lambda chapter: chapter.name)
def test_no_message_is_left_of_a_mutant_that_has_gone(chapter: Chapter) -> None:
    there = {file.stem for file in table_file(chapter).parent.glob("*.txt")}
    assert there == {mutant.name for mutant in READ[chapter.name]}


LATE = Result(
    "3.1", "ask", "bob is asked", "child", "failed", 0, 20, verbatim("Bob expected\na name")
)
EARLY = LATE._replace(test="ann is asked", line=10, diagnostic=verbatim("Ann expected a name"))


@pytest.mark.parametrize(
    ("results", "complaint"),
    [
        ([LATE], ""),
        ([LATE, EARLY._replace(verdict=PASSED)], ""),
        ([LATE._replace(verdict=PASSED)], "survives: no test notices this. It asks nobody."),
        ([EARLY], "is not caught by test_bob_is_asked, but by test_ann_is_asked."),
        ([LATE, EARLY], "is caught by test_bob_is_asked, but the learner reads of another test"),
        (
            [LATE._replace(diagnostic=verbatim("Bob"))],
            "is caught, but the message does not say 'expected a name'.",
        ),
    ],
)
def test_graders_that_are_not_good_enough_are_objected_to(
    results: list[Result], complaint: str
) -> None:
    mutant = Mutant(
        name="asks_nobody",
        task="3.1",
        rule="prompt",
        mistake="It asks nobody.",
        caught_by="test_bob_is_asked",
        says=("Bob is asked", "expected a name"),
        world="child",
        deadline=None,
        source="",
    )
    told = objection(mutant, results)
    assert told.startswith(complaint)
    assert bool(told) == bool(complaint)


def _write(names: list[str]) -> bool:
    """Write anew what is kept of these chapters. Returns whether all of it is as it has to be."""
    try:
        return not [name for name in names if not write_anew(Chapter(ROOT, name))]
    except (SourceError, OSError) as error:
        print(error, file=sys.stderr)
        return False


if __name__ == "__main__":
    sys.exit(not _write(sys.argv[1:] or [chapter.name for chapter in CHAPTERS]))
