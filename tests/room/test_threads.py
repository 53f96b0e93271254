"""Threads of a program: those that are idle cost nothing, those that go on working are found."""

import pytest

from room import Room, RoomFailure

SERVER = """
import asyncio, concurrent.futures, logging, logging.handlers, queue, ssl, threading, time
from bfnet import ButterflyHandler

def forever():
    while True: pass

def tick():
    while True: time.sleep(0.01)

def periodically():
    while not NEVER.wait(5): pass

NEVER = threading.Event()
INBOX = queue.Queue()
SIMPLE = queue.SimpleQueue()
LOG = logging.getLogger("chat")

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
POOL = "POOL = concurrent.futures.ThreadPoolExecutor(4)"
IDLE_AT_IMPORT = {
    "waits for an event": "threading.Thread(target=NEVER.wait, daemon=True).start()",
    "waits for a queue": "threading.Thread(target=INBOX.get, daemon=True).start()",
    "waits for a simple queue": "threading.Thread(target=SIMPLE.get, daemon=True).start()",
    "sleeps now and then": "threading.Thread(target=tick, daemon=True).start()",
    "waits with a limit": "threading.Thread(target=periodically, daemon=True).start()",
    "a pool that was used": f"{POOL}; POOL.submit(int).result()",
    "a listener of the log": (
        "logging.handlers.QueueListener(INBOX, logging.StreamHandler()).start()"
        "; LOG.addHandler(logging.handlers.QueueHandler(INBOX)); LOG.warning('hello')"
    ),
    "a listener of a simple queue": "logging.handlers.QueueListener(SIMPLE).start()",
    "ends by itself": "threading.Thread(target=int).start()",
    "is unknown to threading": "import _thread; _thread.start_new_thread(tick, ())",
    "a timer that is a daemon": "t = threading.Timer(60, int); t.daemon = True; t.start()",
}
IDLE_LATER = {
    "waits for an event": "threading.Thread(target=NEVER.wait, daemon=True).start()",
    "waits for a queue": "threading.Thread(target=INBOX.get, daemon=True).start()",
    "a pool that is idle": f"{POOL}; POOL.submit(int).result()",
    "a pool that is kept": f"global POOL; {POOL}; POOL.submit(int).result()",
}
WORKING = {
    "is unknown to threading": "import _thread; _thread.start_new_thread(forever, ())",
    "works": "threading.Thread(target=forever, daemon=True).start()",
    "works in a pool": f"global POOL; {POOL}; POOL.submit(forever)",
    "sleeps in a pool": f"global POOL; {POOL}; POOL.submit(time.sleep, 86400)",
    "sleeps": "threading.Thread(target=time.sleep, args=(86400,), daemon=True).start()",
    "keeps the program from ending": "threading.Thread(target=NEVER.wait).start()",
    "waits for the next thing to do": "threading.Thread(target=periodically, daemon=True).start()",
}


@pytest.fixture
def server(program):
    """Writes an echo server that also starts threads."""

    def write(at_import="pass", in_serve="pass", on_data="pass"):
        return program(SERVER.format(at_import=at_import, in_serve=in_serve, on_data=on_data))

    return write


@pytest.fixture(params=["child", "tls"])
def make(request):
    """Makes worlds in a child process, of either kind."""
    return request.getfixturevalue(request.param)


def talk_to(worlds):
    room = Room(worlds.open())
    alice = room.connect("alice")
    alice.send("hi\n")
    alice.expect("hi\n")
    room.stop()
    return room


@pytest.mark.parametrize("thread", IDLE_AT_IMPORT.values(), ids=IDLE_AT_IMPORT)
def test_an_idle_thread_that_was_started_at_import_is_no_fault(make, server, thread):
    worlds = make(server(at_import=thread))
    for _ in range(2):
        talk_to(worlds)


@pytest.mark.parametrize("thread", IDLE_LATER.values(), ids=IDLE_LATER)
@pytest.mark.parametrize("place", ["in_serve", "on_data"])
def test_an_idle_thread_that_was_started_later_is_no_fault(make, server, place, thread):
    worlds = make(server(**{place: thread}))
    for _ in range(2):
        talk_to(worlds)


@pytest.mark.parametrize("thread", WORKING.values(), ids=WORKING)
def test_a_thread_that_goes_on_is_found(make, server, line_of, thread):
    path = server(on_data=thread)
    with pytest.raises(RoomFailure) as caught:
        talk_to(make(path))
    assert caught.value.wrong.kind == "runs on"


@pytest.mark.parametrize(
    "thread",
    [
        WORKING["works"],
        WORKING["works in a pool"].removeprefix("global POOL; "),
        "threading.Thread(target=NEVER.wait).start()",
    ],
)
def test_at_import_too(make, server, thread):
    with pytest.raises(RoomFailure) as caught:
        talk_to(make(server(at_import=thread)))
    assert caught.value.wrong.kind == "runs on"


def test_threads_that_many_rooms_have_left_are_never_too_many(child, server):
    several = "[threading.Thread(target=NEVER.wait, daemon=True).start() for _ in range(8)]"
    worlds = child(server(at_import=several))
    pids = set()
    for _ in range(40):
        talk_to(worlds)
        pids.add(worlds.process.process.pid)
    assert len(pids) == pytest.approx(40 * 8 / 24, abs=1)


def test_a_pool_is_no_reason_for_a_new_process(child, server):
    worlds = child(server(at_import=f"{POOL}; [POOL.submit(time.sleep, 0.001) for _ in range(4)]"))
    pids = set()
    for _ in range(40):
        talk_to(worlds)
        pids.add(worlds.process.process.pid)
    assert len(pids) == 1
