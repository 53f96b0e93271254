"""Computes from our solution which tasks each test passes through, and which it needs.

Our solution, changed to record the beginning of each task, shows what a test passes through. Our
solution without one task shows which tests need that task: those that fail. The graders look this
up with src/grader/passage.py.
"""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

from authoring.starters import with_tasks_recorded, with_tasks_unwritten
from course import Chapter
from course.tasks import read_tasks
from grader.passage import FILE
from grader.report import PASSED, Result
from grader.run import run

SEEDS = 10
"""As many conversations as meet every kind of name, text and pause (src/room/cast.py)."""


def make_passages(chapters: Iterable[Chapter]) -> str:
    """Return the text of passages.json for these chapters."""
    made = {
        chapter.test.stem: _passages_of(chapter) for chapter in chapters if chapter.test.is_file()
    }
    return "{\n" + ",\n".join(map(_in_lines, made.items())) + "\n}\n"


def _in_lines(made: tuple[str, dict[str, dict[str, list[str]]]]) -> str:
    """Return JSON with a line for each test, so that a diff shows which test has changed."""
    file, tests = made
    lines = [f"    {json.dumps(test)}: {json.dumps(found)}" for test, found in tests.items()]
    return f"  {json.dumps(file)}: {{\n" + ",\n".join(lines) + "\n  }"


def passages_file(root: Path) -> Path:
    """Return the path of passages.json."""
    return root / "tests" / "chapters" / FILE


def _passages_of(chapter: Chapter) -> dict[str, dict[str, list[str]]]:
    tasks = [task.id for task in read_tasks(chapter).tasks]
    through: dict[str, set[str]] = {}
    for seed in range(SEEDS):
        for result in _results(chapter, with_tasks_recorded(chapter), "--seed", str(seed)):
            through.setdefault(result.function, set()).update(result.reached)
    needs: dict[str, set[str]] = {test: set() for test in through}
    for task in tasks:
        if len(tasks) > 1:
            source = with_tasks_unwritten(chapter, {task})
            for result in _results(chapter, source, "--seeds", str(SEEDS)):
                if result.verdict != PASSED and result.task != task:
                    needs[result.function].add(task)
    return {
        test: {"through": sorted(through[test]), "needs": sorted(needs[test])} for test in through
    }


def _results(chapter: Chapter, source: str, *options: str) -> tuple[Result, ...]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{chapter.name}.py"
        file.write_text(source, encoding="utf-8")
        found = run(
            chapter.test.absolute(),
            chapter.root.absolute(),
            ["--file", str(file), "--world", "in-process", "--each-alone", *options],
        )
    assert found.results, found.output
    return found.results
