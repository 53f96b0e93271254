"""When an answer is given up: after much work or much sleep, not because the machine is slow."""

import os

import pytest

from room.worlds import deadline
from room.worlds.deadline import LONGEST, LOOK, Deadline
from room.worlds.processes import Process

LIMIT = 2.0


class Machine:
    """A process as it is found, and a clock."""

    def __init__(self):
        self.clock = 1000.0
        self.process = Process(pid=7, parent=1, group=7, runs=True, seconds=30.0)
        self.others = []

    def looks_at(self, runs, after=LOOK, work=0.0):
        self.clock += after
        done = self.process.seconds + work
        self.process = self.process._replace(runs=runs, seconds=done)


@pytest.fixture
def machine(monkeypatch):
    made = Machine()
    monkeypatch.setattr(deadline, "look_at", lambda pid: made.process)
    monkeypatch.setattr(deadline, "group_of", lambda pid: [made.process, *made.others])
    monkeypatch.setattr(deadline, "monotonic", lambda: made.clock)
    return made


def looks_until_over(waiting, machine, **what):
    """How many looks it takes, each after this has happened."""
    for look in range(1, 100_000):
        machine.looks_at(**what)
        if waiting.is_over():
            return look
    return None


def test_a_program_that_works_is_given_up_after_that_much_work(machine):
    waiting = Deadline(7, LIMIT)
    assert looks_until_over(waiting, machine, runs=True, work=0.02) == pytest.approx(100, abs=2)


def test_a_program_that_sleeps_is_given_up_after_that_much_sleep(machine):
    waiting = Deadline(7, LIMIT)
    assert looks_until_over(waiting, machine, runs=False) == pytest.approx(100, abs=2)


def test_a_program_that_waits_for_its_turn_is_given_much_more_time(machine):
    waiting = Deadline(7, LIMIT)
    looks = looks_until_over(waiting, machine, runs=True, work=0.0)
    assert looks == pytest.approx(LONGEST / LOOK, abs=2)


def test_what_it_had_done_before_it_was_asked_does_not_count(machine):
    machine.process = machine.process._replace(seconds=1e6)
    waiting = Deadline(7, LIMIT)
    machine.looks_at(runs=True)
    assert not waiting.is_over()


def test_a_judge_that_comes_late_to_its_looks_counts_no_more_sleep_than_it_saw(machine):
    waiting = Deadline(7, LIMIT)
    machine.looks_at(runs=False, after=LIMIT * 10)
    assert not waiting.is_over()


def test_the_work_of_the_processes_that_it_has_started_is_its_own(machine):
    machine.others = [Process(pid=8, parent=7, group=7, runs=True, seconds=LIMIT)]
    assert looks_until_over(Deadline(7, LIMIT), machine, runs=True) < 10


def test_so_many_processes_are_a_reason_of_their_own(machine):
    machine.others = [Process(100 + n, 7, 7, True, 0.0) for n in range(64)]
    waiting = Deadline(7, LIMIT)
    assert looks_until_over(waiting, machine, runs=True) < 10
    assert waiting.processes == 65


def test_a_process_that_has_gone_is_not_given_up(machine):
    waiting = Deadline(7, LIMIT)
    machine.process = None
    machine.clock += 1.0
    assert not waiting.is_over()


def test_nobody_looks_at_a_program_that_answers_at_once(monkeypatch):
    monkeypatch.setattr(deadline, "look_at", None)
    assert not Deadline(os.getpid(), LIMIT).is_over()
