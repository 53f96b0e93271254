"""How a solution is tried: by the graders, as `pytest --file` tries a learner's file, in a folder
with a work/ in it, so that what is told is what a learner reads.

Apart from the tests because the command that writes messages and tables anew does the same.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)] if str(ROOT) not in sys.path else []

from authoring.mutants import (  # noqa: E402
    REMAKE,
    Mutant,
    graders_file,
    message_file,
    read_mutants,
    read_table,
    table_file,
)
from course import Chapter  # noqa: E402 - for a script, it is not on the path before
from grader.report import PASSED, Result, report  # noqa: E402
from grader.run import run  # noqa: E402

SEEDS = 10  # ten conversations meet every kind of name, text and pace
WORDING = (3, 11)  # the Python whose own words are in the messages: others word errors differently


def graded(chapter: Chapter, file: Path, *options: str) -> list[Result]:
    """What the chapter's tests say about a file."""
    found = run(graders_file(chapter), ROOT, ["--file", str(file), *options])
    assert found.results, found.output
    return [*found.results]


def graded_mutant(
    chapter: Chapter, mutant: Mutant, seeds: int = SEEDS, tests: Sequence[str] = ()
) -> list[Result]:
    """What the chapter's tests say about a mutant, or only these tests of them."""
    options = ["--world", mutant.world, "--seeds", str(seeds)]
    options += ["-k", " or ".join(tests)] if tests else []
    if mutant.deadline:
        options += ["--deadline", str(mutant.deadline)]
    with _folder_of_a_learner(chapter, mutant.source) as file:
        return graded(chapter, file, *options)


def graded_source(
    chapter: Chapter, source: str, deadline: float | None = None, seeds: int = SEEDS
) -> list[Result]:
    """What the chapter's tests say about a program, simulated in a child process."""
    options = ["--world", "child", "--seeds", str(seeds)]
    options += ["--deadline", str(deadline)] if deadline else []
    with _folder_of_a_learner(chapter, source) as file:
        return graded(chapter, file, *options)


def failed(results: Sequence[Result]) -> list[str]:
    """The tests that did not pass, in the order in which they were run."""
    wrong = (result.test for result in results if result.verdict != PASSED)
    return [f"test_{sentence.replace(' ', '_')}" for sentence in wrong]


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
    if _headline(mutant.caught_by) not in told:
        return (
            f"is caught by {mutant.caught_by}, but the learner reads of another test first: move "
            f"the tests, or change caught_by.\n\n{told}"
        )
    message = _in_one_line(told.partition("Also failed:")[0])
    missing = [words for words in mutant.says if _in_one_line(words) not in message]
    if missing:
        return f"is caught, but the message does not say {missing[0]!r}.\n\n{told}"
    return ""


def difference(
    chapter: Chapter, mutant: Mutant, results: Sequence[Result], below_the_tasks: bool = False
) -> str:
    """What is not good enough, or not as recorded, about a mutant's results; "" if nothing is.

    With `below_the_tasks`, the verdicts on the tasks at the top of the message do not count.
    """
    if complaint := objection(mutant, results):
        return f"mutant {mutant.name} {complaint}"
    differ = f"differ from what is recorded. `{REMAKE} {chapter.name}` writes it again: read it"
    if failed(results) != (tests := read_table(chapter)[mutant.name]):
        return f"the tests that fail {differ}.\n\n{failed(results)}\n\nrecorded: {tests}"
    told, file = f"{report(results)}\n", message_file(chapter, mutant.name)
    recorded = file.read_text(encoding="utf-8") if file.is_file() else ""
    if below_the_tasks:
        told, recorded = (text.partition("\n\n")[2] for text in (told, recorded))
    if told != recorded and sys.version_info[:2] == WORDING:
        changes = difflib.unified_diff(recorded.splitlines(), told.splitlines(), n=1, lineterm="")
        return "\n".join([f"the words of the message {differ}.", "", *changes])
    return ""


def write_anew(chapter: Chapter) -> bool:
    """Write the messages and the table of a chapter, and print what became of each mutant. Returns
    whether all of them are caught as they have to be.
    """
    folder, table, objections = table_file(chapter).parent, {}, []
    folder.mkdir(parents=True, exist_ok=True)
    for mutant in read_mutants(chapter):
        results = graded_mutant(chapter, mutant)
        table[mutant.name] = failed(results)
        message_file(chapter, mutant.name).write_text(f"{report(results)}\n", encoding="utf-8")
        objections.append(objection(mutant, results))
        print(f"{chapter.name} {mutant.name} {objections[-1] or 'is caught'}")
    table_file(chapter).write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
    for file in folder.glob("*.txt"):
        if file.stem not in table:
            file.unlink()
    return not any(objections)


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


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
