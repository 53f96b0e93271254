"""How much is tried of one file: a limit for all of it, fewer seeds where the import takes long."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from math import inf
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.effort import FEWEST, Effort
from grader.options import limit
from room.contract import Note

pytest_plugins = ["pytester"]

ECHO = """
import asyncio, threading, time

{at_import}

async def echo(reader, writer):
    while data := await reader.read(65536):
        {on_data}
        writer.write(data)

async def serve(bind, ssl_options):
    return await asyncio.start_server(echo, *bind)
"""
TESTS = '''
import pytest

@pytest.mark.task("1.1")
def test_an_echo_comes_back(room):
    """Whatever is sent comes back."""
    with open("seeds", "a") as file:
        file.write("1")
    alice = room.connect("alice")
    alice.send("hi\\n")
    alice.expect("hi\\n")

@pytest.mark.task("1.2")
def test_a_client_may_say_nothing(room):
    """Silence is answered by silence."""
    with open("seeds", "a") as file:
        file.write("2")
    room.connect("alice").expect_silence()
'''


@pytest.fixture
def house(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A workbook of one chapter, whose tests count how often they are run."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PATH", str(Path(sys.prefix, "bin")), prepend=os.pathsep)
    (pytester.path / "mkdocs.yml").write_text("site_name: a workbook")
    (pytester.path / "pytest.ini").write_text("[pytest]\naddopts = -p grader.plugin\n")
    tests = pytester.path / "tests/chapters/test_ch01_echo.py"
    tests.parent.mkdir(parents=True)
    tests.write_text(TESTS)
    return pytester


def grade(
    house: pytest.Pytester, *options: str, at_import: str = "pass", on_data: str = "pass"
) -> pytest.RunResult:
    (house.path / "mine.py").write_text(ECHO.format(at_import=at_import, on_data=on_data))
    return house.runpytest("--file", "mine.py", "--world", "child", "--alone", *options)


def conversations(house: pytest.Pytester) -> str:
    return (house.path / "seeds").read_text()


SLOW = "time.sleep(1)"


def test_a_file_that_takes_long_to_import_is_tried_less_and_its_line_is_told(
    house: pytest.Pytester,
) -> None:
    begun = time.monotonic()
    result = grade(house, at_import=SLOW)
    result.assert_outcomes(passed=2)
    assert time.monotonic() - begun < 40
    assert sorted(conversations(house)) == [*"111222"]
    result.stdout.fnmatch_lines(
        [
            "2 of 2 tasks passed.",
            "",
            "mine.py, line 4, takes 1.00 seconds at import, and is run again for every "
            "conversation.",
        ]
    )


def test_whoever_says_how_many_seeds_gets_as_many(house: pytest.Pytester) -> None:
    grade(house, "--seeds", "5", at_import=SLOW).assert_outcomes(passed=2)
    assert len(conversations(house)) == 10


def test_every_seed_is_tried_of_a_file_that_does_not_take_long(house: pytest.Pytester) -> None:
    result = grade(house)
    result.assert_outcomes(passed=2)
    assert len(conversations(house)) == 20
    result.stdout.no_fnmatch_line("*at import*")


def test_a_check_that_takes_too_long_is_ended(house: pytest.Pytester) -> None:
    begun = time.monotonic()
    in_each_answer = "threading.Event().wait(0.4)"
    result = grade(house, "--limit", "2", on_data=in_each_answer)
    assert time.monotonic() - begun < 40
    result.stdout.fnmatch_lines(
        [
            "Task 1.1  failed*",
            "Task 1.2  failed*",
            "The check took too long: it ends after 2 seconds.*",
            "1 more test fails for the same reason.",
        ]
    )


def test_a_loop_without_an_end_is_ended_by_the_limit_too(house: pytest.Pytester) -> None:
    result = grade(house, "--limit", "1", "--deadline", "50", on_data="while True: pass")
    result.stdout.fnmatch_lines(["The check took too long: * See mine.py, line 8."])


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, inf),
        ({"starter": True}, inf),
        ({"mine": True}, 60.0),
        ({"file": Path("mine.py")}, 60.0),
        ({"mine": True, "usepdb": True}, inf),
        ({"mine": True, "limit": 5.0}, 5.0),
        ({"limit": 5.0}, 5.0),
    ],
)
def test_learners_files_have_a_minute(given: dict[str, object], seconds: float) -> None:
    assert limit(SimpleNamespace(getoption=given.get)) == seconds  # type: ignore[arg-type]


def test_a_machine_that_can_start_no_process_is_told_and_no_test_passes(
    house: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **named: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    result = grade(house)
    result.stdout.fnmatch_lines(
        [
            "0 of 2 tasks passed.",
            "A process for the program cannot be started: Resource temporarily unavailable.",
        ]
    )
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def heard(message: str, tests: int = 10) -> Effort:
    """What is tried after a note with this message, in a session of so many tests."""
    effort = Effort()
    item = SimpleNamespace(path=Path("test.py"))
    item.session = SimpleNamespace(items=[item] * tests)
    effort.look_for_slow_import(item, [Note("slow import", message, file="mine.py", line=7)])  # type: ignore[arg-type]
    return effort


@pytest.mark.parametrize(
    ("message", "seeds"),
    [
        ("0.020 of 0.020", 20),
        ("0.020 of 0.100", 4),
        ("1.000 of 1.000", FEWEST),
        ("0.000 of 0.000", 4000),
    ],
)
def test_the_seeds_take_a_few_seconds(message: str, seeds: int) -> None:
    effort = heard(message)
    assert effort.seeds(10_000) == seeds
    assert effort.seeds(2) == 1


@pytest.mark.parametrize("message", ["", "nan of nan", "1e9 of 1e9", "-1.000 of -1.000", "9" * 999])
def test_what_is_not_said_in_our_way_is_not_heard(message: str) -> None:
    effort = heard(message)
    assert (effort.remark, effort.seeds(50), effort.seeds(2)) == ("", 50, 2)


def test_in_a_grade_only_what_the_judge_has_waited_for_costs_seeds() -> None:
    item = SimpleNamespace(path=Path("test_a.py"), session=SimpleNamespace(items=[]))
    item.session.items = [item] * 10
    note = Note("slow import", "9.000 of 9.000", file="mine.py", line=7)
    for waited, seeds in ((0.01, 10), (0.5, 6), (9.0, FEWEST)):
        effort = Effort()
        for room in (9.0, waited, 9.0):  # the first also starts a process
            assert not effort.remark
            effort.look_for_slow_import(item, [note], room)  # type: ignore[arg-type]
        assert effort.seeds(10) == seeds
        assert "takes 9.00 seconds at import" in effort.remark
