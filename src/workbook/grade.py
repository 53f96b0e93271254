"""Grading a chapter's file: its tests run by pytest, silently, in this process.

The tests and the plugin are those of a bare `pytest`, so that the two cannot disagree. What is
graded runs in child processes only. Nothing that happens to be installed or set for pytest may
change a grade, or cost the second that it takes.

What cannot be graded is `trouble`, one message; it is never a pass.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import sys
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from room.grading import ROOM, result_of
from room.report import PASSED, Result
from workbook.project import Chapter, how_to_type_workbook, shown

_QUIETLY = (
    *("--disable-plugin-autoload", "--override-ini=addopts=", "--import-mode=importlib"),
    *("-p", "room.grading", "-p", "no:cacheprovider", "-p", "no:faulthandler"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning", "--capture=sys"),
    # They collect garbage five times at the end, to find faults of this process, not of the file's.
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),
)


@dataclass(frozen=True)
class Graded:
    """What came of a check. `trouble` says why nothing could be graded; "" when it could.

    Each result knows the conversation (`events`) and the test's source (`code`).
    """

    chapter: Chapter
    file: Path
    results: tuple[Result, ...]
    trouble: str = ""
    world: str | None = None  # the only one that was tried
    seed: int | None = None  # the only one that was tried

    @property
    def passed(self) -> bool:
        """Whether there were tests and each of them passed."""
        return (
            not self.trouble
            and bool(self.results)
            and all(result.verdict == PASSED for result in self.results)
        )

    @property
    def is_whole(self) -> bool:
        """Whether it says how far the learner is: their file, every world, every seed."""
        of_their_file = self.file.absolute() == self.chapter.work.absolute()
        return of_their_file and self.world is None and self.seed is None and bool(self.results)


def grade(
    chapter: Chapter,
    file: Path,
    *,
    world: str | None = None,
    seed: int | None = None,
    junitxml: Path | None = None,
) -> Graded:
    """Run the chapter's tests on a file, in one world or in all, with one seed or with all.

    May be called again and again. Until it returns, stdout and stderr of this process are
    redirected. Raises KeyboardInterrupt after Ctrl-C, when the children are gone.
    """
    if missing := _missing(chapter, file):
        return Graded(chapter, file, (), missing, world, seed)
    options = [f"--rootdir={chapter.project}", str(chapter.test), "--file", str(file.absolute())]
    options += ["--world", world] if world else []
    options += ["--seed", str(seed)] if seed is not None else []
    options += [f"--junitxml={junitxml.absolute()}"] if junitxml else []
    run, trouble = _Run(), ""
    with _undisturbed(), _redirected() as said:
        try:
            status = pytest.main([*_QUIETLY, *options], plugins=[run])
        except OSError as error:  # the JUnit file is the only one that pytest writes
            status = pytest.ExitCode.INTERNAL_ERROR
            trouble = f"{error.filename or junitxml} cannot be written: {error.strerror}."
        finally:
            _forget_the_tests(chapter)
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) or not run.results:
        trouble = trouble or _not_run(chapter, said.getvalue())
    return Graded(chapter, file, tuple(run.results), trouble, world, seed)


def _missing(chapter: Chapter, file: Path) -> str:
    """One line on a file that is not there, "" when all are."""
    if not chapter.test.is_file():
        return f"Chapter {chapter.number} has no tests ({shown(chapter.test)}): nothing to check."
    if file.is_file():
        return ""
    if file.is_dir():
        return f"{shown(file)} is a folder: name the file in it."
    if file.absolute() == chapter.work.absolute():
        start = f"{how_to_type_workbook()} start {chapter.number}"
        return f"{shown(file)} is not there yet. Make it: {start}"
    return f"{shown(file)} is not there: check how it is spelled."


def _not_run(chapter: Chapter, said: str) -> str:
    return (
        f"The tests of chapter {chapter.number} did not run. If you have changed them, bring them "
        f"back: git restore {shown(chapter.test)}\n{said.strip()}"
    )


def _forget_the_tests(chapter: Chapter) -> None:
    """Let the next run read the tests as they are then."""
    for name, module in [*sys.modules.items()]:
        if getattr(module, "__file__", None) == str(chapter.test):
            del sys.modules[name]


class _Run:
    """A plugin that keeps what a run of pytest found."""

    def __init__(self) -> None:
        self.results: list[Result] = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        made = yield
        result = result_of(made)
        if result is not None:
            room = item.stash.get(ROOM, None)
            events = tuple(room.events) if room else ()
            code = inspect.getsource(item.obj) if isinstance(item, pytest.Function) else ""
            self.results.append(result._replace(code=code, events=events))
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """End it here: pytest would take half a second to find out where it was, for nobody."""
        # pytest's own, for tests that cannot be imported, is derived from it
        if excinfo.type is KeyboardInterrupt:
            raise KeyboardInterrupt


@contextlib.contextmanager
def _redirected() -> Iterator[io.StringIO]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        yield said


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Set aside what the environment asks of every pytest."""
    names = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
