"""Programs that mean to harm their judge: it ends in time, with one sentence, and is unharmed.

They share a process with the child's side of the room, so they replace parts of it. (What the
system would have to prevent, such as a signal to the judge, is not here.)
"""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from room import Room, RoomFailure
from room.contract import MOST_EVENTS
from room.limit import Limit
from room.worlds.memory import close_memory
from room.worlds.process import StudentProcess
from room.worlds.simulated import Child
from room.worlds.tls import Tls

SERVES = """
import asyncio, ctypes, gc, logging, os, select, signal, socket, sys, threading, time
import room.child.simulated, room.child.sockets
from room.contract import Reply, SocketState
from simnet import Event
from bfnet import ButterflyHandler

class Answers:
    port = {port}

def stage():
    # The object itself: what is changed in our classes is put back.
    ours = room.child.simulated.SimulatedStage, room.child.sockets.SocketStage
    return next(each for each in gc.get_objects() if type(each) in ours)

{at_import}

async def serve(bind, ssl_options):
    {in_serve}
    net = await ButterflyHandler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def echo(data, butterfly, handler):
        {on_data}
        butterfly.write(data)

    return net
"""


@pytest.fixture
def harmful(program):
    """Writes an echo server that also does harm."""

    def write(at_import="pass", in_serve="pass", on_data="pass", port=0):
        return program(
            SERVES.format(at_import=at_import, in_serve=in_serve, on_data=on_data, port=port)
        )

    return write


def broken(worlds, seconds=60.0):
    """Talk to a program that breaks, in at most that many seconds; return the failure."""
    begun = time.monotonic()
    with pytest.raises(RoomFailure) as caught:
        talk_to(worlds)
    text = str(caught.value)
    worlds.close()
    assert time.monotonic() - begun < seconds
    assert len(text) < 20_000
    return caught.value


def talk_to(worlds):
    room = Room(worlds.open())
    alice = room.connect("alice")
    alice.send("hi\n")
    alice.expect("hi\n")
    room.stop()
    return room


@pytest.mark.parametrize("kind", ["child", "tls"])
@pytest.mark.parametrize("port", [0, -1, 99_999, 2**40, True])
def test_a_port_that_is_none_is_told_as_such(request, harmful, kind, port):
    worlds = request.getfixturevalue(kind)(harmful(in_serve="return Answers()", port=port))
    wrong = broken(worlds).wrong
    assert wrong.kind == "not served"
    assert "listens on no port" in wrong.message


@pytest.mark.parametrize(
    "address", ["x:y", "127.0.0.1:0", "127.0.0.1:99999", "127.0.0.2:80", "127.0.0.1:-1", "", "\x1b"]
)
def test_clients_connect_to_a_port_of_this_machine_only(tls, harmful, address):
    forge = f"room.child.stage.Reply = lambda *told, **more: Reply(*told, **more | {address!r})"
    path = harmful(at_import=forge.replace(repr(address), f"{{'address': {address!r}}}"))
    assert broken(tls(path)).wrong.kind == "bad reply"


NOBODY_ACCEPTS = """
full = socket.socket(); full.bind(("127.0.0.1", 0)); full.listen(0)
Answers.port = full.getsockname()[1]
queued = [socket.socket() for _ in range(4)]
for each in queued: each.setblocking(False); each.connect_ex(full.getsockname())
"""


def test_a_connection_that_nobody_accepts_is_given_up(tls, harmful):
    path = harmful(at_import=NOBODY_ACCEPTS, in_serve="return Answers()")
    wrong = broken(tls(path)).wrong
    assert (wrong.kind, wrong.message) == (
        "hang",
        "no connection within 2 seconds: nobody accepts it",
    )


SENDS_ON = """
own = []
def send(raw):
    while True: raw.sendall(bytes({bytes})); time.sleep({pause})

def accept():
    while True:
        raw = listener.accept()[0]
        port = raw.getpeername()[1]
        stage()._sockets = lambda: {{port: SocketState(0, {sent}, True, {finish!r})}}
        send(raw)

listener = socket.create_server(("127.0.0.1", 0))
Answers.port = listener.getsockname()[1]
threading.Thread(target=accept, daemon=True).start()
"""


@pytest.mark.parametrize("finish", ["", "eof"])
def test_a_client_reads_no_more_than_it_can_bear(tls, harmful, finish):
    sends = SENDS_ON.format(bytes=2**16, pause=0, sent=10**15 if not finish else 0, finish=finish)
    wrong = broken(tls(harmful(at_import=sends, in_serve="return Answers()")), 20.0).wrong
    assert wrong.kind in ("flood", "no tls")


def test_bytes_that_drip_are_not_waited_for(tls, harmful):
    sends = SENDS_ON.format(bytes=1, pause=0.05, sent=10**15, finish="")
    wrong = broken(tls(harmful(at_import=sends, in_serve="return Answers()")), 8.0).wrong
    assert wrong.kind == "hang"


TURNS = """
listener = socket.create_server(("127.0.0.1", 0))
Answers.port = listener.getsockname()[1]
record = iter(bytes([22, 3, 3, 64, 0]) + bytes(2**14))  # the first of TLS, and it takes its time
accepted, sent = [], 0

def states():
    global sent
    if not accepted and not select.select([listener], [], [], 0)[0]:
        return {}
    accepted or accepted.append(listener.accept()[0])
    sent += accepted[0].send(bytes([next(record)]))
    return {accepted[0].getpeername()[1]: SocketState(0, sent, True, "")}

stage()._sockets = states
"""


def test_turns_without_an_end_are_cut_off(tls, harmful):
    wrong = broken(tls(harmful(at_import=TURNS, in_serve="return Answers()"))).wrong
    assert (wrong.kind, wrong.message) == (
        "flood",
        "the program sends without an end: the clients never have read all of it",
    )


def test_a_message_of_millions_of_characters_is_cut(child, harmful):
    path = harmful(in_serve="raise ValueError('x ' * 6_000_000)")
    assert len(broken(child(path)).wrong.message) == 20_000


def test_notes_are_cut_in_every_part(child, harmful):
    on_data = "raise type('E' * 1_000_000, (Exception,), {})('x' * 1_000_000)"
    failure = broken(child(harmful(on_data=on_data)))
    assert max(len(part) for note in failure.notes for part in note[:5]) == 4096


def test_more_events_than_a_room_can_have_are_a_flood(child, harmful):
    forge = "stage()._new_events = lambda: (Event(0.0, 'a', 'b', 'data', b''),) * 400_000"
    wrong = broken(child(harmful(at_import=forge))).wrong
    assert (wrong.kind, wrong.message) == (
        "flood",
        f"the program made more than {MOST_EVENTS:,} events",
    )


def test_events_are_counted_over_the_whole_room(child, harmful):
    forge = "stage()._new_events = lambda: (Event(0.0, 'a', 'b', 'data', b''),) * 9_000"
    assert broken(child(harmful(at_import=forge))).wrong.kind == "flood"


def test_bytes_are_counted_over_the_whole_room(child, harmful):
    room = Room(child(harmful(on_data="print('x' * 1_000_000)")).open())
    alice = room.connect()

    def send_often():
        for _ in range(40):
            alice.send("x")

    with pytest.raises(RoomFailure) as caught:
        send_often()
    assert caught.value.wrong.message == "the program sent more than 33,554,432 bytes in all"


ESCAPES = "'\\x1b]0;owned\\x07'"


@pytest.mark.parametrize(
    "harm",
    [
        f"raise type({ESCAPES}, (Exception,), {{}})({ESCAPES})",
        f"handler.butterflies[{ESCAPES}] = 1",
        f"logging.addLevelName(35, {ESCAPES}); logging.log(35, {ESCAPES})",
        f"exec(compile('raise ValueError', {ESCAPES}, 'exec'))",
        f"print({ESCAPES}); 1/0",
    ],
)
def test_nothing_that_a_program_says_reaches_the_terminal_as_it_is(child, harmful, harm):
    room = Room(child(harmful(on_data=harm)).open())
    alice = room.connect("alice")
    alice.send("x")
    for judge in (
        lambda: alice.expect("nothing of the kind"),
        lambda: room.expect_registered("nobody"),
        lambda: room.expect_logged("INFO", "nothing of the kind"),
    ):
        with pytest.raises(RoomFailure) as caught:
            judge()
        text = str(caught.value)
        assert all(line.isprintable() for line in text.split("\n")), text
    room.close()


def test_a_folder_without_a_bottom_costs_no_marks(child, harmful):
    deep = "\nfor _ in range(1200): os.mkdir('f' * 90); os.chdir('f' * 90)\n"
    worlds = child(harmful(at_import=deep))
    talk_to(worlds)
    folder = worlds.process.process.end.peek()[2][3]
    assert os.path.isdir(folder)
    worlds.close()
    assert not os.path.exists(folder)


HELD = """
me = str(os.getpid())
libc = ctypes.CDLL(None)
if not libc.fork():
    os.setsid()
    if libc.fork(): os._exit(0)
    os.environ.clear(); libc.clearenv()
    os.execve(sys.executable, [sys.executable, "-c", '''
import ctypes, os, sys, time
ctypes.CDLL(None).ptrace(0x4206, int(sys.argv[1]), 0, 0)
os.write(1, b"held")
time.sleep(8)
''', me], {})
os.wait()
time.sleep(0.5)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="held by Linux's ptrace")
def test_a_dead_process_that_somebody_holds_on_to_is_not_waited_for(child, harmful):
    worlds = child(harmful(at_import=HELD), 5.0)
    room = talk_to(worlds)
    begun = time.monotonic()
    worlds.close()
    assert time.monotonic() - begun < 30
    assert room.printed == "held"
    program = worlds.process.process
    with open(f"/proc/{program.pid}/stat") as stat:
        assert stat.read().split()[2] in "Zt"
    with open(f"/proc/{program.pid}/status") as status:
        holder = int(re.search(r"TracerPid:\t(\d+)", status.read())[1])
    if holder:  # it is still there; and 0 would be all of us
        os.kill(holder, signal.SIGKILL)
    program._process.wait()  # else it is collected, with a warning, in another test


@pytest.mark.parametrize("what", ["Popen", "pipe"])
def test_a_machine_that_can_start_nothing_more_is_told(harmful, monkeypatch, what):
    def refuse(*args, **named):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(*((subprocess, "Popen") if what == "Popen" else (os, "pipe")), refuse)
    with pytest.raises(Exception, match="cannot be started: Resource temporarily") as caught:
        StudentProcess(harmful(), "simulated")
    assert caught.value.kind == "no process"


def test_no_file_of_the_judge_is_open_in_a_program(child, harmful, tmp_path):
    with open(tmp_path / "verdicts", "w") as verdicts:
        os.set_inheritable(verdicts.fileno(), True)
        seen = "print([fd for fd in range(3, 200) if os.path.exists(f'/dev/fd/{fd}')])"
        assert len(eval(talk_to(child(harmful(at_import=seen))).printed)) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_the_memory_of_a_judge_is_closed(child, harmful):
    worlds = child(harmful())
    talk_to(worlds)
    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0  # PR_GET_DUMPABLE


def test_elsewhere_memory_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", None)
    close_memory()


def test_the_limit_is_told_with_the_line(harmful, line_of):
    path = harmful(on_data="while True: pass")
    wrong = broken(Child(path, 60.0, Limit(1.0))).wrong
    message = "the check took too long: it ends after 1 seconds"
    assert (wrong.kind, wrong.message) == ("took too long", message)
    assert (wrong.file, wrong.line) == (str(path), line_of(path, "while True"))


def test_the_limit_holds_over_tls(certificate, harmful):
    paths = certificate.chain, certificate.key, certificate.authority
    worlds = Tls(harmful(on_data="while True: pass"), *paths, 60.0, Limit(1.0))
    assert broken(worlds).wrong.kind == "took too long"
