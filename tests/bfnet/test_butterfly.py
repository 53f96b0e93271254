"""Reading from a butterfly and writing to it."""

from __future__ import annotations

import asyncio

import pytest

from bfnet import ButterflyHandler


class Here(ButterflyHandler):
    """Hands each butterfly to the test, and handles nothing."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.came = asyncio.Queue()
        self.left = asyncio.Queue()

    async def on_connection(self, butterfly):
        self.came.put_nowait(butterfly)
        await asyncio.Event().wait()

    async def on_disconnect(self, butterfly):
        self.left.put_nowait(butterfly)


async def meet(server):
    client = await server.connect()
    return client, await server.handler.came.get()


def test_a_butterfly_knows_its_clients_address(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        assert (butterfly.ip, butterfly.client_port) == client.writer.get_extra_info("sockname")

    world.run(conversation, Here)


def test_read_returns_at_most_buffer_size_and_keeps_the_rest(world):
    async def conversation(server):
        server.handler.buffer_size = 4
        client, butterfly = await meet(server)
        client.send(b"abcdefghij")
        pieces = [await butterfly.read() for _ in range(3)]
        assert pieces == [b"abcd", b"efgh", b"ij"]

    world.run(conversation, Here)


def test_a_client_that_sends_faster_than_we_read_is_made_to_wait(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        much = bytes(range(256)) * 40_000  # 10 MB
        client.send(much)
        for _ in range(50):
            await asyncio.sleep(0.001)
        assert len(butterfly._link.inbox) <= 3 * server.handler.buffer_size
        received = bytearray()
        while len(received) < len(much):
            received += await butterfly.read()
        assert received == much

    world.run(conversation, Here)


def test_only_one_task_may_read_at_a_time(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        first = asyncio.create_task(butterfly.read())
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="already reading"):
            await butterfly.read()
        client.send(b"hello")
        assert await first == b"hello"

    world.run(conversation, Here)


def test_a_cancelled_read_loses_nothing(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        reading = asyncio.create_task(butterfly.read())
        await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait([reading])
        client.send(b"hello")
        assert await butterfly.read() == b"hello"

    world.run(conversation, Here)


@pytest.mark.parametrize("data", ["text", 3, None, [98], object()])
def test_write_refuses_anything_but_bytes_at_once(simulated, data):
    async def conversation(server):
        _, butterfly = await meet(server)
        with pytest.raises(TypeError, match="takes bytes, not"):
            butterfly.write(data)

    simulated.run(conversation, Here)


def test_write_of_text_is_told_the_remedy(simulated):
    async def conversation(server):
        _, butterfly = await meet(server)
        with pytest.raises(TypeError, match=r"use \.encode\(\)"):
            butterfly.write("text")

    simulated.run(conversation, Here)


def test_a_bytearray_may_be_changed_after_it_was_written(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        data = bytearray(b"before")
        butterfly.write(data)
        data[:] = b"after!"
        butterfly.write(memoryview(b" and a view"))
        await client.read(b"before and a view")

    world.run(conversation, Here)


def test_writes_of_one_turn_are_passed_on_as_one(simulated):
    async def conversation(server):
        client, butterfly = await meet(server)
        for word in (b"one ", b"two ", b"three"):
            butterfly.write(word)
        assert await client.read_some() == b"one two three"

    simulated.run(conversation, Here)


def test_writing_to_a_butterfly_that_has_gone_does_nothing(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        client.reset()
        await server.handler.left.get()
        for _ in range(10):
            butterfly.write(b"anybody?")
            await asyncio.sleep(0)
        await butterfly.drain()
        assert await butterfly.read() == b""
        butterfly.stop()

    world.run(conversation, Here)


def test_drain_waits_for_a_slow_reader_and_no_longer(world):
    async def conversation(server):
        server.net.most_owed = 100_000_000
        client, butterfly = await meet(server)
        client.stop_reading()
        much = b"x" * 20_000_000
        butterfly.write(much)
        drains = [asyncio.create_task(butterfly.drain()) for _ in range(3)]
        _, waiting = await asyncio.wait(drains, timeout=0.05)
        assert len(waiting) == 3, "drain returned although nobody reads"
        client.writer.transport.resume_reading()
        await client.read(much)
        await asyncio.gather(*drains)

    world.run(conversation, Here)


def test_a_drain_is_let_go_when_the_client_vanishes(world):
    async def conversation(server):
        server.net.most_owed = 100_000_000
        client, butterfly = await meet(server)
        client.stop_reading()
        butterfly.write(b"x" * 20_000_000)
        drain = asyncio.create_task(butterfly.drain())
        await asyncio.sleep(0.01)
        client.reset()
        await drain
        await server.handler.left.get()

    world.run(conversation, Here)


def test_a_reader_that_is_owed_too_much_is_closed_with_one_line_that_says_why(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        client.stop_reading()
        while server.handler.left.empty():
            butterfly.write(b"x" * 100_000)
            assert butterfly._link.owed() < 3 * server.net.most_owed
            await asyncio.sleep(0)

    world.run(conversation, Here)
    assert sum("reads too slowly" in message for message in world.caplog.messages) == 1


def test_a_single_write_may_be_as_long_as_it_likes(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        much = b"y" * (4 * server.net.most_owed)
        butterfly.write(much)
        await client.read(much)

    world.run(conversation, Here)


def test_stop_gives_a_slow_reader_the_time_that_it_needs_to_read_the_rest(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        much = b"z" * 3_000_000
        butterfly.write(much)
        butterfly.stop()
        assert await client.read_all() == much

    world.run(conversation, Here)


def test_stop_does_not_wait_for_ever_for_a_client_that_does_not_read(world):
    async def conversation(server):
        client, butterfly = await meet(server)
        client.stop_reading()
        butterfly.write(b"z" * 20_000_000)
        butterfly.stop()
        await server.handler.left.get()

    world.run(conversation, Here)
