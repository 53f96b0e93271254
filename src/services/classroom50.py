"""Classroom 50: grades the student's checkout, and prints what belongs into result.json.

`autograder.py`, which the service starts, writes that file. Scores are whole numbers there, so
points are rounded. Owner, type and times are stamped by the service, whatever stands here.

https://github.com/foundation50/classroom50/wiki/Advanced-Autograding
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classroom.errors import ClassError
from classroom.points import TaskPoints
from grader.report import PASSED
from services.one import Outcome, grade_one

LONGEST = 5000  # characters of one task's output


def main(arguments: list[str]) -> int:
    """Grade the checkout, the second argument, with the bundle, the first, for the third.

    The third is the identity that the service has given, as JSON. The exit status is 1, with a line
    of error, when nothing could be graded: the service then says so.
    """
    bundle, checkout, identity = arguments
    try:
        outcome = grade_one(Path(bundle), Path(checkout))
    except ClassError as error:
        print(error, file=sys.stderr)
        return 1
    if outcome.is_ours:
        print(outcome.trouble, file=sys.stderr)
        return 1
    print(json.dumps(as_result(outcome, json.loads(identity))))
    return 0


def as_result(outcome: Outcome, identity: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of result.json. `identity` has what the service says of the submission."""
    tests = [_test(task, outcome) for task in outcome.points.tasks]
    return {
        "schema": "classroom50/result/v1",
        **identity,
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
        "isolation": outcome.level,
        "workbook": outcome.version,
    }


def _test(task: TaskPoints, outcome: Outcome) -> dict[str, Any]:
    said = outcome.said.get(task.task, "") or outcome.trouble
    return {
        "test-name": f"{task.task} {task.title}",
        "passed": task.verdict == PASSED,
        "score": round(task.points),
        "max-score": round(task.most),
        "output": "" if task.verdict == PASSED else (said or task.verdict)[:LONGEST],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
