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

from classroom.errors import ClassError
from classroom.outputs.formats import gradescope
from course.files import write_atomically
from services.one import grade_one


def main(arguments: list[str]) -> int:
    """Grade, and write the result. The argument is the service's folder, by default /autograder."""
    home = Path(*arguments[:1] or ["/autograder"])
    try:
        result = _result(home)
    except ClassError as error:
        result = _not_graded(str(error))
    write_atomically(home / "results" / "results.json", result.encode())
    return 0


def _result(home: Path) -> str:
    graded = grade_one(home / "source", home / "submission")
    if graded.is_our_fault:
        return _not_graded(graded.mark.trouble)
    return gradescope(graded.mark, graded.results, graded.hidden)


def _not_graded(why: str) -> str:
    """Return the content of results.json when nothing could be graded, which is our fault."""
    said = (
        "This was not graded, and that is not the fault of your program. Please tell your teacher: "
        + why
    )
    return json.dumps({"score": 0, "output": said, "output_format": "text", "tests": []})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
