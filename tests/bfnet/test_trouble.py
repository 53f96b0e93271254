"""One client's trouble, or the machine's, costs the others nothing and leaves a line in the log."""

from __future__ import annotations

import asyncio
import socket

import pytest
from test_butterfly import Here, meet
from test_life import Chat, join

from bfnet.connection import Connection

SEALED_BADLY = b"\x17\x03\x03\x00\x20" + bytes(32)  # a TLS record that nobody has encrypted


@pytest.mark.parametrize("broken", [SEALED_BADLY, b"no TLS at all"])
def test_what_came_ahead_of_a_broken_record_is_handled(tls, broken):
    async def conversation(server):
        @server.net.any_data
        async def remember(data, butterfly, handler):
            handler.story.append(data)

        alice = await join(server)
        alice.tls.write(b"good")
        alice.writer.write(alice.outgoing.read() + broken)
        await server.handler.left.get()
        assert server.handler.story == [b"came alice", b"good", b"left alice"]

    tls.run(conversation, Chat)
    assert sum("TLS with" in message for message in tls.caplog.messages) == 1


def test_a_client_that_cannot_be_sent_to_keeps_nobody_waiting(world, monkeypatch):
    async def conversation(server):
        met = [await meet(server) for _ in range(4)]
        unlucky = met[1][1]._link
        flush = Connection.flush

        def out_of_memory(connection):
            if connection is unlucky:
                raise MemoryError
            flush(connection)

        monkeypatch.setattr(Connection, "flush", out_of_memory)
        for _, butterfly in met:
            butterfly.write(b"to everybody")
        for client, butterfly in met:
            if butterfly._link is not unlucky:
                await client.read(b"to everybody")
        assert await server.handler.left.get() is met[1][1]
        assert await met[1][0].read_all() == b""

    world.run(conversation, Here, expect_traceback=True)
    assert sum("sending to" in message for message in world.caplog.messages) == 1


@pytest.mark.parametrize("error", [GeneratorExit, asyncio.CancelledError, StopAsyncIteration])
def test_a_data_handler_that_raises_what_others_raise_is_closed(world, error):
    async def conversation(server):
        @server.net.any_data
        async def raise_it(data, butterfly, handler):
            raise error

        alice = await join(server)
        alice.send(b"hello")
        await server.handler.left.get()
        assert await alice.read_all() == b""

    world.run(conversation, Chat, expect_traceback=True)
    assert sum("raise_it failed" in message for message in world.caplog.messages) == 1


def test_an_on_connection_that_raises_generator_exit_is_closed(world):
    class Raises(Here):
        async def on_connection(self, butterfly):
            raise GeneratorExit

    async def conversation(server):
        client = await server.connect()
        await server.handler.left.get()
        assert await client.read_all() == b""

    world.run(conversation, Raises, expect_traceback=True)
    assert sum("on_connection failed" in message for message in world.caplog.messages) == 1


def test_a_coroutine_that_is_closed_and_run_by_no_task_is_no_failure(simulated):
    async def conversation(server):
        _, butterfly = await meet(server)
        handling = server.net.handle(butterfly)
        handling.send(None)
        handling.close()
        butterfly.stop()
        await server.handler.left.get()

    simulated.run(conversation, Here)


def test_an_on_disconnect_that_stop_cuts_off_is_logged(world):
    class Endless(Chat):
        async def on_disconnect(self, butterfly):
            await asyncio.Event().wait()

    async def conversation(server):
        server.net.limits.close_timeout = 0.05
        await join(server, b"alice")
        await join(server, b"bob")
        await server.handler.stop()

    world.run(conversation, Endless)
    cut_off = [m for m in world.caplog.messages if "is cut off" in m]
    assert len(cut_off) == 2
    assert all("test_trouble.py:" in message for message in cut_off)


@pytest.mark.parametrize("port", [-1, 65536, 10**10])
def test_a_port_that_does_not_exist_is_refused_in_one_sentence(world, port):
    async def conversation(server):
        with pytest.raises(ValueError, match=f"a port is a number from 0 to 65535, not {port}"):
            await server.handler.create_server(("127.0.0.1", port), world.ssl_options)

    world.run(conversation)


def test_a_name_with_two_addresses_is_served_on_one_port(sockets, monkeypatch):
    addresses = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no ::1")

    def getaddrinfo(host, port, *_, **__):
        return [(f, socket.SOCK_STREAM, 6, "", (address, port)) for f, address in addresses]

    async def conversation(server):
        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", getaddrinfo)
            net = await server.handler.create_server(("localhost", 0), None)
        for _, address in addresses:
            with socket.create_connection((address, net.port)):
                pass

    sockets.run(conversation)


def test_stop_gives_a_client_that_does_not_close_a_moment_and_no_more(world):
    async def conversation(server):
        server.net.limits.flush_timeout = 5.0
        client, butterfly = await meet(server)
        butterfly.write(b"last words")
        clock = asyncio.get_running_loop().time
        began = clock()
        await server.handler.stop()
        assert server.net.limits.linger_timeout <= clock() - began < 3
        assert await client.read_all() == b"last words"

    world.run(conversation, Here)


def test_a_client_that_has_not_taken_everything_is_given_longer(world):
    async def conversation(server):
        server.net.limits.flush_timeout = 2.0
        client, butterfly = await meet(server)
        client.stop_reading()
        butterfly.write(b"x" * 8_000_000)
        clock = asyncio.get_running_loop().time
        began = clock()
        await server.handler.stop()
        assert clock() - began >= 2.0

    world.run(conversation, Here)
