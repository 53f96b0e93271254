"""Programs that lie to the judge, or hold on to what is not theirs: none gets anything by it, in
either kind of child process. (Those that hang or crash are in test_dangers.py.)

The deadlines here are shorter than the usual one. Every test ends with a look at the process group:
nobody is left in it. Python does not see a fork that the C library makes, so nothing refuses it.
"""

import subprocess
from time import monotonic

import pytest

from room import Room, RoomFailure


@pytest.fixture
def groups():
    """The process groups of the test. When it is over nobody is left in them."""
    numbers = []
    yield numbers
    wait_until(lambda: not alive_in(numbers))


@pytest.fixture(params=["child", "tls"])
def make(request):
    """Makes worlds in a child process, of either kind."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def judge(make, groups):
    """Talks to a program that goes wrong; returns how it did."""

    def conversation(path, deadline=2.0):
        worlds = make(path, deadline)
        with pytest.raises(RoomFailure) as caught:
            talk_to(worlds, groups)
        return caught.value.wrong

    return conversation


@pytest.fixture
def passes(make, groups):
    """Talks to a program that does what it should; returns the room."""

    def conversation(path):
        worlds = make(path)
        room = talk_to(worlds, groups)
        worlds.close()
        return room

    return conversation


def talk_to(worlds, groups):
    world = worlds.open()
    groups.append(worlds.process.process.pid)
    room = Room(world)
    alice = room.connect("alice")
    alice.send("hi\n")
    alice.expect("hi\n")
    room.stop()
    return room


def alive_in(groups):
    """The processes of these groups that run; what was killed may still wait to be reaped."""
    listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True)
    processes = [line.split() for line in listed.stdout.splitlines()]
    return [state for group, state in processes if int(group) in groups and state[0] != "Z"]


def wait_until(holds):
    until = monotonic() + 2
    while not holds():
        assert monotonic() < until


def test_whoever_masks_the_signal_still_ends_in_time(judge, echo):
    masked = "signal.signal(signal.SIGUSR1, signal.SIG_IGN)"
    wrong = judge(echo(at_import=masked, on_data="while True: pass"), 0.5)
    assert (wrong.kind, wrong.line) == ("hang", 0)


def test_a_fork_that_keeps_the_pipes_open_delays_nothing(judge, echo):
    wrong = judge(echo(on_data="libc.fork() or time.sleep(1000); os._exit(3)"))
    assert wrong.message == "the program ended its own process (with exit status 3)"


def test_a_program_that_takes_the_exit_out_of_exit_is_still_ended(judge, echo):
    ignore = "[signal.signal(s, signal.SIG_IGN) for s in (signal.SIGTERM, signal.SIGHUP)]"
    assert judge(echo(at_import=ignore, on_data="while True: pass"), 0.5).kind == "hang"


@pytest.mark.parametrize(
    "line",
    [
        b"hello",
        b"[]",
        b"{}",
        b'{"ticket": "", "answer": {}}',
        b'{"ticket": "", "failure": {"kind": "passed"}}',
        b"[" * 9_999,
        b"\xff",
    ],
)
def test_a_forged_answer_is_no_answer(judge, echo, line):
    wrong = judge(echo(at_import=FORGE, on_data=f"forge({line!r} + b'\\n')"))
    assert wrong.kind == "bad reply"
    assert "the judge's own pipe" in wrong.message


def test_an_answer_without_end_is_a_flood(judge, echo):
    wrong = judge(echo(at_import=FORGE, on_data="forge(b'x' * 2**25)"))
    assert wrong.kind == "flood"


def test_a_process_in_the_background_is_told_and_ended(judge, echo):
    wrong = judge(echo(on_data="libc.fork() or time.sleep(1000)"))
    assert wrong.kind in ("runs on", "hang")  # it may hold a connection open, too
    assert "process" in wrong.message


def test_a_process_that_was_waited_for_is_no_fault(passes, echo):
    passes(echo(on_data="libc.fork() or os._exit(0); os.wait()"))


def test_a_thread_that_ends_is_no_fault(passes, echo):
    passes(echo(on_data="threading.Thread(target=int).start()"))


def test_a_sleep_that_stops_the_loop_is_noted_and_costs_no_time(passes, echo):
    room = passes(echo(on_data="time.sleep(9)"))
    assert [note.message for note in room.notes if note.kind == "blocked"] == ["time.sleep(9)"]


def test_a_fork_that_keeps_a_connection_open_is_told(tls, groups, echo):
    worlds = tls(echo(on_data="libc.fork() or time.sleep(1000); writer.transport.abort()"))
    with pytest.raises(RoomFailure) as caught:
        talk_to(worlds, groups)
    worlds.close()
    assert caught.value.wrong.kind == "hang"
    assert "another process" in caught.value.wrong.message


def test_a_fork_that_comes_back_is_not_heard(passes, echo):
    passes(echo(in_serve="libc.fork()"))


def test_a_program_may_delete_its_working_folder(passes, echo):
    passes(echo(on_data="os.rmdir(os.getcwd())"))


def test_the_file_may_be_gone_after_it_was_read(passes, echo):
    passes(echo(at_import="os.unlink(__file__)"))


def test_a_program_may_close_its_output(passes, echo):
    passes(echo(at_import="sys.stdout.close(); os.close(1); os.close(2)"))


def test_what_is_printed_is_kept(passes, echo):
    room = passes(echo(at_import="print('import')", on_data="print('data', file=sys.stderr)"))
    assert room.printed == "import\ndata\n"


def test_much_can_be_printed(passes, echo):
    room = passes(echo(on_data="print('x' * 999_999)"))
    assert len(room.printed) == 1_000_000


def test_what_was_printed_before_a_hang_is_kept(judge, echo):
    path = echo(in_serve="print('here', flush=True)", on_data="time.sleep(1000)")
    assert judge(path, 0.5).printed == ""


def test_the_program_sees_nothing_of_the_environment(passes, echo, monkeypatch):
    monkeypatch.setenv("SECRET", "42")
    room = passes(echo(at_import="print(sorted(os.environ), sys.argv[1:], sys.stdin.read())"))
    assert "SECRET" not in room.printed


def test_the_next_room_gets_a_new_process(make, groups, echo):
    worlds = make(echo(on_data="os._exit(0) if data == b'end' else None"))
    room = Room(worlds.open())
    alice = room.connect()
    with pytest.raises(RoomFailure):
        alice.send("end")
    talk_to(worlds, groups)
    worlds.close()


def test_whoever_asks_on_after_the_end_is_told_of_the_end(make, echo):
    room = Room(make(echo(on_data="os._exit(0)")).open())
    alice = room.connect()
    with pytest.raises(RoomFailure, match="ended its own process"):
        alice.send("hi")
    with pytest.raises(RoomFailure, match="nothing"):
        alice.expect("hi")
    with pytest.raises(RoomFailure, match="ended its own process"):
        room.stop()


def test_many_rooms_are_served_by_one_process(make, groups, echo):
    worlds = make(echo())
    talk_to(worlds, groups)
    talk_to(worlds, groups)
    worlds.close()
    assert groups[0] == groups[1]


FORGE = """
def forge(line):
    for fd in range(3, 32):
        try:
            if stat.S_ISFIFO(os.fstat(fd).st_mode):
                os.write(fd, line)
        except OSError:
            pass
"""
