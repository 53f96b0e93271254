"""Stopping at an awkward moment: nobody is let in any more, and nobody is waited for in vain."""

from __future__ import annotations

import asyncio
import socket

import pytest
from test_life import Chat, join

from bfnet import ButterflyHandler


@pytest.mark.parametrize("turns", [2, 3])
def test_a_client_that_is_accepted_while_the_net_closes_is_let_go(sockets, turns):
    async def conversation(server):
        with socket.create_connection(("127.0.0.1", server.net.port)):
            for _ in range(turns):
                await asyncio.sleep(0)
            await server.net.close()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not server.connections

    sockets.run(conversation)


def test_the_last_one_to_leave_may_stop_the_handler(world):
    class TurnsOffTheLights(Chat):
        async def on_disconnect(self, butterfly):
            await super().on_disconnect(butterfly)
            await self.stop()
            self.story.append(b"dark")

    async def conversation(server):
        began = asyncio.get_running_loop().time()
        alice, bob = await join(server, b"alice"), await join(server, b"bob")
        alice.close()
        assert await bob.read_all() == b""
        bob.close()
        await server.handler.stop()
        assert server.handler.story.count(b"dark") == 2
        assert asyncio.get_running_loop().time() - began < 5

    world.run(conversation, TurnsOffTheLights)


def test_a_net_that_begins_to_listen_while_the_handler_stops_does_not_stay(world):
    class Other(ButterflyHandler):
        pass

    async def conversation(server):
        handler = Other.get_handler()
        options = world.ssl_options
        creating = asyncio.create_task(handler.create_server(("127.0.0.1", 0), options))
        await asyncio.sleep(0)
        await handler.stop()
        with pytest.raises(RuntimeError, match="was stopped"):
            await creating

    world.run(conversation)


def test_nets_close_at_the_same_time(world):
    class Endless(Chat):
        async def on_disconnect(self, butterfly):
            await asyncio.Event().wait()

    async def conversation(server):
        server.net.limits.close_timeout = 0.3
        await join(server)
        second = await world.listen(server.handler)
        stopping = asyncio.create_task(server.handler.stop())
        await second._closed.wait()
        assert not server.net._closed.is_set()
        await stopping

    world.run(conversation, Endless)


def test_many_who_refuse_to_end_are_waited_for_together(world):
    class Stubborn(Chat):
        async def on_disconnect(self, butterfly):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.Event().wait()

    async def conversation(server):
        server.net.limits.close_timeout = 0.05
        server.net.limits.cancel_timeout = 0.3
        for number in range(10):
            await join(server, b"%d" % number)
        began = asyncio.get_running_loop().time()
        await server.handler.stop()
        assert asyncio.get_running_loop().time() - began < 2

    world.run(conversation, Stubborn)
