"""What the system tells about processes, asked of /proc where there is one, and of ps."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from room.worlds import processes
from room.worlds.processes import all_below, all_of_user, has_proc, last_in_line

PARENT = """
import subprocess, sys
sleeper = subprocess.Popen(
    ["sleep", "86398"], start_new_session=True, env={ENV}, stdout=subprocess.DEVNULL
)
print(sleeper.pid, flush=True)
sys.stdin.read()
"""


OURS = f"{os.getpid()}."  # begins each mark here: another worker runs the same tests


@pytest.fixture(params=["proc", "ps"])
def asked(request, monkeypatch):
    """Both ways to ask."""
    if request.param == "ps":
        monkeypatch.setattr(processes, "has_proc", lambda: False)
    elif not processes.has_proc():
        pytest.skip("there is no /proc")


@pytest.fixture
def family():
    """Starts a process that starts another, out of its group; returns both pids."""
    parents, children = [], []

    def start(mark, env):
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT.replace("{ENV}", env)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={processes.MARK: mark},
            start_new_session=True,
        )
        parents.append(parent)
        children.append(int(parent.stdout.readline()))
        wait_until(lambda: state_of(children[-1]) == "S")  # before, it is on its way to be sleep
        return parent.pid, children[-1]

    yield start
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    for parent in parents:
        parent.communicate()


def test_a_process_that_works_runs_and_one_that_waits_does_not(asked, family):
    parent, child = family("told.", "None")
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as works:
        assert wait_until(lambda: processes.look_at(works.pid).runs)
        works.kill()
    assert wait_until(lambda: not processes.look_at(child).runs)
    assert processes.look_at(child).parent == parent


def test_work_is_counted(asked):
    before = processes.look_at(os.getpid()).seconds
    begun = time.process_time()
    while time.process_time() < begun + 0.1:
        pass
    assert before <= processes.look_at(os.getpid()).seconds <= time.process_time() + 1


def test_a_group_has_those_who_did_not_leave_it(asked, family):
    parent, _ = family(OURS + "group.", "None")
    assert [process.pid for process in processes.group_of(parent)] == [parent]


def test_nobody_is_told_of_a_process_that_does_not_exist(asked):
    assert processes.look_at(2**30) is None


def test_who_has_left_the_group_and_forgotten_the_environment_is_ended_too(asked, family):
    parent, child = family(OURS + "whole.", "{}")
    processes.end_all(parent, OURS + "whole.")
    assert wait_until_gone(child)


def test_who_has_lost_its_parent_is_known_by_its_mark(family):
    parent, child = family(OURS + "lost.", "None")
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    processes.end_all(parent, OURS + "lost.")
    assert wait_until_gone(child)


def test_who_has_another_mark_is_left_alone(asked, family):
    mine, _ = family(OURS + "mine.1.", "None")
    _, their_child = family(OURS + "mine.10.", "None")
    processes.end_all(mine, OURS + "mine.1.")
    assert processes.look_at(their_child) is not None


@pytest.mark.parametrize(
    ("line", "process"),
    [
        ("  501     1   501 S+    1:02.35", processes.Process(501, 1, 501, False, 62.35)),
        ("  7     1     7 R   1-00:00:01", processes.Process(7, 1, 7, True, 86401.0)),
        ("  8     1     7 U   00:00:01", processes.Process(8, 1, 7, True, 1.0)),
        ("", None),
    ],
)
def test_a_line_of_ps_is_read_as_linux_and_macos_write_it(line, process):
    assert processes._process_of(line) == process


def wait_until_gone(pid):
    """Whether it goes, or waits for nothing but to be reaped."""
    return wait_until(lambda: state_of(pid) in ("", "Z"))


def state_of(pid):
    asked = ["ps", "-o", "stat=", "-p", str(pid)]
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip()[:1]


def wait_until(holds):
    until = time.monotonic() + 5
    while not holds():
        if time.monotonic() > until:
            return False
    return True


@pytest.mark.skipif(not has_proc(), reason="only Linux tells the user")
def test_the_processes_of_a_user_are_those_that_live():
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        assert sleeper.pid in [each.pid for each in all_of_user(os.getuid())]
        assert [each.memory > 0 for each in all_of_user(os.getuid()) if each.pid == os.getpid()]
        sleeper.kill()
        os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)  # a zombie
        assert sleeper.pid not in [each.pid for each in all_of_user(os.getuid())]
    finally:
        sleeper.wait()


def test_all_that_is_below_a_process_and_the_end_of_its_line():
    program = "import subprocess; subprocess.run(['sleep', '60'])"
    above = subprocess.Popen([sys.executable, "-c", program])
    try:
        while not (found := all_below(above.pid)):
            pass
        assert [each.parent for each in found] == [above.pid]
        assert last_in_line(above.pid) == found[0].pid
    finally:
        for each in all_below(above.pid):
            os.kill(each.pid, signal.SIGKILL)
        above.wait()
