"""Gradescope: grades the submission beside this bundle, and writes results.json.

The layout is the service's own: /autograder/source is the bundle, /autograder/submission is what
the student uploaded, and Gradescope reads /autograder/results/results.json. `run_autograder` first
writes a result of 0 points, and the real one replaces it in one step. So a machine that dies in
between gives no points away, and no student's program is the last to write.

https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from classroom.errors import ClassError
from classroom.points import TaskPoints
from course.files import write_atomically
from grader.report import PASSED
from services.one import Outcome, grade_one

LONGEST = 20_000  # characters of one task's output


def main(arguments: list[str]) -> int:
    """Grade, and write the result. The argument is the service's folder, by default /autograder."""
    home = Path(*arguments[:1] or ["/autograder"])
    try:
        result = as_results(grade_one(home / "source", home / "submission"))
    except ClassError as error:
        result = not_graded(str(error))
    write_atomically(home / "results" / "results.json", json.dumps(result, indent=1).encode())
    return 0


def as_results(outcome: Outcome) -> dict[str, Any]:
    """Return the content of results.json, as Gradescope documents it."""
    if outcome.is_ours:
        return not_graded(outcome.trouble)
    lines = [outcome.trouble, *(f"{note[:1].upper()}{note[1:]}." for note in outcome.notes)]
    return {
        "score": outcome.points.points,
        "execution_time": round(outcome.seconds),
        "output": "\n".join(filter(None, lines)),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(task, outcome) for task in outcome.points.tasks],
        "extra_data": {"isolation": outcome.level, "workbook": outcome.version},
    }


def not_graded(why: str) -> dict[str, Any]:
    """Return the content of results.json when nothing could be graded, which is our fault."""
    return {
        "score": 0,
        "output": "This was not graded, and that is not the fault of your program. Please tell "
        f"your teacher: {why}",
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
        "extra_data": {"not_graded": why},
    }


def _test(task: TaskPoints, outcome: Outcome) -> dict[str, Any]:
    said = outcome.said.get(task.task, "") or outcome.trouble
    has_passed = task.verdict == PASSED
    return {
        "number": task.task,
        "name": task.title,
        "score": task.points,
        "max_score": task.most,
        "status": "passed" if has_passed else "failed",
        "output": task.verdict if has_passed or not said else _shortened(said),
        "output_format": "text",
        "visibility": "visible",
    }


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n(shortened)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
