"""A file that takes long to import is found out about, with the line, and sleeps only once."""

import time
import warnings

import pytest

from room import Room
from room.child.program import Program
from room.child.repeated import SLOW, Repeated

SERVE = "\nasync def serve(bind, ssl_options): pass\n"
WORK = "TABLE = sum(range(3_000_000))"


@pytest.fixture
def executed(program):
    """Executes a file several times; returns what was found out about it, and the last module."""

    def execute(source, times=4):
        path = program(source + SERVE)
        repeated = Repeated(path.read_bytes(), str(path))
        for _ in range(times):
            module = {"__name__": "program"}
            repeated.execute(module)
        return repeated.note, module

    return execute


def told(note):
    line, whole = note.message.split(" of ")
    return note.line, float(line), float(whole)


def test_an_import_that_takes_no_time_is_not_worth_a_word(executed):
    note, module = executed("import asyncio, json\nTABLE = list(range(100))\n", times=50)
    assert note is None
    assert module["TABLE"][-1] == 99


def test_the_line_that_works_longest_is_told(executed):
    note, module = executed(f"import asyncio\n\nFEW = sum(range(99))\n{WORK}\nMORE = 1\n")
    line, seconds, whole = told(note)
    assert line == 4
    assert SLOW < seconds <= whole < 10
    assert module["TABLE"] == sum(range(3_000_000))


def test_nothing_is_told_before_it_is_known(executed):
    assert executed(f"{WORK}\n", times=2)[0] is None
    assert executed(f"{WORK}\n", times=3)[0] is not None


def test_work_that_the_first_import_does_for_all_is_not_counted(executed):
    once = f"import json\nif not hasattr(json, 'table'):\n    {WORK}\n    json.table = TABLE\n"
    try:
        assert executed(once)[0] is None
    finally:
        import json

        del json.table


def test_sleep_is_counted_and_takes_no_time_when_it_is_repeated(executed):
    begun = time.monotonic()
    note, _ = executed("import time\n\ntime.sleep(0.3)\n", times=20)
    assert time.monotonic() - begun >= 0.3
    assert told(note)[:2] == (3, pytest.approx(0.3, abs=0.1))


def test_a_sleep_that_is_imported_sleeps_as_ever_later(executed):
    _, module = executed("from time import sleep\nsleep(0.03)\n")
    assert module["sleep"] is not time.sleep
    begun = time.monotonic()
    module["sleep"](0.05)
    assert time.monotonic() - begun >= 0.05
    assert time.sleep.__name__ == "sleep"


def test_a_file_is_the_same_statement_by_statement(executed):
    source = f'''"""What it is."""
from __future__ import annotations
import sys, warnings
warnings.simplefilter("error")
"a string that stands alone"
{WORK}
def later(x: Nothing) -> Never: return __doc__
BAD = "\\d"
if True:
    KEPT = later(1)
'''
    for times in (1, 2, 3, 4):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, module = executed(source, times)
        assert module["KEPT"] == module["__doc__"] == "What it is."
        assert module["later"].__annotations__ == {"x": "Nothing", "return": "Never"}


def test_an_exception_has_its_line_in_every_execution(program):
    path = program(f"import time\n{WORK}\n1 / 0\n")
    asked = Program(path)
    for _ in range(4):
        with pytest.raises(Exception, match="ZeroDivisionError") as caught:
            asked.load()
        assert caught.value.line == 3


@pytest.mark.parametrize("kind", ["child", "tls"])
def test_the_judge_is_told(request, kind, echo):
    path = echo(at_import="time.sleep(0.1)")
    worlds = request.getfixturevalue(kind)(path)
    found = []
    for _ in range(4):
        with Room(worlds.open()) as room:
            found.append([note.line for note in room.notes if note.kind == "slow import"])
    line = path.read_text().partition("time.sleep(0.1)")[0].count("\n") + 1
    assert found == [[], [], [line], [line]]
