"""The one launcher of pytest: a chapter's tests, run silently in this process.

The command, the notebooks and the mutants all start pytest here, so they cannot disagree about the
result of a test. pytest's plugins and settings on this machine are left out: they could change a
grade, and loading them can take a second.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.graded_worlds import SERVE
from grader.plugin import result_of
from grader.report import Result
from grader.run_test import ROOM
from grader.verdicts import settled
from room.contract import Serve

_OPTIONS = (
    # pyproject.toml is not read: its rules, such as warnings as errors, are for our own tests.
    *("--disable-plugin-autoload", f"--config-file={os.devnull}", "--import-mode=importlib"),
    *("-p", "grader.plugin", "-p", "no:cacheprovider", "-p", "no:faulthandler"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning", "--capture=sys"),
    # They collect garbage five times at the end, to find errors of this process, not of the file.
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),
)


@dataclass(frozen=True)
class Run:
    """The outcome of running pytest: a `Result` for each test in each world.

    `has_run` says whether the tests could be read and run at all. If not, `output` says why. Each
    result has its conversation (`events`) and the test's source (`code`).
    """

    results: tuple[Result, ...]
    has_run: bool
    output: str


def run(
    tests: Path,
    root: Path,
    options: Sequence[str] = (),
    serve: Serve | None = None,
    task: str = "",
    on_result: Callable[[Result], None] | None = None,
) -> Run:
    """Run the tests in a file of the checkout at `root`, with options of pytest and the grader.

    With `serve`, that function is graded in this process, instead of a file. With `task`, only the
    tests of that task ("3.1") are run. `on_result` receives each result as soon as it is there,
    before the other tests can show another task to blame. `run` can be called any number of times.
    Until it returns, stdout and stderr of this process are redirected. Raises `OSError` when a file
    that `options` ask for cannot be written, and `KeyboardInterrupt` after Ctrl-C, once the child
    processes have ended.
    """
    collector = _ResultCollector(serve, task, on_result)
    with _without_pytest_settings(), _redirected() as output:
        try:
            status = pytest.main(
                [*_OPTIONS, f"--rootdir={root}", f"--confcutdir={root}", str(tests), *options],
                plugins=[collector],
            )
        finally:
            _forget(tests)
    has_run = status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    has_run = has_run or (status == pytest.ExitCode.NO_TESTS_COLLECTED and collector.has_collected)
    return Run(tuple(settled(collector.results)), has_run, output.getvalue())


class _ResultCollector:
    """A pytest plugin that sets what is graded, selects the task's tests, and keeps the results."""

    def __init__(
        self, serve: Serve | None, task: str, on_result: Callable[[Result], None] | None
    ) -> None:
        self.results: list[Result] = []
        self.has_collected = False
        self._serve = serve
        self._task = task
        self._on_result = on_result

    def pytest_configure(self, config: pytest.Config) -> None:
        if self._serve is not None:
            config.stash[SERVE] = self._serve

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.has_collected = True
        if self._task:
            items[:] = [item for item in items if self._task in _tasks(item)]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        made = yield
        result = result_of(made)
        if result is not None:
            room = item.stash.get(ROOM, None)
            events = tuple(room.conversation()) if room else ()
            code = inspect.getsource(item.obj) if isinstance(item, pytest.Function) else ""
            sent = tuple(room.sent) if room else ()
            self.results.append(result._replace(code=code, events=events, sent=sent))
            if self._on_result is not None:
                self._on_result(self.results[-1])
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Raise it again: pytest would spend half a second on a report that nobody reads."""
        # pytest has a subclass of it for tests that cannot be imported.
        if excinfo.type is KeyboardInterrupt:
            raise KeyboardInterrupt


def _tasks(item: pytest.Item) -> tuple[object, ...]:
    marker = item.get_closest_marker("task")
    return marker.args if marker else ()


def _forget(tests: Path) -> None:
    """Remove the tests from the imported modules, so that the next run reads them again."""
    for name, module in [*sys.modules.items()]:
        if getattr(module, "__file__", None) == str(tests):
            del sys.modules[name]


@contextlib.contextmanager
def _redirected() -> Iterator[io.StringIO]:
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        yield output


@contextlib.contextmanager
def _without_pytest_settings() -> Iterator[None]:
    """Set aside the environment variables by which pytest takes options and words comparisons."""
    # The last two say "this is CI", where pytest compares at greater length.
    names = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "CI", "BUILD_NUMBER")
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
