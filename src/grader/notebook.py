"""Grades what a notebook's cells define: `grade("1.1", serve)`, and gives hints: `hint("1.1")`.

pytest runs the chapter's own tests in this process, on the simulated network. They are the same
tests, with the same plugin and the same report, as on the command line, so the two cannot disagree.
pytest's own output is left out. The report does not depend on the time, the machine or earlier
cells. Hints do: what was graded last decides which one comes first. A pass is remembered in
work/notebooks.json, where `workbook` sees it.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from pathlib import Path

from course import SourceError, all_chapters, chapter_of_test, find_root
from course.passes import remember_passes
from course.tasks import Task, read_tasks
from grader.cells import why_stale
from grader.hints import NotebookHints
from grader.report import PASSED, Result, report, summarize, verdicts
from grader.run import run
from room.contract import Serve


def grade(what: str, serve: Serve) -> None:
    """Print the report on one task ("1.1") or on all tasks of a chapter ("ch01_echo_server").

    `serve` is the function as the cells define it now. If something prevents grading, one sentence
    is printed that says so, and nothing is raised.
    """
    print(_report(what, serve))


def hint(what: str) -> None:
    """Print the next hint for a task ("1.1").

    If `grade` saw a known mistake, the hint for that mistake comes first.
    """
    print(_hint(str(what)))


_hints = NotebookHints()


def _hint(what: str) -> str:
    root = find_root(Path.cwd())
    if root is None:
        return _outside()
    try:
        found = {task.id: task for task in _tasks(root)}
    except (OSError, SourceError) as error:
        return f"The hints cannot be read: {error}"
    if what not in found:
        return f"There is no task {what!r}. Choose from: {', '.join(found)}."
    return f"{_hints.next(found[what])}\nMore: hint({what!r})"


def _tasks(root: Path) -> list[Task]:
    return [task for chapter in all_chapters(root) for task in read_tasks(chapter).tasks]


def _in_cells(results: tuple[Result, ...]) -> str:
    """Return the report, with what the learner can do next in a notebook."""
    summary = summarize(results)
    text = report(
        each._replace(diagnostic=each.diagnostic and replace(each.diagnostic, hint=""))
        for each in results
    )
    if summary is None:
        return text
    lines = [f'A hint, in a new cell: from grader import hint; hint("{summary.first.task}")']
    if " of the cell" in text:
        lines.append("To see line numbers in JupyterLab: menu View, Show Line Numbers.")
    return "\n".join([f"{text}\n", *lines])


def _remember_passes(root: Path, results: tuple[Result, ...]) -> None:
    """Save which tasks passed, for the `workbook` command, if this machine can."""
    passed = [task for task, verdict in verdicts(results).items() if verdict == PASSED]
    with contextlib.suppress(OSError, ImportError):  # read-only; a browser has no locks
        remember_passes(root, passed)


def _outside() -> str:
    return f"{Path.cwd()} is not inside the workbook, so its tests are not found."


def _report(what: str, serve: Serve) -> str:
    if not callable(serve):
        return f"grade takes your function serve, not {serve!r:.60}: grade({what!r}, serve)"
    root = find_root(Path.cwd())
    if root is None:
        return _outside()
    tests = root / "tests" / "chapters"
    task = re.fullmatch(r"(\d+)\.\d+", str(what))
    pattern = f"test_ch{int(task[1]):02}_*.py" if task else f"test_{what}.py"
    files = sorted(tests.glob(pattern))
    if not files:
        return f"No tests for {what!r}. A task is named like '1.1', a chapter 'ch01_echo_server'."
    chapter = chapter_of_test(files[0])
    if stale := why_stale(serve, chapter) if chapter else "":
        return stale
    found = run(files[0], root, serve=serve, task=task[0] if task else "")
    if found.results:
        _hints.remember(found.results)
        _remember_passes(root, found.results)
        return _in_cells(found.results)
    if task and found.has_run:
        return f"Chapter {int(task[1])} has no task {what}."
    return f"The tests did not run:\n{found.output.strip()}"
