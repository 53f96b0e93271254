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
from typing import TYPE_CHECKING

import pytest

from grader.files import title_of
from grader.graded_worlds import LAUNCHER, SERVE
from grader.items import is_graded, sentence_of, task_of, world_of
from grader.plugin import result_of
from grader.report import FAILED, Result
from grader.run_test import ROOM
from grader.verdicts import settled
from room.contract import Serve

if TYPE_CHECKING:  # it starts processes, and the browser cannot
    from room.worlds.launch import Launcher

Listen = Callable[[int, Result], None]
"""Called with a result when it is known, and its place among the tests that were collected."""

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
    listen: Listen | None = None,
) -> Run:
    """Run the tests in a file of the checkout at `root`, with options of pytest and the grader.

    With `serve`, that function is graded in this process, instead of a file. With `task`, only the
    tests of that task ("3.1") are run. `listen` hears of each result at once, before it is settled.
    `run` can be called any number of times. Until it returns, stdout and stderr of this process are
    redirected. Raises `OSError` when a file that `options` ask for cannot be written, and
    `KeyboardInterrupt` after Ctrl-C, once the child processes have ended.
    """
    return _run((tests,), root, options, _ResultCollector(serve, task, listen=listen))


def run_confined(
    tests: Sequence[Path],
    root: Path,
    options: Sequence[str],
    launcher: Launcher | None,
    listen: Listen,
) -> Run:
    """Run tests on a file whose processes `launcher` starts, and report each result at once.

    What is reported is not settled yet: a test that failed because of another task has failed.
    """
    return _run(tests, root, options, _ResultCollector(launcher=launcher, listen=listen))


def expected(tests: Sequence[Path], root: Path, options: Sequence[str]) -> Run:
    """Return a failed result for each test that the same options would run, without running it."""
    collector = _ResultCollector()
    found = _run(tests, root, [*options, "--collect-only", "-q"], collector)
    return Run(tuple(collector.expected), found.has_run, found.output)


def _run(
    tests: Sequence[Path], root: Path, options: Sequence[str], collector: _ResultCollector
) -> Run:
    paths = [str(path) for path in tests]
    with _without_pytest_settings(), _redirected() as output:
        try:
            status = pytest.main(
                [*_OPTIONS, f"--rootdir={root}", f"--confcutdir={root}", *paths, *options],
                plugins=[collector],
            )
        finally:
            _forget(paths)
    has_run = status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    has_run = has_run or (status == pytest.ExitCode.NO_TESTS_COLLECTED and collector.has_collected)
    return Run(tuple(settled(collector.results)), has_run, output.getvalue())


class _ResultCollector:
    """A pytest plugin that sets what is graded, selects the task's tests, and keeps the results."""

    def __init__(
        self,
        serve: Serve | None = None,
        task: str = "",
        launcher: Launcher | None = None,
        listen: Listen | None = None,
    ) -> None:
        self.results: list[Result] = []
        self.expected: list[Result] = []
        self.has_collected = False
        self._serve = serve
        self._task = task
        self._launcher = launcher
        self._listen = listen
        self._places: dict[pytest.Item, int] = {}

    # Before the grader's own plugin, which starts the first process in the same hook.
    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        if self._serve is not None:
            config.stash[SERVE] = self._serve
        if self._launcher is not None:
            config.stash[LAUNCHER] = self._launcher

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.has_collected = True
        if self._task:
            items[:] = [item for item in items if self._task in _tasks(item)]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        graded = [item for item in session.items if is_graded(item)]
        self._places = {item: place for place, item in enumerate(graded)}
        self.expected = [_unknown(item) for item in graded]

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
            script = room.script() if room else None
            self.results.append(result._replace(code=code, events=events, sent=sent, script=script))
            if self._listen is not None:
                self._listen(self._places[item], self.results[-1])
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


def _unknown(item: pytest.Item) -> Result:
    """Return the result of a test that has not shown anything."""
    return Result(
        task=task_of(item),
        title=title_of(item.path, task_of(item)),
        test=sentence_of(item),
        world=world_of(item),
        verdict=FAILED,
        line=item.location[1] or 0,
        function=getattr(item, "originalname", None) or item.name,
    )


def _forget(tests: Sequence[str]) -> None:
    """Remove the tests from the imported modules, so that the next run reads them again."""
    for name, module in [*sys.modules.items()]:
        if getattr(module, "__file__", None) in tests:
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
