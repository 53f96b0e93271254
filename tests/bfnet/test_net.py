"""Which function gets which data, and what a net does when it begins and ends."""

from __future__ import annotations

import asyncio
import errno
import re

import pytest

from bfnet import ButterflyHandler


def test_the_first_function_that_matches_gets_the_data(world):
    async def conversation(server):
        @server.net.regexp_match(rb"\d+")
        async def number(data, butterfly, handler):
            butterfly.write(b"a number")

        @server.net.prefix_match(b"/quit")
        async def command(data, butterfly, handler):
            butterfly.write(b"a command")

        @server.net.any_data
        async def anything(data, butterfly, handler):
            butterfly.write(b"anything else")

        client = await server.connect()
        client.send(b"42")
        await client.read(b"a number")
        client.send(b"/quit now")
        await client.read(b"a command")
        client.send(b"not 42 and no /quit")
        await client.read(b"anything else")

    world.run(conversation)


def test_data_that_no_function_wants_is_dropped(world):
    async def conversation(server):
        @server.net.prefix_match(b"hello")
        async def greet(data, butterfly, handler):
            butterfly.write(b"good day")

        client = await server.connect()
        client.send(b"mumble")
        await asyncio.sleep(0.01)
        client.send(b"hello")
        await client.read(b"good day")

    world.run(conversation)


def test_a_data_handler_gets_the_data_the_butterfly_and_the_handler(simulated):
    async def conversation(server):
        seen = asyncio.Queue()

        @server.net.any_data
        async def look(*arguments):
            seen.put_nowait(arguments)

        client = await server.connect()
        client.send(b"hello")
        data, butterfly, handler = await seen.get()
        assert data == b"hello"
        assert butterfly.client_port == client.writer.get_extra_info("sockname")[1]
        assert handler is server.handler

    simulated.run(conversation)


def test_a_sender_that_does_not_read_its_answers_is_read_no_further(world):
    async def conversation(server):
        @server.net.any_data
        async def echo(data, butterfly, handler):
            butterfly.write(data)

        client = await server.connect()
        client.stop_reading()
        much = b"x" * 30_000_000
        client.send(much)
        for _ in range(100):
            await asyncio.sleep(0.001)
        (butterfly, _) = next(iter(server.handler.butterflies.values()))
        assert butterfly._link.owed() < server.net.most_owed, "it was read on, and would be closed"
        client.writer.transport.resume_reading()
        await client.read(much)

    world.run(conversation)


def test_a_data_handler_without_async_is_refused_when_it_is_registered(simulated):
    async def conversation(server):
        with pytest.raises(TypeError, match="must be written with `async def`"):

            @server.net.any_data
            def forgot(data, butterfly, handler):
                pass

    simulated.run(conversation)


def test_a_method_without_async_is_refused_when_the_class_is_made():
    with pytest.raises(TypeError, match="on_connection must be written with `async def`"):

        class Forgot(ButterflyHandler):
            def on_connection(self, butterfly):
                pass


def test_an_on_connection_without_self_is_logged_and_closes_the_connection(world):
    class WithoutSelf(ButterflyHandler):
        async def on_connection(butterfly):
            pass

    async def conversation(server):
        client = await server.connect()
        assert await client.read_all() == b""

    world.run(conversation, WithoutSelf, expect_traceback=True)


def test_a_text_pattern_is_told_that_data_is_bytes(simulated):
    async def conversation(server):
        with pytest.raises(TypeError, match="pattern has to be bytes"):
            server.net.regexp_match("text")
        with pytest.raises(TypeError, match="prefix has to be bytes"):
            server.net.prefix_match("text")
        assert server.net.regexp_match(re.compile(b"compiled"))

    simulated.run(conversation)


def test_a_port_in_use_is_named(world):
    async def conversation(server):
        with pytest.raises(OSError, match=f"port {server.net.port} on 127.0.0.1 is in use") as e:
            await server.handler.create_server(("127.0.0.1", server.net.port), None)
        assert e.value.errno == errno.EADDRINUSE

    world.run(conversation)


def test_an_address_of_another_machine_is_named(tls):
    async def conversation(server):
        with pytest.raises(OSError, match=r"192\.0\.2\.1 is not an address of this machine"):
            await server.handler.create_server(("192.0.2.1", 0), tls.ssl_options)

    tls.run(conversation)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "", "example.org"])
def test_plaintext_stays_on_loopback(sockets, host):
    async def conversation(server):
        with pytest.raises(ValueError, match="served only over TLS"):
            await server.handler.create_server((host, 0), None)

    sockets.run(conversation)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost"])
def test_plaintext_on_loopback_is_served_with_a_warning(sockets, host):
    async def conversation(server):
        await server.handler.create_server((host, 0), None)

    sockets.run(conversation)
    assert "can be read on the way" in sockets.caplog.text


def test_a_simulated_network_has_nobody_on_the_way_and_warns_of_nothing(simulated):
    async def conversation(server):
        pass

    simulated.run(conversation)
    assert [record for record in simulated.caplog.records if record.levelname == "WARNING"] == []


def test_a_net_serves_until_it_is_cancelled_and_closes_everything(world):
    async def conversation(server):
        serving = asyncio.create_task(server.net.serve_forever())
        client = await server.connect()
        serving.cancel()
        assert await client.read_all() == b""
        client.close()
        await asyncio.wait([serving])
        assert serving.cancelled()
        assert not server.connections
        with pytest.raises(ConnectionRefusedError):
            await server.connect()

    world.run(conversation)


def test_serving_ends_when_the_handler_is_stopped(world):
    async def conversation(server):
        serving = asyncio.create_task(server.net.serve_forever())
        await asyncio.sleep(0)
        await server.handler.stop()
        await serving

    world.run(conversation)


def test_a_net_is_closed_at_the_end_of_its_block(world):
    async def conversation(server):
        async with server.net:
            client = await server.connect()
        assert await client.read_all() == b""

    world.run(conversation)
