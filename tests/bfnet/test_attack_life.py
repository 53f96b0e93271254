"""Life cycle mischief: ends in an unusual order, and code that raises unusual things."""

from __future__ import annotations

import asyncio

from client import until
from test_life import Chat, join


def test_a_data_handler_that_never_ends_is_cancelled_when_a_reset_follows_the_end_of_file(world):
    async def conversation(server):
        @server.net.any_data
        async def write_and_wait_for_ever(data, butterfly, handler):
            butterfly.write(b"working on it")
            await asyncio.Event().wait()

        alice = await join(server)
        alice.send(b"hello")
        await alice.read(b"working on it")
        alice.half_close()
        (connection,) = server.net.connections
        await until(lambda: connection.life._peer_finished)
        alice.reset()
        while server.handler.left.empty():
            connection.butterfly.write(b"still working")  # so that the reset is noticed
            await asyncio.sleep(0.001)
        assert connection.lost

    world.run(conversation, Chat)
