"""The loop: a clock that jumps, settle and advance, and what it refuses to do."""

import asyncio
import contextvars
import gc
import time
from typing import Any

import pytest

from simnet import NotSimulated, SimulatedLoop, Stalled, calm

HOST, PORT = "127.0.0.1", 8001


class Collector(asyncio.Protocol):
    """A protocol that keeps what arrives, one entry for each read."""

    def __init__(self) -> None:
        self.reads: list[bytes] = []

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.reads.append(data)


@pytest.fixture
def loop():
    loop = SimulatedLoop(calm(0))
    yield loop
    loop.close()


def connect(loop: SimulatedLoop) -> tuple[Collector, Collector]:
    """Return the protocols of a server and a client that are connected."""
    accepted = Collector()
    loop.run_until_complete(loop.create_server(lambda: accepted, HOST, PORT))
    _, client = loop.run_until_complete(loop.create_connection(Collector, HOST, PORT))
    return accepted, client


def test_a_year_of_sleep_takes_no_time(loop):
    start = time.perf_counter()
    loop.run_until_complete(asyncio.sleep(365 * 24 * 3600))
    assert loop.time() == 365 * 24 * 3600
    assert time.perf_counter() - start < 60


def test_timers_run_in_the_order_of_their_times(loop):
    order = []
    loop.call_later(2, order.append, "two")
    loop.call_later(1, order.append, "one")
    loop.call_later(3, order.append, "three")
    loop.run_until_complete(asyncio.sleep(3))
    assert order == ["one", "two", "three"]


def test_timers_due_at_one_moment_fire_in_the_order_in_which_they_were_set(loop):
    order = []
    for number in range(20):
        loop.call_later(1, order.append, number)
    loop.call_later(0.5, order.append, -1)
    loop.advance(1.0)
    assert order == [-1, *range(20)]


def test_a_cancelled_timer_does_not_move_the_clock(loop):
    loop.call_later(5, print).cancel()
    loop.advance(10)
    loop.call_later(50, print).cancel()
    loop.settle()
    assert loop.time() == 10


def test_asyncio_runner_runs_on_it():
    async def main() -> str:
        await asyncio.sleep(1)
        return "done"

    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        assert runner.run(main()) == "done"


def test_settle_delivers_everything_that_is_on_its_way(loop):
    server, client = connect(loop)
    client.transport.write(b"hello")
    loop.settle()
    assert server.reads == [b"hello"]


def test_settle_holds_a_timer_even_when_it_is_due(loop):
    server, client = connect(loop)
    fired = []
    loop.call_soon(fired.append, "a callback")
    loop.call_later(0, fired.append, "a timer")
    loop.call_later(0.0001, fired.append, "another timer")
    client.transport.write(b"hello")
    before = loop.time()
    loop.settle()
    assert loop.time() > before + 0.0001
    assert server.reads == [b"hello"]
    assert fired == ["a callback"]
    loop.advance(0)
    assert fired == ["a callback", "a timer", "another timer"]


def test_the_clock_never_goes_back_to_a_timer_that_was_held(loop):
    times = []
    client = connect(loop)[1]
    loop.call_later(0.0001, lambda: times.append(loop.time()))
    client.transport.write(b"hello")
    loop.settle()
    settled = loop.time()
    loop.advance(1.0)
    assert times == [settled]


def test_settle_of_a_quiet_loop_changes_nothing(loop):
    loop.settle()
    assert loop.time() == 0.0
    assert list(loop.trace) == []


def test_advance_moves_the_clock_by_what_was_asked_and_no_further(loop):
    fired = []
    loop.call_later(1.0, fired.append, "at one")
    loop.call_later(2.5, fired.append, "later")
    loop.advance(1.0)
    assert (loop.time(), fired) == (1.0, ["at one"])
    loop.advance(1.0)
    assert (loop.time(), fired) == (2.0, ["at one"])
    loop.advance(0.5)
    assert (loop.time(), fired) == (2.5, ["at one", "later"])


def test_advance_lets_arrivals_and_timers_happen_in_the_order_of_their_times(loop):
    server, client = connect(loop)
    latency = loop.trace[0].time
    seen = []
    server.data_received = seen.append
    client.transport.write(b"bytes")
    loop.call_later(latency / 2, seen.append, "before")
    loop.call_later(latency * 2, seen.append, "after")
    loop.advance(1.0)
    assert seen == ["before", b"bytes", "after"]


def test_what_arrives_at_the_very_time_of_a_timer_comes_first(loop):
    server, client = connect(loop)
    latency = loop.trace[0].time
    seen = []
    server.data_received = seen.append
    client.transport.write(b"bytes")
    loop.call_at(loop.time() + latency, seen.append, "a timer")
    loop.advance(1.0)
    assert seen == [b"bytes", "a timer"]


def test_advance_leaves_what_arrives_later_for_later(loop):
    server, client = connect(loop)
    client.transport.write(b"bytes")
    loop.advance(0.0001)
    assert server.reads == []
    loop.settle()
    assert server.reads == [b"bytes"]


def test_one_write_is_one_read_in_calm_weather(loop):
    server, client = connect(loop)
    client.transport.write(b"a")
    client.transport.write(b"b" * 65_536)
    client.transport.write(b"c" * 40_000)
    client.transport.write(b"d" * 40_000)
    client.transport.write(b"e")
    loop.settle()
    assert [(read[:1], len(read)) for read in server.reads] == [
        (b"a", 1),
        (b"b", 65_536),
        (b"c", 40_000),
        (b"d", 40_000),
        (b"e", 1),
    ]


def test_each_read_is_dealt_with_before_the_next_one(loop):
    """Whatever a read sets off in the program has happened before the next read."""
    order = []

    async def react(data: bytes) -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        order.append(("handled", data))

    server, client = connect(loop)
    server.data_received = lambda data: (
        order.append(("read", data)),
        order.append(loop.create_task(react(data))),
    )
    client.transport.write(b"1")
    client.transport.write(b"2")
    loop.settle()
    assert [step for step in order if isinstance(step, tuple)] == [
        ("read", b"1"),
        ("handled", b"1"),
        ("read", b"2"),
        ("handled", b"2"),
    ]


def test_a_paused_reader_gets_one_write_a_read_all_the_same(loop):
    server, client = connect(loop)
    server.transport.pause_reading()
    client.transport.write(b"one")
    client.transport.write(b"two")
    loop.settle()
    assert server.reads == []
    server.transport.resume_reading()
    loop.settle()
    assert server.reads == [b"one", b"two"]


def test_a_program_that_keeps_the_loop_busy_still_hears_from_the_network(loop):
    server, client = connect(loop)

    async def poll() -> None:
        while not server.reads:  # noqa: ASYNC110 - the habit under test
            await asyncio.sleep(0)

    client.transport.write(b"at last")
    polling = loop.create_task(poll())
    loop.settle()
    assert polling.done()
    assert server.reads == [b"at last"]


def test_a_program_that_keeps_the_loop_busy_still_gets_its_timer(loop):
    async def poll() -> None:
        deadline = loop.time() + 1.0
        loop.call_later(1.0, lambda: None)
        while loop.time() < deadline:  # noqa: ASYNC110 - the habit under test
            await asyncio.sleep(0)

    loop.run_until_complete(poll())
    assert loop.time() == 1.0


def test_a_program_at_work_is_not_timed_out_by_a_clock_that_jumps(loop):
    async def work() -> str:
        async with asyncio.timeout(5):
            for _ in range(5_000):
                await asyncio.sleep(0)
            return "in time"

    assert loop.run_until_complete(work()) == "in time"
    assert loop.time() == 0.0


def test_advance_does_not_let_a_busy_program_past_its_end(loop):
    server, client = connect(loop)
    client.transport.write(b"later")

    async def spin() -> None:
        for _ in range(1_000):
            await asyncio.sleep(0)

    before = loop.time()
    spinning = loop.create_task(spin())
    loop.advance(0.0001)
    assert spinning.done()
    assert server.reads == []
    assert loop.time() == before + 0.0001


def test_run_in_executor_runs_inline(loop):
    order = []

    async def main() -> None:
        future = loop.run_in_executor(None, order.append, "inside")
        order.append("after")
        await future
        assert await asyncio.to_thread(sum, [1, 2]) == 3
        with pytest.raises(ZeroDivisionError):
            await loop.run_in_executor(None, divmod, 1, 0)

    loop.run_until_complete(main())
    assert order == ["inside", "after"]


def test_callbacks_of_a_connection_run_in_the_context_of_who_made_it(loop):
    name = contextvars.ContextVar("name", default="nobody")
    seen = []

    class Protocol(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            seen.append(name.get())

        def data_received(self, data: bytes) -> None:
            seen.append(name.get())

    async def serve() -> None:
        name.set("server")
        await loop.create_server(Protocol, HOST, PORT)

    async def connect() -> None:
        name.set("client")
        transport, _ = await loop.create_connection(Protocol, HOST, PORT)
        transport.write(b"x")

    loop.run_until_complete(serve())
    loop.run_until_complete(connect())
    loop.settle()
    assert seen == ["server", "client", "server"]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("add_reader", (0, print)),
        ("add_signal_handler", (15, print)),
        ("create_datagram_endpoint", (asyncio.DatagramProtocol,)),
        ("create_unix_server", (asyncio.Protocol, "path")),
        ("getaddrinfo", ("example.com", 80)),
        ("sock_recv", (None, 10)),
        ("start_tls", (None, None, None)),
        ("subprocess_exec", (asyncio.SubprocessProtocol, "true")),
    ],
)
def test_what_is_not_simulated_says_so_by_name(loop, name, arguments):
    with pytest.raises(NotSimulated, match=f"{name} is not simulated"):
        getattr(loop, name)(*arguments)


@pytest.mark.parametrize("option", ["ssl", "sock"])
def test_options_that_are_not_simulated_are_named(loop, option):
    with pytest.raises(NotSimulated, match=rf"create_server\({option}=...\)"):
        loop.run_until_complete(
            loop.create_server(asyncio.Protocol, HOST, PORT, **{option: object()})
        )
    with pytest.raises(NotSimulated, match=rf"create_connection\({option}=...\)"):
        loop.run_until_complete(
            loop.create_connection(asyncio.Protocol, HOST, PORT, **{option: object()})
        )


def test_options_that_make_no_difference_are_accepted(loop):
    loop.run_until_complete(
        asyncio.start_server(print, HOST, PORT, backlog=5, reuse_address=True, ssl=None)
    )


def test_not_simulated_is_a_not_implemented_error():
    assert issubclass(NotSimulated, NotImplementedError)


def test_every_public_method_of_a_loop_is_simulated_or_refused_by_name():
    """No method is left that opens a socket or fails without saying why."""
    own = {name for name in dir(asyncio.AbstractEventLoop) if not name.startswith("_")}
    missing = {
        name
        for name in own
        if getattr(SimulatedLoop, name) is getattr(asyncio.AbstractEventLoop, name)
    }
    assert missing == set()


def test_nothing_is_left_to_warn_of_when_a_loop_is_closed_in_mid_conversation():
    loop = SimulatedLoop()
    loop.set_debug(True)
    server, client = connect(loop)
    client.transport.write(b"never to arrive")
    server.transport.write(b"x" * 1_000_000)
    loop.close()
    assert loop.is_closed()


def test_streams_that_were_left_open_are_no_reason_for_a_warning(recwarn):
    left_open = []

    async def main() -> None:
        await asyncio.start_server(lambda *streams: left_open.append(streams), HOST, PORT)
        left_open.append(await asyncio.open_connection(HOST, PORT))

    loop = SimulatedLoop()
    loop.run_until_complete(main())
    assert len(left_open) == 2
    loop.close()
    left_open.clear()
    gc.collect()
    assert recwarn.list == []


def test_a_stall_leaves_the_loop_usable(loop):
    with pytest.raises(Stalled):
        loop.run_until_complete(loop.create_future())
    loop.advance(1.0)
    assert loop.time() == 1.0
