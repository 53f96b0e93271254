"""Ports, new connections, and how a trace shows them."""

import asyncio
import errno

import pytest

from simnet import SimulatedLoop, Weather, calm

HOST, PORT = "127.0.0.1", 8001


@pytest.fixture
def loop():
    loop = SimulatedLoop(calm(0))
    yield loop
    loop.close()


def serve(loop: SimulatedLoop, host: str | None = HOST, port: int = PORT) -> asyncio.Server:
    return loop.run_until_complete(loop.create_server(asyncio.Protocol, host, port))


def connect(loop: SimulatedLoop, host: str = HOST, port: int = PORT, **options: object):
    making = loop.create_connection(asyncio.Protocol, host, port, **options)
    return loop.run_until_complete(making)[0]


def kinds(loop: SimulatedLoop) -> list[tuple[str, str, str]]:
    return [(event.source, event.target, event.kind) for event in loop.trace]


def test_port_zero_gives_a_free_port(loop):
    ports = {serve(loop, port=0).sockets[0].getsockname()[1] for _ in range(3)}
    assert len(ports) == 3
    assert 0 not in ports


def test_a_port_in_use_is_named(loop):
    serve(loop)
    with pytest.raises(OSError, match=r"\('127.0.0.1', 8001\): address already in use") as caught:
        serve(loop)
    assert caught.value.errno == errno.EADDRINUSE


def test_a_port_is_in_use_for_one_host_and_free_for_another(loop):
    serve(loop, HOST)
    serve(loop, "127.0.0.2")
    with pytest.raises(OSError, match="address already in use"):
        serve(loop, None)


def test_a_closed_server_gives_its_port_back(loop):
    serve(loop).close()
    serve(loop)
    assert connect(loop).get_extra_info("peername") == (HOST, PORT)


def test_a_server_on_any_host_is_reached_by_every_name(loop):
    serve(loop, None)
    assert connect(loop, "localhost").get_extra_info("peername") == (HOST, PORT)
    assert connect(loop, "chat.example").get_extra_info("peername") == ("chat.example", PORT)


def test_a_server_listens_on_several_hosts(loop):
    server = loop.run_until_complete(
        loop.create_server(asyncio.Protocol, [HOST, "127.0.0.2"], PORT)
    )
    assert len(server.sockets) == 2
    connect(loop, "127.0.0.2")


def test_a_bound_server_that_does_not_serve_yet_refuses(loop):
    server = loop.run_until_complete(
        loop.create_server(asyncio.Protocol, HOST, PORT, start_serving=False)
    )
    with pytest.raises(ConnectionRefusedError):
        connect(loop)
    loop.run_until_complete(server.start_serving())
    connect(loop)


def test_nobody_listens(loop):
    with pytest.raises(ConnectionRefusedError, match=r"Connect call failed \('127.0.0.1', 8001\)"):
        connect(loop, local_addr=(HOST, 50001))
    assert kinds(loop) == [("127.0.0.1:8001", "127.0.0.1:50001", "refused")]


def test_a_client_may_choose_its_address(loop):
    serve(loop)
    transport = connect(loop, local_addr=(HOST, 50001))
    assert transport.get_extra_info("sockname") == (HOST, 50001)
    with pytest.raises(OSError, match="address already in use"):
        connect(loop, local_addr=(HOST, 50001))
    transport.close()
    loop.settle()
    connect(loop, local_addr=(HOST, 50001))


def test_a_host_and_a_port_are_needed(loop):
    with pytest.raises(ValueError, match="a host and a port"):
        loop.run_until_complete(loop.create_connection(asyncio.Protocol))


def test_a_connection_takes_a_round_trip_to_make_and_half_of_one_to_speak(loop):
    class OneSecond(Weather):
        def latency(self) -> float:
            return 1.0

    loop = SimulatedLoop(OneSecond())
    serve(loop)
    connect(loop).write(b"x")
    assert loop.time() == 2.0
    loop.settle()
    assert [(event.kind, event.time) for event in loop.trace] == [("connect", 1.0), ("data", 3.0)]
    loop.close()


def test_a_client_that_gives_up_connecting_hangs_up(loop):
    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.0005):
                await loop.create_connection(asyncio.Protocol, HOST, PORT)

    serve(loop)
    loop.run_until_complete(give_up())
    loop.settle()
    assert [event.kind for event in loop.trace] == ["connect", "close"]


def test_a_client_whose_protocol_cannot_be_made_hangs_up(loop):
    serve(loop)
    making = loop.create_connection(lambda: 1 / 0, HOST, PORT)
    with pytest.raises(ZeroDivisionError):
        loop.run_until_complete(making)
    loop.settle()
    assert [event.kind for event in loop.trace] == ["connect", "close"]


def test_a_server_whose_protocol_cannot_be_made_hangs_up_and_says_why(loop):
    complaints = []
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    loop.run_until_complete(loop.create_server(lambda: 1 / 0, HOST, PORT))
    transport = connect(loop)
    loop.settle()
    assert [type(context["exception"]) for context in complaints] == [ZeroDivisionError]
    assert transport.is_closing()


def test_the_trace_knows_everybody_by_name(loop):
    loop.trace.names.update({"127.0.0.1:8001": "server", "127.0.0.1:50001": "alice"})
    serve(loop)
    alice = connect(loop, local_addr=(HOST, 50001))
    alice.write(b"hi\n")
    alice.write_eof()
    loop.settle()
    assert kinds(loop) == [
        ("alice", "server", "connect"),
        ("alice", "server", "data"),
        ("alice", "server", "eof"),
        ("server", "alice", "close"),
    ]


def test_a_reset_is_in_the_trace(loop):
    serve(loop)
    connect(loop).reset()
    loop.settle()
    assert [event.kind for event in loop.trace] == ["connect", "reset"]


def test_a_sender_never_has_more_on_its_way_than_the_reader_has_room_for(loop):
    serve(loop)
    transport = connect(loop)
    transport.write(b"x" * 1_000_000)
    assert transport.get_write_buffer_size() == 1_000_000 - 64 * 1024
    loop.settle()
    assert transport.get_write_buffer_size() == 0
    assert [len(event.data) for event in loop.trace if event.kind == "data"] == [65_536] * 15 + [
        1_000_000 - 15 * 65_536
    ]


def test_a_sender_learns_of_room_only_after_news_of_it_has_travelled(loop):
    serve(loop)
    connect(loop).write(b"x" * 3 * 64 * 1024)
    loop.settle()
    latency = loop.trace[0].time
    reads = [event.time for event in loop.trace if event.kind == "data"]
    assert [round(later - reads[0], 6) for later in reads] == [
        0,
        round(2 * latency, 6),
        round(4 * latency, 6),
    ]


def test_a_server_can_be_shown(loop):
    assert "TransportSocket" in repr(serve(loop))
    assert "open ('127.0.0.1'" in repr(connect(loop))
