"""A client that leaves behind bytes that nobody reads: it is noticed, and its bytes are handled."""

from __future__ import annotations

import asyncio
import contextlib
import ssl

import pytest
from client import until
from test_life import Chat, join

MUCH = bytes(range(256)) * 600  # 150 kB: more than is read ahead, less than the kernels hold


class Busy(Chat):
    """Its data handler never returns."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.began = asyncio.Event()


def never_returns(server):
    server.net.limits.finish_timeout = 1.0  # the default

    @server.net.any_data
    async def wait_for_ever(data, butterfly, handler):
        handler.began.set()
        await asyncio.Event().wait()


async def send_too_much(server):
    """A client whose bytes are not read any more; all of them have left it."""
    client = await join(server)
    client.send(b"begin")
    await server.handler.began.wait()
    client.send(MUCH[:120_000])
    (connection,) = server.connections
    sent = client.writer.transport.get_write_buffer_size
    await until(lambda: not connection._transport.is_reading() and not sent())
    return client


@pytest.mark.parametrize("leave", ["close", "half_close", "reset"])
def test_a_client_that_left_behind_a_handler_at_work_is_noticed_within_two_seconds(world, leave):
    async def conversation(server):
        never_returns(server)
        client = await send_too_much(server)
        await asyncio.sleep(2.2)  # as long as it is there, it is not taken for gone
        assert server.handler.left.empty()
        began = asyncio.get_running_loop().time()
        getattr(client, leave)()
        await server.handler.left.get()
        assert asyncio.get_running_loop().time() - began < 2.0
        client.close()

    world.run(conversation, Busy)


def test_a_close_notify_and_the_end_of_file_behind_it_are_noticed_too(tls):
    async def conversation(server):
        never_returns(server)
        client = await send_too_much(server)
        with contextlib.suppress(ssl.SSLWantReadError):
            client.tls.unwrap()
        client._flush()
        client.writer.write_eof()
        async with asyncio.timeout(2.0):
            await server.handler.left.get()

    tls.run(conversation, Busy)


@pytest.mark.parametrize("leave", ["close", "half_close"])
def test_what_had_arrived_is_handled_by_a_handler_that_is_slow(world, leave):
    async def conversation(server):
        server.net.limits.finish_timeout = 0.2
        server.handler.buffer_size = 20_000
        received = bytearray()

        @server.net.any_data
        async def take_long(data, butterfly, handler):
            handler.began.set()
            await asyncio.sleep(0.15)
            received.extend(data)

        client = await join(server)
        client.send(MUCH)
        await server.handler.began.wait()
        getattr(client, leave)()
        await server.handler.left.get()
        assert bytes(received) == MUCH
        client.close()

    world.run(conversation, Busy)


def test_a_simulation_looks_for_nobody_from_time_to_time(simulated):
    """Its clock would go on forever, and it would never report that nothing can happen."""

    async def conversation(server):
        never_returns(server)
        await send_too_much(server)
        (connection,) = server.connections
        assert connection._lookout is None

    simulated.run(conversation, Busy)
