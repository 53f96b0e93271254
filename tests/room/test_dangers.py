"""Exercises that hang, burst or take their own process away: each is told as what it is, with its
line, and leaves no process behind. The deadline here is shorter than the usual one.
"""

from __future__ import annotations

import subprocess
from time import monotonic

import pytest

from room import Room, RoomFailure

PROGRAM = """
import asyncio, ctypes, faulthandler, multiprocessing, os, resource, select, shutil, signal
import subprocess, sys, threading, time
from bfnet import ButterflyHandler

libc = ctypes.CDLL(None)

def forever():
    while 1: pass

class Slow:
    def __repr__(self): forever()
    __str__ = __del__ = __repr__

class Chat(ButterflyHandler):
    async def on_connection(self, butterfly):
        {connection}
        await super().on_connection(butterfly)

    async def on_disconnect(self, butterfly):
        {disconnect}
        await super().on_disconnect(butterfly)

{at_import}

async def serve(bind, ssl_options):
    {serve}
    net = await Chat.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def echo(data, butterfly, handler):
        {data}
        butterfly.write(data)

    return net
"""
PLACES = ("at_import", "serve", "connection", "data", "disconnect")
LONG = "86399"  # seconds that a program sleeps whom nobody ends

HANGS = ["while True: pass", "time.sleep(1000)", "asyncio.sleep = signal.pause()"]
DANGERS = [  # what is written in a data handler, the kind of failure, and what is said
    ("input(); print('it is at its end')", "", "EOFError"),
    ("libc.pause()", "hang", ""),
    ("os.kill(os.getpid(), signal.SIGSTOP)", "hang", ""),
    (f"subprocess.run(['sleep', '{LONG}'])", "hang", ""),
    ("while True: await asyncio.sleep(0)", "stalled", "busy forever"),
    ("os.fork()", "processes", "makes a copy of itself with os.fork()"),
    ("os.fork() or os.setsid()", "processes", "makes a copy of itself with os.fork()"),
    ("[os.fork() for _ in range(9)]", "processes", "makes a copy of itself with os.fork()"),
    ("os.forkpty()", "processes", "makes a copy of itself with os.forkpty()"),
    (f"for _ in range(99): subprocess.Popen(['sleep', '{LONG}'])", "processes", "more than 32"),
    (f"subprocess.Popen(['sleep', '{LONG}'])", "runs on", "a process that it has started"),
    (f"subprocess.Popen(['sleep', '{LONG}'], start_new_session=True)", "runs on", ""),
    (f"subprocess.Popen(['sleep', '{LONG}'], start_new_session=True, env={{}})", "runs on", ""),
    (f"os.posix_spawnp('sleep', ['sleep', '{LONG}'], os.environ)", "runs on", ""),
    ("multiprocessing.Process(target=time.sleep, args=(1000,)).start()", "runs on", ""),
    ("threading.Thread(target=time.sleep, args=(1000,)).start()", "runs on", "the thread Thread-1"),
    ("[0] * 10**10", "memory", "ran out of memory"),
    ("bytearray(10**10)", "memory", "ran out of memory"),
    ("box = [bytes(10**6) for _ in range(10**4)]", "memory", "ran out of memory"),
    ("print('x' * 10**9)", "memory", "ran out of memory"),
    ("open('large', 'wb').write(bytes(10**8))", "", "OSError"),
    ("os._exit(0)", "exit", "ended its own process (with exit status 0)"),
    ("sys.exit(0)", "exit", "called sys.exit()"),
    ("os.kill(os.getpid(), 9)", "crash", "ended by SIGKILL"),
    ("os.killpg(0, signal.SIGTERM)", "crash", "ended by SIGTERM"),
    ("os.kill(os.getpid(), signal.SIGSEGV)", "crash", "ended by SIGSEGV"),
    ("os.abort()", "crash", "ended by SIGABRT"),
    ("os.closerange(0, 256)", "bad reply", "closed the judge's own pipe"),
]
IN_FOREVER = [  # where the line that hangs is in another function
    ("faulthandler.disable(); forever()", "hang"),
    (
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM}); forever()",
        "hang",
    ),
    ("raise ValueError(Slow())", "hang"),
    ("box = Slow(); del box", "hang"),
    ("asyncio.get_running_loop().run_in_executor(None, forever)", "hang"),
    ("threading.Thread(target=forever).start()", "runs on"),
    ("threading.Thread(target=forever, daemon=True).start()", "runs on"),
]
FLOODS = ["print('x' * 10**7)", "[print('x' * 99) for _ in range(10**6)]"]


@pytest.fixture
def dangerous(program):
    """Writes a server with a statement in one place."""

    def write(place, statement):
        return program(PROGRAM.format(**dict.fromkeys(PLACES, "pass") | {place: statement}))

    return write


@pytest.fixture
def broken(program):
    """Talks to a program that breaks; returns how it did. In the end nothing of it is left."""
    path = []

    def conversation(worlds):
        path.append(worlds.process._needed[0])
        with pytest.raises(RoomFailure) as caught:
            talk_to(worlds)
        worlds.close()
        return caught.value

    yield conversation
    assert left_of(path[0]) == []


def talk_to(worlds):
    room = Room(worlds.open())
    alice = room.connect("alice")
    alice.send("hi\n")
    alice.expect("hi\n")
    alice.close()
    room.stop()


def left_of(path):
    """The processes that run the program, or what it has started."""
    until = monotonic() + 2
    while True:
        listed = subprocess.run(["ps", "-A", "-o", "stat=,args="], capture_output=True, text=True)
        processes = [line for line in listed.stdout.splitlines() if line[0] != "Z"]
        left = [line for line in processes if str(path) in line or f"sleep {LONG}" in line]
        if not left or monotonic() > until:
            return left


@pytest.mark.parametrize("hang", HANGS)
@pytest.mark.parametrize("place", PLACES)
def test_a_hang_is_told_with_its_line_wherever_it_is(
    child, dangerous, broken, line_of, place, hang
):
    path = dangerous(place, hang)
    wrong = broken(child(path, 0.5)).wrong
    message = "no answer within 0.5 seconds: something in the program never ends"
    assert (wrong.kind, wrong.message) == ("hang", message)
    assert (wrong.file, wrong.line) == (str(path), line_of(path, hang))


@pytest.mark.parametrize(("statement", "kind", "words"), DANGERS)
def test_a_danger_is_told_as_what_it_is_with_its_line(
    child, dangerous, broken, line_of, statement, kind, words
):
    path = dangerous("data", statement)
    failure = broken(child(path, 0.5))
    assert (failure.wrong.kind if failure.wrong else "") == kind
    assert words in str(failure)
    assert f"{path.name}, line {line_of(path, statement)}" in " ".join(str(failure).split())


@pytest.mark.parametrize(("statement", "kind"), IN_FOREVER)
def test_the_line_that_never_ends_is_told_wherever_it_was_called(
    child, dangerous, broken, line_of, statement, kind
):
    path = dangerous("data", statement)
    wrong = broken(child(path, 0.5)).wrong
    assert (wrong.kind, wrong.line) == (kind, line_of(path, "while 1: pass"))


def test_copies_that_nobody_could_refuse_are_counted(child, dangerous, broken):
    wrong = broken(child(dangerous("data", "[libc.fork() for _ in range(7)]; forever()"), 2)).wrong
    assert wrong.kind == "processes"
    assert wrong.message == "the program started more than 64 processes"


@pytest.mark.parametrize("place", PLACES)
def test_a_thread_that_never_ends_is_told_wherever_it_was_started(
    child, dangerous, broken, line_of, place
):
    path = dangerous(place, "threading.Thread(target=forever).start()")
    wrong = broken(child(path, 0.5)).wrong
    assert (wrong.kind, wrong.line) == ("runs on", line_of(path, "while 1: pass"))


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("while True: pass", "hang"),
        ("os.fork()", "processes"),
        ("threading.Thread(target=time.sleep, args=(1000,)).start()", "runs on"),
        ("[0] * 10**10", "memory"),
        ("os._exit(0)", "exit"),
        ("os.abort()", "crash"),
        ("os.closerange(0, 256)", "bad reply"),
    ],
)
def test_over_tls_a_danger_is_told_like_that_too(tls, dangerous, broken, line_of, statement, kind):
    path = dangerous("data", statement)
    wrong = broken(tls(path, 0.5)).wrong
    assert (wrong.kind, wrong.line) == (kind, line_of(path, statement))


@pytest.mark.parametrize("flood", FLOODS)
@pytest.mark.parametrize("place", PLACES)
def test_a_flood_of_output_is_cut_off(child, dangerous, broken, place, flood):
    wrong = broken(child(dangerous(place, flood), 0.5)).wrong
    assert wrong.kind == "flood"
    assert wrong.message == "the program printed more than 1,048,576 bytes at once"
