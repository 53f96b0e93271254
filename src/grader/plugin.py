"""The pytest plugin that grades a chapter: `-p grader.plugin`.

A chapter's tests are in test_chNN_slug.py and take a `room`. What stands behind it is chosen here:
which file (the solution, or the learner's), in which worlds, with which seeds. One pytest item is
one test in one world; the item runs the test once for each seed, in a room of its own.

A failure shows the text of the failure and nothing of the tests: a learner is told what the server
did, by their own file and line. What became of each task is told at the end (report.py). With
xdist, in JUnit files and for `workbook` the same facts are in a report's `user_properties`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, cast

import pytest

from grader.files import graded_file, title_of, why_missing
from grader.graded_worlds import (
    EARLY,
    SERVE,
    chosen_worlds,
    grades_ours,
    make_worlds,
    start_early,
)
from grader.items import check_marker, is_graded, seeds_of, sentence_of, task_of, world_of
from grader.options import add_options, check_options
from grader.report import FAILED, NOT_WRITTEN, PASSED, Result, report
from grader.run_test import ROOM, SEED, Attempts, NotWritten
from grader.selection import select
from room.contract import Worlds
from room.failure import RoomFailure

if TYPE_CHECKING:  # it forks, which the browser cannot
    from grader.second_judge import SecondJudge

_FAILURE = pytest.StashKey[RoomFailure | NotWritten]()
"""On an item that was not right, or not written yet: why."""

_SECOND_JUDGE: pytest.StashKey[SecondJudge[tuple[pytest.Function, int]] | None] = pytest.StashKey()
"""On the config, once a first conversation went well: the second judge, if there is one."""


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "task(id): the task that this test grades, such as '3.1'")
    config.addinivalue_line("markers", "simulated: depends on one turn of the loop; not over TLS")
    config.addinivalue_line("markers", "weather(kind): how bytes travel in this test: 'choppy'")
    check_options(config)
    if not grades_ours(config):  # a learner's grade must not depend on what this Python warns of
        config.addinivalue_line("filterwarnings", "default")
    if not config.getoption("collectonly"):
        start_early(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    if early := config.stash.get(EARLY, None):
        early.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "room_worlds" in metafunc.fixturenames:
        worlds = chosen_worlds(metafunc.config)
        metafunc.parametrize("room_worlds", worlds, indirect=True, scope="module")


@pytest.fixture(scope="module")
def room_worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    """Opens worlds of the graded file. Made once for each module and kind of world."""
    early = request.config.stash.get(EARLY, None) if request.param == "child" else None
    worlds = early or make_worlds(request.param, request.config, request.path)
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
        check_marker(item)
    select(config, items)
    if SERVE in config.stash:
        return
    for path in {item.path: None for item in items if is_graded(item)}:
        file = graded_file(config, path)
        if not file.is_file():
            raise pytest.UsageError(why_missing(config, path, file))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run the test once for each seed; the first failure ends it."""
    if not is_graded(pyfuncitem):
        return None
    try:
        _run_each_seed(pyfuncitem)
    except (RoomFailure, NotWritten) as failure:
        pyfuncitem.stash[_FAILURE] = failure
        # pytest shows the text of this, and formats no traceback that nobody would see.
        raise pytest.fail.Exception(str(failure), pytrace=False) from None
    return True


def _run_each_seed(item: pytest.Function) -> None:
    attempts = Attempts(item, task_of(item), cast(Worlds, item.funcargs["room"]), item.funcargs)
    stash = item.config.stash
    for seed in seeds_of(item):
        second = stash.get(_SECOND_JUDGE, None)
        if second is None or not second.has_passed((item, seed)):
            attempts.run(seed)
        if _SECOND_JUDGE not in stash and world_of(item) != "in-process":
            from grader.second_judge import send_out

            stash[_SECOND_JUDGE] = send_out(item.session)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Call the second judge back, if there is one."""
    try:
        return (yield)
    finally:
        if second := session.config.stash.get(_SECOND_JUDGE, None):
            second.call_back()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Our text in place of pytest's, and the facts for the report on the tasks."""
    made = yield
    if not is_graded(item) or (call.when != "call" and not made.failed):
        return made
    error = item.stash.get(_FAILURE, None) or (call.excinfo.value if call.excinfo else None)
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
        terminalreporter.write_line(report(results))


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


def _facts(
    item: pytest.Item, verdict: str, error: BaseException | None
) -> list[tuple[str, object]]:
    task = task_of(item)
    wrong = error.wrong if isinstance(error, RoomFailure) else None
    return [
        ("task", task),
        ("title", title_of(item.path, task)),
        ("test", sentence_of(item)),
        ("world", world_of(item)),
        ("verdict", verdict),
        ("seed", item.stash.get(SEED, 0)),
        ("kind", wrong.kind if wrong else ""),
    ]


def _printed(item: pytest.Item, error: BaseException | None) -> str:
    """What the program printed in the room that failed, or in that of the last seed."""
    if isinstance(error, RoomFailure):
        return error.printed
    room = item.stash.get(ROOM, None)
    return room.printed if room else ""
