"""Grades what a notebook's cells define: `grade("1.1", serve)`.

pytest runs the chapter's own tests in this process, on the simulated network. They are the same
tests, with the same plugin and the same report, as on the command line, so the two cannot disagree.
pytest's own output is left out. The report does not depend on the time, the machine or earlier
cells.
"""

from __future__ import annotations

import re
from pathlib import Path

from course import find_root
from grader.report import report
from grader.run import run
from room.contract import Serve


def grade(what: str, serve: Serve) -> None:
    """Print the report on one task ("1.1") or on all tasks of a chapter ("ch01_echo_server").

    `serve` is the function as the cells define it now. If something prevents grading, one sentence
    is printed that says so, and nothing is raised.
    """
    print(_report(what, serve))


def _report(what: str, serve: Serve) -> str:
    if not callable(serve):
        return f"grade takes your function serve, not {serve!r:.60}: grade({what!r}, serve)"
    root = find_root(Path.cwd())
    if root is None:
        return f"{Path.cwd()} is not inside of the workbook, so its tests are not found."
    tests = root / "tests" / "chapters"
    task = re.fullmatch(r"(\d+)\.\d+", str(what))
    pattern = f"test_ch{int(task[1]):02}_*.py" if task else f"test_{what}.py"
    files = sorted(tests.glob(pattern))
    if not files:
        return f"No tests for {what!r}. A task is named like '1.1', a chapter 'ch01_echo_server'."
    found = run(files[0], root, serve=serve, task=task[0] if task else "")
    if found.results:
        return report(found.results)
    if task and found.has_run:
        return f"Chapter {int(task[1])} has no task {what}."
    return f"The tests did not run:\n{found.output.strip()}"
