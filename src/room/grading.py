"""The pytest plugin that grades a chapter: `-p room.grading`.

A chapter's tests are in test_chNN_slug.py and take a `room`. What stands behind it is chosen here:
which file (the solution, or the learner's), in which worlds, with which seeds. One pytest item is
one test in one world; the item runs the test once for each seed, in a room of its own.

A failure shows the text of the failure and nothing of the tests: a learner is told what the server
did, by their own file and line. What became of each task is told at the end (report.py). With
xdist, in JUnit files and for `workbook` the same facts are in a report's `user_properties`.
"""

from __future__ import annotations

import argparse
import contextlib
import inspect
import io
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from room.breakdowns import Breakdowns
from room.failure import Disproved, RoomFailure, Stumbled, Unwritten, has_stumbled, unwritten
from room.graded_file import chapter_of, graded_file, title_of, why_missing
from room.report import FAILED, NOT_WRITTEN, PASSED, Result, place_of, report
from room.room import Room
from room.student import Serve
from room.worlds import WorldFailure, Worlds

WORLDS = ("in-process", "child", "tls")
SEEDS = {"in-process": 50, "child": 50, "tls": 2}

SERVE = pytest.StashKey[Serve]()
"""Set on the config, it is graded in place of any file, in this process (notebook.py)."""

ROOM = pytest.StashKey[Room | None]()
"""On an item that has run: the room that failed, or that of the last seed; None: none opened."""


class NotWritten(AssertionError):
    """A test reached a task that is not written yet. `str()` is the text."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("grading", "grading a chapter (without these: the solutions)")
    group.addoption("--mine", action="store_true", help="grade your own file, in work/")
    group.addoption("--starter", action="store_true", help="grade the starter of the chapter")
    group.addoption("--file", type=Path, metavar="PATH", help="grade this file")
    group.addoption(
        "--world",
        choices=[*WORLDS, "all"],
        help="where it runs (all; a learner's file never runs in this process unless you say so)",
    )
    group.addoption("--seeds", type=_positive, metavar="N", help="seeds 0 to N-1 (50; 2 over TLS)")
    group.addoption("--seed", type=int, metavar="N", help="this seed only")
    group.addoption(
        "--deadline",
        type=_seconds,
        metavar="SECONDS",
        help="for an answer, of work or of sleep, before it is a hang (2)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "task(id): the task that this test grades, such as '3.1'")
    config.addinivalue_line("markers", "weather(kind): how bytes travel in this test: 'choppy'")
    chosen = [name for name in ("mine", "starter", "file") if config.getoption(name)]
    if len(chosen) > 1:
        given = " and ".join(f"--{name}" for name in chosen)
        raise pytest.UsageError(f"{given} exclude each other: one file is graded.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "room_worlds" in metafunc.fixturenames:
        worlds = _chosen_worlds(metafunc.config)
        metafunc.parametrize("room_worlds", worlds, indirect=True, scope="module")


@pytest.fixture(scope="module")
def room_worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    """Opens worlds of the graded file. Made once for each module and kind of world."""
    worlds = _worlds(request.param, request.config, request.path)
    yield worlds
    worlds.close()


@pytest.fixture
def room(room_worlds: Worlds) -> Worlds:
    """A `Room` on the graded server, in the test. (Each seed gets its own: see below.)"""
    return room_worlds


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Hold the tests to their rules, and find what they grade before any of them runs."""
    for item in items:
        _check_marker(item)
    if config.getoption("mine") or config.getoption("starter") or config.getoption("file"):
        _keep(config, items, [item for item in items if _is_graded(item)])
    if config.getoption("mine"):
        _keep_what_was_started(config, items)
    if config.getoption("file"):
        _keep_one_chapter(config, items)
    if SERVE in config.stash:
        return
    for path in {item.path: None for item in items if _is_graded(item)}:
        file = graded_file(config, path)
        if not file.is_file():
            raise pytest.UsageError(_as_typed_here(why_missing(config, path, file)))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run the test once for each seed; the first failure ends it."""
    if not _is_graded(pyfuncitem):
        return None
    grader = _Grader(pyfuncitem)
    for seed in _seeds(pyfuncitem):
        grader.run(seed)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Our text in place of pytest's, and the facts for the report on the tasks."""
    made = yield
    if not _is_graded(item) or (call.when != "call" and not made.failed):
        return made
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, RoomFailure | NotWritten):
        made.longrepr = str(error)
    verdict = NOT_WRITTEN if isinstance(error, NotWritten) else FAILED if error else PASSED
    made.user_properties.extend(_facts(item, verdict, error))
    if printed := _printed(item, error):
        made.sections.append(("Captured stdout call", printed))
    return made


def pytest_report_teststatus(
    report: pytest.TestReport | pytest.CollectReport,
) -> tuple[str, str, str] | None:
    """Count what is not right yet apart, so that pytest leaves telling it to the report."""
    facts = dict(report.user_properties) if isinstance(report, pytest.TestReport) else {}
    verdict = facts.get("verdict", PASSED)
    if verdict == PASSED or not report.failed:
        return None
    return (
        ("not written yet", "N", "NOT WRITTEN YET")
        if verdict == NOT_WRITTEN
        else ("not right yet", "F", "FAILED")
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [each for listed in terminalreporter.stats.values() for each in listed]
    results = [found for each in reports if (found := result_of(each))]
    if results:
        terminalreporter.section("tasks")
        terminalreporter.write_line(_as_typed_here(report(results)))


def result_of(report: object) -> Result | None:
    """What a pytest report says about a task; None when it is about something else."""
    if not isinstance(report, pytest.TestReport):
        return None
    facts = dict(report.user_properties)
    if "verdict" not in facts:
        return None
    return Result(
        task=str(facts["task"]),
        title=str(facts["title"]),
        test=str(facts["test"]),
        world=str(facts["world"]),
        verdict=str(facts["verdict"]),
        seed=int(str(facts["seed"])),
        line=report.location[1] or 0,
        text=report.longreprtext,
        kind=str(facts["kind"]),
        printed=report.capstdout,
    )


def _as_typed_here(text: str) -> str:
    """The text with the workbook command's path in front, where it needs one."""
    from workbook.project import how_to_type_workbook

    return re.sub(r"\bworkbook(?= (hint|start) \d)", lambda _: how_to_type_workbook(), text)


class _Grader:
    """One test in one world."""

    def __init__(self, item: pytest.Function) -> None:
        self._item = item
        self._worlds = cast(Worlds, item.funcargs["room"])
        self._task = _task(item)
        self._rule = inspect.getdoc(item.obj) or ""
        self._takes = inspect.signature(item.obj).parameters
        self._breakdowns = _breakdowns(item)
        self._shows_output = item.config.getoption("capture") == "no"

    def run(self, seed: int) -> None:
        """Raise `RoomFailure`, or `NotWritten`, or whatever a mistake in the test itself raises."""
        self._item.stash[_SEED] = seed
        self._item.stash[ROOM] = None
        output = io.StringIO()
        try:
            self._look_back()
            with self._captured(output):
                notes = self._converse(seed)
        except RoomFailure as failure:
            self._remember(failure.wrong)
            self._reached(unwritten(failure.notes, failure.wrong))
            failure.rule = self._rule
            failure.hint_task = self._task
            failure.printed += output.getvalue()
            raise
        self._reached(unwritten(notes))

    def _converse(self, seed: int) -> list[Any]:
        room = self._item.stash[ROOM] = Room(self._worlds.open(), seed, _weather(self._item))
        given = {**self._item.funcargs, "room": room}
        try:
            with room:
                self._item.obj(**{name: given[name] for name in self._takes})
        except RoomFailure as failure:
            failure.printed = room.printed
            raise
        except AssertionError as error:
            claim = Disproved(str(error), transcript=room.transcript(), notes=room.notes)
            claim.printed = room.printed
            raise claim from error
        if has_stumbled(note for note in room.notes if note.type not in room.forgiven):
            raise Stumbled(transcript=room.transcript(), notes=room.notes)
        return room.notes

    def _look_back(self) -> None:
        """Raise `RoomFailure` when the program is known to break in this test."""
        if wrong := self._breakdowns.foretell(self._task):
            raise RoomFailure(client="", expected="", received="", notes=wrong.notes, wrong=wrong)

    def _remember(self, wrong: WorldFailure | None) -> None:
        if wrong and not self._breakdowns.foretell(self._task):
            was_open = self._item.stash[ROOM] is not None
            self._breakdowns.add(self._task, wrong, was_open)

    def _captured(self, output: io.StringIO) -> contextlib.AbstractContextManager[Any]:
        if self._shows_output:
            return contextlib.nullcontext()
        both = contextlib.ExitStack()
        both.enter_context(contextlib.redirect_stdout(output))
        both.enter_context(contextlib.redirect_stderr(output))
        return both

    def _reached(self, tasks: list[Unwritten]) -> None:
        """Reaching a task that is not written fails its own test, and those of later tasks."""
        for reached in tasks:
            if place_of(reached.task) <= place_of(self._task):
                raise NotWritten(str(reached)) from None


_SEED = pytest.StashKey[int]()
_BROKEN = pytest.StashKey[dict[Path, Breakdowns]]()


def _is_graded(item: pytest.Item) -> bool:
    return "room_worlds" in getattr(item, "fixturenames", ())


def _check_marker(item: pytest.Item) -> None:
    if not chapter_of(item.path) and not _is_graded(item):
        return
    marker = item.get_closest_marker("task")
    given = marker.args[0] if marker and len(marker.args) == 1 and not marker.kwargs else ""
    if not re.fullmatch(r"\d+\.\d+", str(given)):
        raise pytest.UsageError(
            f'{item.nodeid} names no task: write @pytest.mark.task("3.1"), with its id, above it.'
        )


def _task(item: pytest.Item) -> str:
    marker = item.get_closest_marker("task")
    assert marker is not None  # _check_marker saw to it
    return str(marker.args[0])


def _breakdowns(item: pytest.Item) -> Breakdowns:
    """Of the file that the chapter of this test grades, in every world."""
    return item.config.stash.setdefault(_BROKEN, {}).setdefault(item.path, Breakdowns())


def _weather(item: pytest.Item) -> str:
    marker = item.get_closest_marker("weather")
    return str(marker.args[0]) if marker else "calm"


def _chosen_worlds(config: pytest.Config) -> list[str]:
    if SERVE in config.stash:
        return ["in-process"]
    chosen = config.getoption("world")
    if chosen == "all":
        return [*WORLDS]
    if chosen:
        return [chosen]
    is_ours = not (config.getoption("mine") or config.getoption("file"))
    return [*WORLDS] if is_ours else ["child", "tls"]


def _worlds(name: str, config: pytest.Config, test_path: Path) -> Worlds:
    from room.worlds.in_process import InProcess

    if SERVE in config.stash:
        return InProcess(config.stash[SERVE])
    file = graded_file(config, test_path)
    if name == "in-process":
        return InProcess(file)
    if name == "child":
        from room.worlds.child import Child

        return Child(file, _deadline(config))
    return _tls(file, _deadline(config))


def _tls(file: Path, deadline: float) -> Worlds:
    from room.worlds.tls import Tls
    from workbook.certificate import development_certificate

    try:
        made = development_certificate()
    except Exception as error:  # no place to keep it, no way to make it: it says which
        pytest.fail(str(error), pytrace=False)
    return Tls(file, made.certificate, made.key, made.authority, deadline)


def _deadline(config: pytest.Config) -> float:
    from room.worlds.process import DEADLINE

    return float(config.getoption("deadline") or DEADLINE)


def _seeds(item: pytest.Function) -> range:
    one, many = item.config.getoption("seed"), item.config.getoption("seeds")
    if one is not None:
        return range(one, one + 1)
    return range(many or SEEDS[_world(item)])


def _world(item: pytest.Item) -> str:
    return str(item.callspec.params["room_worlds"]) if isinstance(item, pytest.Function) else ""


def _facts(
    item: pytest.Item, verdict: str, error: BaseException | None
) -> list[tuple[str, object]]:
    task = _task(item)
    wrong = error.wrong if isinstance(error, RoomFailure) else None
    return [
        ("task", task),
        ("title", title_of(item.path, task)),
        ("test", _sentence(item)),
        ("world", _world(item)),
        ("verdict", verdict),
        ("seed", item.stash.get(_SEED, 0)),
        ("kind", wrong.kind if wrong else ""),
    ]


def _printed(item: pytest.Item, error: BaseException | None) -> str:
    """What the program printed in the room that failed, or in that of the last seed."""
    if isinstance(error, RoomFailure):
        return error.printed
    room = item.stash.get(ROOM, None)
    return room.printed if room else ""


def _sentence(item: pytest.Item) -> str:
    """`a newcomer is announced` of test_a_newcomer_is_announced."""
    name = getattr(item, "originalname", None) or item.name
    return str(name).removeprefix("test_").replace("_", " ")


def _keep_what_was_started(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --mine, only chapters whose file is there; all of them when none is, to tell so."""
    started = [item for item in items if graded_file(config, item.path).is_file()]
    if started:
        _keep(config, items, started)


def _keep_one_chapter(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --file, the tests of the chapter it is called by, if there are more than one's."""
    chapters = {chapter_of(item.path) for item in items}
    if len(chapters) < 2:
        return
    name = config.getoption("file").stem
    if name not in chapters:
        raise pytest.UsageError(
            f"--file {config.getoption('file')} can be of one chapter only: name that chapter's "
            "tests as well, such as tests/chapters/test_ch03_on_connection.py."
        )
    _keep(config, items, [item for item in items if chapter_of(item.path) == name])


def _keep(config: pytest.Config, items: list[pytest.Item], kept: list[pytest.Item]) -> None:
    left_out = [item for item in items if item not in kept]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _positive(number: str) -> int:
    if not number.isdigit() or int(number) == 0:
        raise argparse.ArgumentTypeError(f"{number} is no number of seeds: give 1 or more")
    return int(number)


def _seconds(number: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 < float(number) < float("inf"):
            return float(number)
    raise argparse.ArgumentTypeError(f"{number} is no number of seconds: give more than 0")
