"""The dry run before Friday: says whether grading works here, with this class.toml.

A small class is graded in a folder of its own, in the way a real one is: our solution, the starter,
a program that hangs, and our solution once more, to see that the hang has left nothing behind.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from classroom.class_run import ClassRun, Options, Progress
from classroom.grading import Judge
from classroom.marks import Mark
from course import Chapter
from isolation import judge
from isolation.job import BROKE

HANG = "import time\n\nwhile True:\n    time.sleep(1)\n"


@dataclass(frozen=True)
class Finding:
    """What became of one of the programs. `problem` is "" when it is what it has to be."""

    program: str
    chapter: Chapter
    mark: Mark
    problem: str


def self_test(options: Options, progress: Progress, how: Judge = judge) -> list[Finding]:
    """Grade the four programs of each chapter, and say of each whether that went as it has to.

    Raises as `ClassRun` does.
    """
    chapters = options.chapters or ClassRun(options, how).chapters
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "programs")
        for program, (source, _) in _PROGRAMS.items():
            for chapter in chapters:
                file = place / program / f"{chapter.name}.py"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(source(chapter), encoding="utf-8")
        tried = replace(
            options,
            submissions=(place,),
            output=Path(folder, "grades"),
            chapters=tuple(chapters),
            only=tuple(_PROGRAMS),
            into=None,
            formats=(),
            regrade=False,
            anonymous=False,
        )
        marks = ClassRun(tried, how).grade(progress).shown
    return [
        Finding(each.student.id, each.chapter, each, _PROGRAMS[each.student.id][1](each))
        for each in sorted(marks, key=lambda mark: [*_PROGRAMS].index(mark.student.id))
    ]


def _everything(mark: Mark) -> str:
    if mark.is_passed:
        return ""
    failed = ", ".join(sorted(mark.failed))
    return f"it should pass, and did not: {mark.trouble or failed or mark.outcome}"


def _nothing(mark: Mark) -> str:
    if mark.outcome == BROKE:
        return f"it could not be graded: {mark.trouble}"
    passed = [task.task for task in mark.points.tasks if task.verdict == "passed"]
    return f"it should earn nothing, and passed task {', '.join(passed)}" if passed else ""


_PROGRAMS: dict[str, tuple[Callable[[Chapter], str], Callable[[Mark], str]]] = {
    "our solution": (lambda chapter: chapter.solution.read_text(encoding="utf-8"), _everything),
    "the starter": (lambda chapter: chapter.starter.read_text(encoding="utf-8"), _nothing),
    "a hang": (lambda chapter: HANG, _nothing),
    "our solution again": (
        lambda chapter: chapter.solution.read_text(encoding="utf-8") + "# again\n",
        _everything,
    ),
}
