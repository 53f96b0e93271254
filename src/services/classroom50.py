"""Classroom 50: grades the student's checkout, and prints what belongs into result.json.

`autograder.py`, which the service starts, writes that file. Scores are whole numbers there, so
points are rounded. Owner, type and times are stamped by the service, whatever stands here.

https://github.com/foundation50/classroom50/wiki/Advanced-Autograding
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classroom.errors import ClassError
from classroom.outputs.formats import classroom50
from services.one import Graded, grade_one

LONGEST = 5000  # characters of one task's output


def main(arguments: list[str]) -> int:
    """Grade the checkout, the second argument, with the bundle, the first, for the third.

    The third is the identity that the service has given, as JSON. The exit status is 1, with a line
    of error, when nothing could be graded: the service then says so.
    """
    bundle, checkout, identity = arguments
    try:
        graded = grade_one(Path(bundle), Path(checkout))
    except ClassError as error:
        print(error, file=sys.stderr)
        return 1
    if graded.is_our_fault:
        print(graded.mark.trouble, file=sys.stderr)
        return 1
    print(json.dumps(_result(graded, json.loads(identity))))
    return 0


def _result(graded: Graded, identity: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of result.json. `identity` has what the service says of the submission."""
    result: dict[str, Any] = json.loads(classroom50(graded.mark, datetime.now(UTC))) | identity
    for task, test in zip(graded.mark.points.tasks, result["tests"], strict=True):
        if not test["passed"]:
            test["output"] = (graded.why(task.task) or task.verdict)[:LONGEST]
    return result | {"isolation": graded.mark.level}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
