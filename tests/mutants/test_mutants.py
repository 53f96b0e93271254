"""The graders, graded: every wrong solution is caught by the test that names its mistake, with a
message that somebody read; every right one passes.

A mutant is graded as `pytest --file` grades a learner's file: in a child process, in a folder with
a work/ in it, so that its message is the one that a learner reads. To choose:

    pytest tests/mutants -k ch01                      one chapter
    pytest tests/mutants --seeds 50                   as many conversations as for a learner
    python tests/mutants/test_mutants.py ch01_echo_server    write its messages and table anew

What the last one writes, in golden/, is to be read before it is committed.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)] if str(ROOT) not in sys.path else []

from authoring.chapters import Chapter  # noqa: E402 - as a script, it is not on the path before
from authoring.errors import SourceError  # noqa: E402
from authoring.mutants import (  # noqa: E402
    REMAKE,
    Mutant,
    graders_file,
    message_file,
    read_graders,
    read_mutants,
    read_table,
    right_solutions,
    table_file,
)
from authoring.tasks import read_tasks  # noqa: E402
from room.grading import result_of  # noqa: E402
from room.report import PASSED, Result, report  # noqa: E402

SEEDS = 3  # for a mutant: a mistake that shows in one conversation in a hundred is no mutant
SEEDS_OF_RIGHT = 5  # for a right solution, in each world; our own has 50
WORDING = (3, 11)  # the Python whose own words are in the messages: others word errors differently
LIMIT = 30.0  # seconds for a mutant, all tests together

CHAPTERS = [
    Chapter(ROOT, file.stem.removeprefix("test_"))
    for file in sorted((ROOT / "tests" / "chapters").glob("test_ch*.py"))
]

READ: dict[str, list[Mutant]] = {}
FAULTS: dict[str, str] = {}  # of a file of mutants, one line for each chapter
for chapter in CHAPTERS:
    try:
        READ[chapter.name] = read_mutants(chapter)
    except SourceError as error:
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
    results = graded_mutant(chapter, mutant, request.config.getoption("seeds") or SEEDS)
    complaint = objection(mutant, results)
    if complaint:
        pytest.fail(f"mutant {mutant.name} {complaint}", pytrace=False)
    remake = f"`{REMAKE} {chapter.name}` writes it anew: read it"
    if sys.version_info[:2] == WORDING:
        assert f"{report(results)}\n" == _read(message_file(chapter, mutant.name)), remake
    assert failed(results) == read_table(chapter)[mutant.name], remake
    assert time.monotonic() - begun < LIMIT, "it takes too long: give the mutant a deadline"


@pytest.mark.parametrize(
    ("chapter", "file"), RIGHT, ids=[f"{chapter.name}-{file.stem}" for chapter, file in RIGHT]
)
def test_a_right_solution_passes_however_it_is_written(
    chapter: Chapter, file: Path, request: pytest.FixtureRequest
) -> None:
    seeds = request.config.getoption("seeds") or SEEDS_OF_RIGHT
    results = graded(chapter, file, "--world", "all", "--seeds", str(seeds))
    if any(result.verdict != PASSED for result in results):
        pytest.fail(report(results), pytrace=False)
    assert {result.world for result in results} == {"in-process", "child", "tls"}


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


def graded_mutant(chapter: Chapter, mutant: Mutant, seeds: int) -> list[Result]:
    options = ["--world", mutant.world, "--seeds", str(seeds)]
    if mutant.deadline:
        options += ["--deadline", str(mutant.deadline)]
    with _folder_of_a_learner(chapter, mutant.source) as file:
        return graded(chapter, file, *options)


def graded(chapter: Chapter, file: Path, *options: str) -> list[Result]:
    """What the chapter's tests say about a file."""
    run, said = _Run(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        pytest.main(
            [
                *("--disable-plugin-autoload", "--override-ini=addopts=", f"--rootdir={ROOT}"),
                *("--import-mode=importlib", "--capture=sys", "-p", "room.grading"),
                *("-p", "no:cacheprovider", "-p", "no:faulthandler"),
                *(str(graders_file(chapter)), "--file", str(file), *options),
            ],
            plugins=[run],
        )
    assert run.results, said.getvalue()
    return run.results


def objection(mutant: Mutant, results: Sequence[Result]) -> str:
    """Why the graders are not good enough for a mutant, as a verb and what follows; "" if they
    are.
    """
    tests = failed(results)
    if not tests:
        return f"survives: no test notices this. {mutant.mistake}"
    if mutant.caught_by not in tests:
        return f"is not caught by {mutant.caught_by}, but by {', '.join(tests)}."
    told = report(results)
    first = _headline(mutant.caught_by)
    if first not in told:
        return (
            f"is caught by {mutant.caught_by}, but the learner reads of another test first: move "
            f"the tests, or change caught_by.\n\n{told}"
        )
    message = " ".join(told.partition("Failed as well:")[0].split())
    missing = [words for words in mutant.says if " ".join(words.split()) not in message]
    if missing:
        return f"is caught, but the message does not say {missing[0]!r}.\n\n{told}"
    return ""


def failed(results: Sequence[Result]) -> list[str]:
    """The tests that did not pass, in the order in which they were run."""
    wrong = (result.test for result in results if result.verdict != PASSED)
    return [f"test_{sentence.replace(' ', '_')}" for sentence in wrong]


def write_anew(chapter: Chapter) -> None:
    """The messages and the table of a chapter; complains of what the tests would complain of."""
    folder = table_file(chapter).parent
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.txt"):
        file.unlink()
    table = {}
    for mutant in read_mutants(chapter):
        results = graded_mutant(chapter, mutant, SEEDS)
        table[mutant.name] = failed(results)
        message_file(chapter, mutant.name).write_text(f"{report(results)}\n", encoding="utf-8")
        complaint = objection(mutant, results)
        print(f"{chapter.name} {mutant.name} {complaint or 'is caught'}")
    table_file(chapter).write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


class _Run:
    """A plugin that keeps what a run of pytest found."""

    def __init__(self) -> None:
        self.results: list[Result] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        result = result_of(report)
        if result is not None:
            self.results.append(result)


@contextlib.contextmanager
def _folder_of_a_learner(chapter: Chapter, source: str) -> Iterator[Path]:
    """The file in a work/ of the current folder, so that it is named as a learner's own."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        file = Path("work", f"{chapter.name}.py")
        file.parent.mkdir()
        file.write_text(source, encoding="utf-8")
        yield file


def _headline(test: str) -> str:
    """What the report says above the failure that it tells in full."""
    sentence = test.removeprefix("test_").replace("_", " ")
    return f"\n\n{sentence[:1].upper()}{sentence[1:]} (task "


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


if __name__ == "__main__":
    named = sys.argv[1:] or [chapter.name for chapter in WITH_MUTANTS]
    for name in named:
        write_anew(Chapter(ROOT, name))
