"""A scout tries what the judge has not come to, and is believed only when it saw something pass."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
import time

import pytest

from grader import second_judge
from grader.second_judge import SecondJudge

TRIES = range(1000, 1200)


def nothing():
    pass


@pytest.fixture
def send_out():
    """Sends a scout out, and calls it back in the end."""
    sent = []

    def send(attempt, leave=nothing):
        sent.append(SecondJudge(TRIES, attempt, leave))
        return sent[-1]

    yield send
    for one in sent:
        one.call_back()


def wait_until(holds):
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until


def wait_until_at(one, number):
    """Until the scout saw this pass. (Asking it would send it home.)"""
    wait_until(lambda: one._passed[number - TRIES[0]])


def test_what_the_scout_saw_pass_is_known_from_the_last_try_on(send_out):
    one = send_out(lambda number: True)
    wait_until_at(one, 1001)
    assert all(one.has_passed(number) for number in TRIES[1:])


def test_the_first_is_the_judges_own(send_out):
    one = send_out(lambda number: True)
    wait_until_at(one, 1001)
    assert not one.has_passed(1000)


def test_what_did_not_pass_is_for_the_judge_to_find_out(send_out):
    one = send_out(lambda number: number % 2 == 0)
    wait_until_at(one, 1002)
    assert [number for number in TRIES[1:6] if one.has_passed(number)] == [1002, 1004]


def test_where_the_judge_has_been_the_scout_does_not_go(send_out, tmp_path):
    go = tmp_path / "go"
    one = send_out(lambda number: number == 1199 or wait_until(go.exists) is None)
    wait_until_at(one, 1199)
    assert not one.has_passed(1198)
    go.touch()
    one.call_back()
    assert not one.has_passed(1197)


def test_a_scout_that_breaks_has_seen_nothing_more(send_out):
    def breaks(number):
        if number < 1150:
            raise RuntimeError(number)
        return True

    left = []
    one = send_out(breaks, lambda: left.append(1))
    wait_until_at(one, 1150)
    assert not one.has_passed(1149)
    assert left == []  # in the copy, not here


def test_what_was_never_a_try_has_not_passed(send_out):
    assert not send_out(lambda number: True).has_passed(7)


def test_a_scout_that_hangs_is_ended_with_what_it_has_started(monkeypatch):
    monkeypatch.setattr(second_judge, "GRACE", 0.2)
    reading, writing = os.pipe()

    def hangs(number):
        started = subprocess.Popen(["sleep", "86397"])
        os.write(writing, f"{started.pid}\n".encode())
        return time.sleep(1000) is None

    one = SecondJudge(TRIES, hangs, nothing)
    pid = int(os.read(reading, 100))
    one.call_back()
    os.close(reading)
    os.close(writing)
    wait_until(lambda: state_of(pid) in ("", "Z"))


def state_of(pid):
    asked = ["ps", "-o", "stat=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip()[:1]


@pytest.fixture
def idle(monkeypatch, tmp_path):
    """A machine of two processors that has nothing else to do; a function says what it has."""
    load = tmp_path / "loadavg"
    monkeypatch.setattr(second_judge, "LOAD", load)
    monkeypatch.setattr(second_judge, "_processors", lambda: 2)
    monkeypatch.setattr(second_judge.threading, "active_count", lambda: 1)
    load.write_text("0.31 0.42 0.36 1/97 4711\n")
    return load.write_text


def test_there_is_a_scout_where_a_processor_is_idle(idle):
    assert second_judge.is_possible()


def test_there_is_no_scout_where_all_processors_are_wanted(idle):
    idle("0.31 0.42 0.36 3/97 4711\n")
    assert not second_judge.is_possible()


def test_where_nobody_tells_of_the_load_there_is_one(idle, monkeypatch, tmp_path):
    monkeypatch.setattr(second_judge, "LOAD", tmp_path / "none")
    assert second_judge.is_possible()


def test_there_is_no_scout_beside_threads(idle, monkeypatch):
    monkeypatch.setattr(second_judge.threading, "active_count", lambda: 2)
    assert not second_judge.is_possible()


def test_there_is_no_scout_without_a_processor_to_spare(idle, monkeypatch):
    monkeypatch.setattr(second_judge, "_processors", lambda: 1)
    assert not second_judge.is_possible()


def test_where_no_process_is_to_be_had_nothing_is_left(monkeypatch, tmp_path):
    def refuse():
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    monkeypatch.setattr(second_judge.tempfile, "tempdir", str(tmp_path))
    with pytest.raises(BlockingIOError):
        SecondJudge(TRIES, lambda number: True, nothing)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_the_memory_of_a_second_judge_is_closed(send_out):
    one = send_out(lambda number: ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0)
    wait_until_at(one, 1001)


@pytest.mark.skipif(sys.platform != "linux", reason="held by Linux's ptrace")
def test_a_dead_scout_that_somebody_holds_on_to_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(second_judge, "GRACE", 0.1)
    one = SecondJudge(TRIES, lambda number: time.sleep(1000) is None, nothing)
    hold = "import ctypes, sys; ctypes.CDLL(None).ptrace(0x4206, int(sys.argv[1]), 0, 0)"
    holder = subprocess.Popen(
        [sys.executable, "-c", f"{hold}; print(flush=True); sys.stdin.read()", str(one._pid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    holder.stdout.readline()
    begun = time.monotonic()
    one.call_back()
    assert time.monotonic() - begun < 30
    holder.communicate()
    with contextlib.suppress(ChildProcessError):
        os.waitpid(one._pid, 0)
