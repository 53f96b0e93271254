"""Grading what a notebook's cells define: `grade("1.1", serve)`.

The chapter's own tests run, by pytest, in this process, on the simulated network: the same tests,
the same plugin and the same report as on the command line, so the two cannot disagree. pytest's own
output is left out. Nothing that is printed depends on the time, the machine or earlier cells.
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from room.graded_file import find_root
from room.grading import SERVE, result_of
from room.report import Result, report
from room.student import Program, Serve

_QUIETLY = (
    *("--disable-plugin-autoload", "--override-ini=addopts=", "--import-mode=importlib"),
    *("-p", "room.grading", "-p", "no:cacheprovider", "-p", "no:faulthandler"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning", "--capture=sys"),
)


def grade(what: str, serve: Serve) -> None:
    """Print the report on one task ("1.1") or on all tasks of a chapter ("ch01_echo_server").

    `serve` is the function as the cells define it now. Anything that prevents grading is printed
    as one sentence; nothing is raised.
    """
    print(_graded(what, serve))


def solution(chapter: str) -> Serve:
    """`serve` of a finished chapter ("ch01_echo_server"), to look at what it does.

    Raises `FileNotFoundError` if there is no such chapter.
    """
    root = find_root(Path.cwd())
    file = (root or Path.cwd()) / "solutions" / f"{chapter}.py"
    if not file.is_file():
        raise FileNotFoundError(f"there is no solution {file.name!r}: is it spelled as its folder?")
    return Program(file).load()


def _graded(what: str, serve: Serve) -> str:
    if not callable(serve):
        return f"grade takes your function serve, not {serve!r:.60}: grade({what!r}, serve)"
    root = find_root(Path.cwd())
    if root is None:
        return f"{Path.cwd()} is not inside of the workbook, so its tests are not found."
    tests = root / "tests" / "chapters"
    task = re.fullmatch(r"(\d+)\.\d+", str(what))
    pattern = f"test_ch{int(task[1]):02}_*.py" if task else f"test_{what}.py"
    found = sorted(tests.glob(pattern))
    if not found:
        return f"No tests for {what!r}. A task is named like '1.1', a chapter 'ch01_echo_server'."
    run = _Run(serve, task[0] if task else "")
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        pytest.main([*_QUIETLY, f"--rootdir={root}", str(found[0])], plugins=[run])
    if run.results:
        return report(run.results)
    if task and run.ran:
        return f"Chapter {int(task[1])} has no task {what}."
    return f"The tests did not run:\n{said.getvalue().strip()}"


class _Run:
    """What this run of pytest grades, and what came of it: a plugin for `pytest.main`."""

    def __init__(self, serve: Serve, task: str) -> None:
        self.results: list[Result] = []
        self.ran = False
        self._serve = serve
        self._task = task

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[SERVE] = self._serve

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.ran = True
        if self._task:
            items[:] = [item for item in items if self._task in _tasks(item)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        result = result_of(report)
        if result is not None:
            self.results.append(result)


def _tasks(item: pytest.Item) -> tuple[object, ...]:
    marker = item.get_closest_marker("task")
    return marker.args if marker else ()
