"""Life cycle mischief: ends in an unusual order, and code that raises unusual things."""

from __future__ import annotations

import asyncio

import pytest
from client import until
from test_life import Chat, join

import bfnet
from bfnet.tasks import where_it_waits


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
        (connection,) = server.connections
        await until(lambda: connection.finished)
        alice.reset()
        while server.handler.left.empty():
            connection.butterfly.write(b"still working")  # so that the reset is noticed
            await asyncio.sleep(0.001)
        assert connection.lost

    world.run(conversation, Chat)


class Odd(BaseException):
    """Not an Exception, like what `pytest.fail` raises."""


@pytest.mark.parametrize("error", [asyncio.CancelledError, Odd])
def test_whatever_a_data_handler_raises_is_logged_once_and_closes_the_connection(world, error):
    async def conversation(server):
        @server.net.any_data
        async def explode(data, butterfly, handler):
            raise error

        alice = await join(server)
        alice.send(b"hello")
        assert await alice.read_all() == b""
        await server.handler.left.get()

    world.run(conversation, Chat, expect_traceback=True)
    assert what_failed(world) == ["explode"]


@pytest.mark.parametrize("error", [asyncio.CancelledError, Odd])
def test_whatever_on_connection_raises_is_logged_once_and_closes_the_connection(world, error):
    class Stumbles(Chat):
        async def on_connection(self, butterfly):
            raise error

    async def conversation(server):
        client = await server.connect()
        assert await client.read_all() == b""
        await server.handler.left.get()

    world.run(conversation, Stumbles, expect_traceback=True)
    assert what_failed(world) == ["on_connection"]


def test_an_on_disconnect_that_awaits_what_it_has_cancelled_is_told_so(world):
    class Awaits(Chat):
        async def on_disconnect(self, butterfly):
            self.left.put_nowait(butterfly)
            _, data_loop = self.butterflies.pop(butterfly.nick)
            data_loop.cancel()
            await data_loop
            self.story.append(b"never")

    async def conversation(server):
        alice = await join(server)
        alice.close()
        await server.handler.left.get()

    world.run(conversation, Awaits, expect_traceback=True)
    assert what_failed(world) == ["on_disconnect"]


def test_a_data_loop_that_finds_another_reader_is_logged_and_closes_the_connection(world):
    class TwoReaders(Chat):
        async def on_connection(self, butterfly):
            await super().on_connection(butterfly)
            await butterfly.read()

    async def conversation(server):
        alice = await join(server)
        assert await alice.read_all() == b""
        await server.handler.left.get()

    world.run(conversation, TwoReaders, expect_traceback=True)
    assert len(what_failed(world)) == 1


def what_failed(world):
    return [r.getMessage().split(" failed for ")[0] for r in world.caplog.records if r.exc_info]


def test_a_data_handler_that_goes_on_answering_is_not_cut_off(simulated):
    async def conversation(server):
        @server.net.any_data
        async def count(data, butterfly, handler):
            for number in b"12345":
                butterfly.write(bytes([number]))
                await asyncio.sleep(server.net.limits.finish_timeout * 0.7)

        alice = await join(server)
        alice.send(b"count")
        alice.half_close()
        assert await alice.read_all() == b"12345"

    simulated.run(conversation, Chat)


class ReadsInATaskOfItsOwn(Chat):
    async def on_connection(self, butterfly):
        self.reading = asyncio.create_task(self.read_lines(butterfly))

    async def read_lines(self, butterfly):
        while data := await butterfly.read():
            self.story.append(b"said " + data)


def test_last_words_reach_a_task_of_your_own_that_waits_for_them(world):
    async def conversation(server):
        client = await server.connect()
        await until(lambda: server.connections and hasattr(server.handler, "reading"))
        await asyncio.sleep(0)
        client.send(b"goodbye")
        client.half_close()
        await server.handler.left.get()
        await server.handler.reading
        assert server.handler.story == [b"said goodbye", b"left nameless"]

    world.run(conversation, ReadsInATaskOfItsOwn)


EAGER = getattr(asyncio, "eager_task_factory", None)  # new in Python 3.12


def test_tasks_that_begin_eagerly_change_nothing(world):
    async def conversation(server):
        @server.net.any_data
        async def echo(data, butterfly, handler):
            butterfly.write(data)

        loop = asyncio.get_running_loop()
        loop.set_task_factory(EAGER)
        client = await server.connect()
        client.send(b"hello")
        await client.read(b"hello")
        loop.set_task_factory(None)

    world.run(conversation)


def test_code_in_a_folder_named_almost_like_the_framework_is_yours(simulated):
    place = f"{bfnet.__path__[0]}_chat/server.py"
    program = {"asyncio": asyncio}
    exec(compile("async def wait():\n    await asyncio.Event().wait()", place, "exec"), program)

    async def conversation(server):
        waiting = asyncio.create_task(program["wait"]())
        await asyncio.sleep(0)
        assert where_it_waits(waiting) == f"{place}:2"
        waiting.cancel()

    simulated.run(conversation)


@pytest.mark.parametrize("leave", ["half_close", "reset", "close"])
def test_whoever_leaves_at_once_has_come_before(world, leave):
    class Counts(Chat):
        async def on_connection(self, butterfly):
            self.story.append(b"here")
            await super().on_connection(butterfly)

    async def conversation(server):
        client = await server.connect()
        getattr(client, leave)()
        await server.handler.left.get()
        assert server.handler.story == [b"here", b"left nameless"]

    world.run(conversation, Counts)
