"""The pytest plugin that grades a chapter: `-p grader.plugin`.

A chapter's tests are in test_chNN_slug.py and take a `room`. The options choose what is behind it:
which file (our solution or the learner's), in which worlds, with which seeds. One pytest item is
one test in one world. The item runs the test once for each seed, in a room of its own.

A failure shows its own text and nothing of the tests: it says what the server did, with the
learner's own file and line. A report on each task comes at the end (report.py). The same facts are
in `user_properties` of pytest's reports, for xdist, JUnit files and `workbook`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, cast

import pytest

from grader.claims import compared
from grader.effort import FEWEST, effort_of
from grader.files import graded_file, title_of, why_missing
from grader.graded_worlds import (
    EARLY,
    SERVE,
    chosen_worlds,
    grades_ours,
    make_worlds,
    start_early,
)
from grader.items import (
    check_marker,
    is_graded,
    passage_for,
    seeds_of,
    sentence_of,
    task_of,
    world_of,
)
from grader.options import add_options, check_options
from grader.report import FAILED, NOT_WRITTEN, PASSED, WAITS, Result, report
from grader.run_test import (
    CLAIM,
    REACHED,
    ROOM,
    SEED,
    Attempts,
    NotWritten,
    Waits,
    tasks_that_can_fail,
)
from grader.selection import select
from grader.verdicts import settled
from room.contract import Worlds
from room.failure import Diagnostic, RoomFailure, as_text, diagnostic_of, verbatim

if TYPE_CHECKING:  # it forks, and the browser cannot
    from grader.second_judge import SecondJudge

_FAILURE = pytest.StashKey[RoomFailure | NotWritten | Waits]()
"""On an item: why the test failed, or which task is not written yet."""

_DIAGNOSTIC: pytest.StashKey[Diagnostic] = pytest.StashKey()
"""On the same item: the failure as data."""

_SECOND_JUDGE: pytest.StashKey[SecondJudge[tuple[pytest.Function, int]] | None] = pytest.StashKey()
"""On the config, after the first conversations that went well: the second judge, or None."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that choose what is graded."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, check the options, and start the first child process."""
    config.addinivalue_line("markers", "task(id, rule=name): the task and the rule that it grades")
    config.addinivalue_line("markers", "simulated: depends on one turn of the loop; not over TLS")
    config.addinivalue_line("markers", "weather(kind): how bytes travel in this test: 'choppy'")
    check_options(config)
    if not grades_ours(config):  # a learner's grade must not depend on what this Python warns of
        config.addinivalue_line("filterwarnings", "default")
    if not config.getoption("collectonly"):
        start_early(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the worlds that were opened before the tests were read."""
    if early := config.stash.get(EARLY, None):
        early.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one item of each graded test for each kind of world."""
    if "room_worlds" in metafunc.fixturenames:
        worlds = chosen_worlds(metafunc.config)
        metafunc.parametrize("room_worlds", worlds, indirect=True, scope="module")


@pytest.fixture(scope="module")
def room_worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    """Make the worlds of the graded file, once for each module and kind of world."""
    early = request.config.stash.get(EARLY, None) if request.param == "child" else None
    worlds = early or make_worlds(request.param, request.config, request.path)
    yield worlds
    worlds.close()


@pytest.fixture
def room(room_worlds: Worlds) -> Worlds:
    """Return the worlds; the test gets a `Room` from them in their place, one for each seed."""
    return room_worlds


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Check the tests' markers, select tests, and find the graded files before any test runs."""
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
    stash = pyfuncitem.config.stash
    stash[CLAIM] = []
    try:
        _run_each_seed(pyfuncitem)
    except (RoomFailure, NotWritten, Waits) as failure:
        pyfuncitem.stash[_FAILURE] = failure
        pyfuncitem.stash[_DIAGNOSTIC] = diagnostic = failure.diagnostic()
        # pytest shows only this text, and does not format a traceback that nobody would see.
        raise pytest.fail.Exception(as_text(diagnostic), pytrace=False) from None
    finally:
        del stash[CLAIM]
    return True


def pytest_assertrepr_compare(
    config: pytest.Config, op: str, left: object, right: object
) -> list[str] | None:
    """Word a comparison for the learner, in a graded test only."""
    if CLAIM not in config.stash:
        return None
    config.stash[CLAIM] = lines = compared(op, left, right)
    return lines or None


def _run_each_seed(item: pytest.Function) -> None:
    attempts = Attempts(item, task_of(item), cast(Worlds, item.funcargs["room"]), item.funcargs)
    stash = item.config.stash
    for seed in seeds_of(item):
        if seed not in seeds_of(item):  # they have become fewer
            break
        second = stash.get(_SECOND_JUDGE, None)
        if second is None or not second.has_passed((item, seed)):
            attempts.run(seed)
        is_known = seed >= FEWEST - 1  # how many seeds there will be
        if is_known and _SECOND_JUDGE not in stash and world_of(item) != "in-process":
            from grader.second_judge import send_out

            stash[_SECOND_JUDGE] = send_out(item.session)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Call back the second judge, if there is one."""
    try:
        return (yield)
    finally:
        if second := session.config.stash.get(_SECOND_JUDGE, None):
            second.call_back()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to pytest's report what the program printed and the facts for the report on the tasks."""
    made = yield
    if not is_graded(item) or (call.when != "call" and not made.failed):
        return made
    error = item.stash.get(_FAILURE, None) or (call.excinfo.value if call.excinfo else None)
    made.user_properties.extend(_facts(item, _verdict(error)))
    if printed := _printed(item, error):
        made.sections.append(("Captured stdout call", printed))
    return made


def _verdict(error: BaseException | None) -> str:
    match error:
        case None:
            return PASSED
        case NotWritten():
            return NOT_WRITTEN
        case Waits():
            return WAITS
    return FAILED


def pytest_report_teststatus(
    report: pytest.TestReport | pytest.CollectReport,
) -> tuple[str, str, str] | None:
    """Count failures under names of our own, so that pytest leaves them to the report on tasks."""
    facts = dict(report.user_properties) if isinstance(report, pytest.TestReport) else {}
    verdict = facts.get("verdict", PASSED)
    if verdict == PASSED or not report.failed:
        return None
    known = {
        NOT_WRITTEN: ("not written yet", "N", "NOT WRITTEN YET"),
        WAITS: ("waiting for another task", "w", "WAITS"),
    }
    return known.get(str(verdict), ("not right yet", "F", "FAILED"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the report on the tasks."""
    reports = [each for listed in terminalreporter.stats.values() for each in listed]
    results = [found for each in reports if (found := result_of(each))]
    if results:
        terminalreporter.section("tasks")
        terminalreporter.write_line(report(settled(results)))


def result_of(report: object) -> Result | None:
    """Return what a pytest report says about a task, or None if it is about something else."""
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
        diagnostic=_diagnostic_of(report),
        remark=str(facts["remark"]),
        printed=report.capstdout,
        function=str(facts["function"]),
        reached=_listed(facts["reached"]),
        through=_listed(facts["through"]),
        blames=str(facts["blames"]),
        waits_for=_listed(facts["waits_for"]),
    )


def _listed(tasks: object) -> tuple[str, ...]:
    return tuple(str(tasks).split())


def _diagnostic_of(report: pytest.TestReport) -> Diagnostic | None:
    """Return why a test failed, in pytest's words if the mistake is in the test itself."""
    if not report.failed:
        return None
    ours = dict(report.user_properties).get("diagnostic")
    if ours is None:
        return verbatim(report.longreprtext)
    return diagnostic_of(str(ours))


def _facts(item: pytest.Item, verdict: str) -> list[tuple[str, object]]:
    task, diagnostic = task_of(item), item.stash.get(_DIAGNOSTIC, None)
    error = item.stash.get(_FAILURE, None)
    reached: set[str] = item.stash.setdefault(REACHED, set())
    passage = passage_for(item) if isinstance(item, pytest.Function) else None
    through = passage.through if passage else frozenset()
    if verdict == FAILED and isinstance(item, pytest.Function):
        through = tasks_that_can_fail(item)
    return [
        ("task", task),
        ("title", title_of(item.path, task)),
        ("test", sentence_of(item)),
        ("world", world_of(item)),
        ("verdict", verdict),
        ("seed", item.stash.get(SEED, 0)),
        ("kind", diagnostic.kind if diagnostic else ""),
        ("function", getattr(item, "originalname", None) or item.name),
        ("reached", " ".join(sorted(reached))),
        ("through", " ".join(sorted(through))),
        ("blames", error.blames if isinstance(error, RoomFailure) else ""),
        ("waits_for", " ".join(error.others) if isinstance(error, Waits) else ""),
        *([("diagnostic", diagnostic.as_json())] if diagnostic else []),
        ("remark", effort_of(item.config, item.path).remark),
    ]


def _printed(item: pytest.Item, error: BaseException | None) -> str:
    """Return what the program printed in the room that failed, or else in the last seed's room."""
    if isinstance(error, RoomFailure):
        return error.printed
    room = item.stash.get(ROOM, None)
    return room.printed if room else ""
