"""Which tests are not tried when a program has broken: those whose outcome is known."""

import pytest

from grader.known_breakdowns import MOST, KnownBreakdowns
from room.contract import WorldFailure

HANG = WorldFailure("hang", "no answer")
CRASH = WorldFailure("crash", "ended by SIGSEGV")


@pytest.fixture
def breakdowns():
    return KnownBreakdowns()


def test_nothing_is_known_of_a_program_that_has_not_broken(breakdowns):
    assert breakdowns.foretell("3.1") is None


def test_when_a_room_could_not_be_opened_no_other_is_tried(breakdowns):
    breakdowns.add("3.1", CRASH, was_open=False)
    assert breakdowns.foretell("3.1") is CRASH
    assert breakdowns.foretell("3.2") is CRASH


def test_a_hang_is_told_of_every_test_of_its_task_and_of_no_other(breakdowns):
    breakdowns.add("3.1", HANG, was_open=True)
    assert breakdowns.foretell("3.1") is HANG
    assert breakdowns.foretell("3.2") is None


def test_a_crash_costs_little_and_is_tried_again_up_to_a_point(breakdowns):
    for _ in range(MOST - 1):
        breakdowns.add("3.1", CRASH, was_open=True)
        assert breakdowns.foretell("3.1") is None
    breakdowns.add("3.1", CRASH, was_open=True)
    assert breakdowns.foretell("3.1") is CRASH
    assert breakdowns.foretell("3.2") is None


def test_a_check_that_took_too_long_has_ended_for_every_test(breakdowns):
    over = WorldFailure("took too long", "it ends after 60 seconds")
    breakdowns.add("3.1", over, was_open=True)
    assert breakdowns.foretell("3.2") is over
