"""The pytest plugin that grades a chapter: `-p grader.plugin`.

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
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from course import chapter_of_test
from grader.files import given_file, graded_file, title_of, why_missing
from grader.report import FAILED, NOT_WRITTEN, PASSED, Result, report
from grader.run_test import ROOM as ROOM  # told to whoever asks this module
from grader.run_test import SEED, Attempts, NotWritten
from room.contract import Serve, Worlds
from room.failure import RoomFailure

if TYPE_CHECKING:  # these are for child processes, and the browser has none
    from grader.second_judge import SecondJudge
    from room.worlds.simulated import Child

WORLDS = ("in-process", "child", "tls")
SEEDS = {"in-process": 50, "child": 50, "tls": 2}

SERVE = pytest.StashKey[Serve]()
"""Set on the config, it is graded in place of any file, in this process (notebook.py)."""


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
        help="for an answer, of work or of sleep, before it is a hang (1.5)",
    )
    group.addoption(
        "--alone", action="store_true", help="use one processor: the others are wanted elsewhere"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "task(id): the task that this test grades, such as '3.1'")
    config.addinivalue_line("markers", "weather(kind): how bytes travel in this test: 'choppy'")
    chosen = [name for name in ("mine", "starter", "file") if config.getoption(name)]
    if len(chosen) > 1:
        given = " and ".join(f"--{name}" for name in chosen)
        raise pytest.UsageError(f"{given} exclude each other: one file is graded.")
    if not config.getoption("collectonly"):
        _start_early(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    if early := config.stash.get(_EARLY, None):
        early.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "room_worlds" in metafunc.fixturenames:
        worlds = _chosen_worlds(metafunc.config)
        metafunc.parametrize("room_worlds", worlds, indirect=True, scope="module")


@pytest.fixture(scope="module")
def room_worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    """Opens worlds of the graded file. Made once for each module and kind of world."""
    early = request.config.stash.get(_EARLY, None) if request.param == "child" else None
    worlds = early or _worlds(request.param, request.config, request.path)
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
    try:
        _run_each_seed(pyfuncitem)
    except (RoomFailure, NotWritten) as failure:
        pyfuncitem.stash[_FAILURE] = failure
        # pytest shows the text of this, and formats no traceback that nobody would see.
        raise pytest.fail.Exception(str(failure), pytrace=False) from None
    return True


def _run_each_seed(item: pytest.Function) -> None:
    attempts = _attempts(item, cast(Worlds, item.funcargs["room"]))
    for seed in _seeds(item):
        scout = item.config.stash.get(_SCOUT, None)
        if scout is None or not scout.has_passed((item, seed)):
            attempts.run(seed)
        if _SCOUT not in item.config.stash:  # not before a first conversation went well
            item.config.stash[_SCOUT] = _scout(item.session)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Call the scout back, if there is one beside the judge (scout.py)."""
    try:
        return (yield)
    finally:
        if scout := session.config.stash.get(_SCOUT, None):
            scout.call_back()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Our text in place of pytest's, and the facts for the report on the tasks."""
    made = yield
    if not _is_graded(item) or (call.when != "call" and not made.failed):
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
    from workbook.checkout.project import how_to_type_workbook

    return re.sub(r"\bworkbook(?= (hint|start) \d)", lambda _: how_to_type_workbook(), text)


class _Ahead:
    """What the scout does: the same attempts, in worlds of its own."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._worlds: dict[tuple[Path, str], Worlds] = {}
        self._given_up: set[pytest.Item] = set()

    def passes(self, one: tuple[pytest.Function, int]) -> bool:
        """Whether a test passes with a seed. Raises `RoomFailure` when the program breaks."""
        item, seed = one
        if item in self._given_up:
            return False
        try:
            _attempts(item, self._worlds_of(item)).run(seed)
        except Exception as error:
            if getattr(error, "wrong", None):
                raise
            self._given_up.add(item)
            return False
        return True

    def close(self) -> None:
        for worlds in self._worlds.values():
            worlds.close()

    def _worlds_of(self, item: pytest.Function) -> Worlds:
        key = item.path, _world(item)
        if key not in self._worlds:
            self._worlds[key] = _worlds(_world(item), self._config, item.path)
        return self._worlds[key]


_FAILURE = pytest.StashKey[RoomFailure | NotWritten]()
_EARLY = pytest.StashKey["Child"]()
_SCOUT = pytest.StashKey["SecondJudge[tuple[pytest.Function, int]] | None"]()
_ROOM_ONLY = {"room", "room_worlds", "request"}


def _scout(session: pytest.Session) -> SecondJudge[tuple[pytest.Function, int]] | None:
    option = session.config.getoption
    if not (option("mine") or option("file")) or option("alone") or option("collectonly"):
        return None
    if option("capture") == "no" or option("usepdb"):
        return None
    from grader.second_judge import FEWEST, SecondJudge, is_possible

    tries = _tries_of_a_scout(session)
    if len(tries) < FEWEST or not is_possible():
        return None
    ahead = _Ahead(session.config)
    return SecondJudge(tries, ahead.passes, ahead.close)


def _tries_of_a_scout(session: pytest.Session) -> list[tuple[pytest.Function, int]]:
    """Tests with seeds that a scout may take. The last seed is left to the judge, so that there is
    a conversation to show.
    """
    return [
        (item, seed)
        for item in session.items
        if isinstance(item, pytest.Function) and _world(item) != "in-process"
        if set(item.fixturenames) <= _ROOM_ONLY
        for seed in [*_seeds(item)][:-1]
    ]


def _attempts(item: pytest.Function, worlds: Worlds) -> Attempts:
    return Attempts(item, _task(item), worlds, item.funcargs)


def _is_graded(item: pytest.Item) -> bool:
    return "room_worlds" in getattr(item, "fixturenames", ())


def _check_marker(item: pytest.Item) -> None:
    if not chapter_of_test(item.path) and not _is_graded(item):
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
    from room.in_process import InProcess

    if SERVE in config.stash:
        return InProcess(config.stash[SERVE])
    file = graded_file(config, test_path)
    if name == "in-process":
        return InProcess(file)
    if name == "child":
        return _child(file, config)
    return _tls(file, _deadline(config))


def _start_early(config: pytest.Config) -> None:
    """Let the first child process start while pytest reads the tests."""
    file = given_file(config)
    if _chosen_worlds(config)[0] == "child" and file and file.is_file():
        config.stash[_EARLY] = child = _child(file, config)
        child.process.running()


def _child(file: Path, config: pytest.Config) -> Child:
    from room.worlds.simulated import Child

    return Child(file, _deadline(config))


def _tls(file: Path, deadline: float) -> Worlds:
    from grader.certificate import development_certificate
    from room.worlds.tls import Tls

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
        ("seed", item.stash.get(SEED, 0)),
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
    chapters = {_name_of(item) for item in items}
    if len(chapters) < 2:
        return
    name = config.getoption("file").stem
    if name not in chapters:
        raise pytest.UsageError(
            f"--file {config.getoption('file')} can be of one chapter only: name that chapter's "
            "tests as well, such as tests/chapters/test_ch03_on_connection.py."
        )
    _keep(config, items, [item for item in items if _name_of(item) == name])


def _name_of(item: pytest.Item) -> str:
    chapter = chapter_of_test(item.path)
    return chapter.name if chapter else ""


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
