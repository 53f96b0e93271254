"""Butterflies that are read by two, owed too much, or talked to after the end."""

from __future__ import annotations

import asyncio

import pytest
from test_butterfly import Here, meet


def test_a_second_reader_can_not_snatch_what_woke_the_first(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        first = asyncio.create_task(butterfly.read())
        greedy = asyncio.create_task(read_what_has_come(butterfly))
        await asyncio.sleep(0)
        client.send(b"hello")
        with pytest.raises(RuntimeError, match="already reading"):
            await greedy
        assert await first == b"hello"

    world.run(conversation, Here)


async def read_what_has_come(butterfly):
    """Read as soon as there is anything: before the one who waits for it has woken up."""
    while not butterfly._link.inbox:  # noqa: ASYNC110  nobody else would be quick enough
        await asyncio.sleep(0)
    return await butterfly.read()


def test_nothing_is_read_any_more_once_we_have_hung_up(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        client.stop_reading()
        butterfly.write(b"z" * 20_000_000)
        butterfly.stop()
        client.send(b"too late")
        reads = [await butterfly.read() for _ in range(100)]
        assert set(reads) == {b""}

    world.run(conversation, Here)


def test_what_a_slow_reader_has_taken_is_not_owed_any_more(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        client.stop_reading()
        much = b"x" * 20_000_000
        butterfly.write(much)
        await asyncio.sleep(0.01)
        owed = butterfly._link.owed()
        server.net.most_owed = owed - 1_000_000
        client.writer.transport.resume_reading()
        received = 0
        while butterfly._link._transport.get_write_buffer_size() > owed - 2_000_000:
            received += len(await client.read_some())
        butterfly.write(b"one more")
        await client.read(much[received:] + b"one more")

    world.run(conversation, Here)
