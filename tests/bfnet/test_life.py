"""However a connection ends, on_disconnect runs exactly once and nothing is left.

`World.run` checks after each conversation that no task, transport or connection is left, that
nothing warned, and that no traceback was logged unless the test expects one.
"""

from __future__ import annotations

import asyncio

import pytest
from client import until

from bfnet import ButterflyHandler


class Chat(ButterflyHandler):
    """Asks for a name and remembers, in order, what happened."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.story = []
        self.left = asyncio.Queue()

    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        butterfly.nick = await butterfly.read()
        self.story.append(b"came " + butterfly.nick)
        self.butterflies[butterfly.nick] = (butterfly, self.begin_handling(butterfly))

    async def on_disconnect(self, butterfly):
        await super().on_disconnect(butterfly)
        self.story.append(b"left " + getattr(butterfly, "nick", b"nameless"))
        self.left.put_nowait(butterfly)


def echo(server):
    @server.net.any_data
    async def send_back(data, butterfly, handler):
        handler.story.append(b"said " + data)
        butterfly.write(data)


async def join(server, name=b"alice"):
    client = await server.connect()
    await client.read(b"Nickname: ")
    client.send(name)
    await until(lambda: b"came " + name in server.handler.story)
    return client


def test_a_client_that_closes_has_left(world):
    async def conversation(server):
        alice = await join(server)
        alice.close()
        await server.handler.left.get()
        assert server.handler.story == [b"came alice", b"left alice"]
        assert server.handler.butterflies == {}

    world.run(conversation, Chat)


def test_a_client_that_half_closes_gets_what_it_is_owed_and_then_the_end(world):
    async def conversation(server):
        echo(server)
        alice = await join(server)
        alice.send(b"hello")
        alice.half_close()
        assert await alice.read_all() == b"hello"
        alice.close()
        await server.handler.left.get()
        assert server.handler.story == [b"came alice", b"said hello", b"left alice"]

    world.run(conversation, Chat)


def test_a_slow_data_handler_finishes_for_a_client_that_half_closed(world):
    async def conversation(server):
        @server.net.any_data
        async def answer_later(data, butterfly, handler):
            await asyncio.sleep(0.01)
            butterfly.write(b"at last")

        alice = await join(server)
        alice.send(b"hello")
        alice.half_close()
        assert await alice.read_all() == b"at last"
        alice.close()
        await server.handler.left.get()

    world.run(conversation, Chat)


def test_a_reset_counts_as_end_of_file(world):
    async def conversation(server):
        alice = await join(server)
        alice.reset()
        await server.handler.left.get()
        assert server.handler.story == [b"came alice", b"left alice"]

    world.run(conversation, Chat)


def test_a_client_that_leaves_at_the_prompt_cancels_on_connection(world):
    async def conversation(server):
        client = await server.connect()
        await client.read(b"Nickname: ")
        client.close()
        await server.handler.left.get()
        assert server.handler.story == [b"left nameless"]

    world.run(conversation, Chat)


def test_a_client_that_resets_at_the_prompt_cancels_on_connection(world):
    async def conversation(server):
        client = await server.connect()
        await client.read(b"Nickname: ")
        client.reset()
        await server.handler.left.get()
        assert server.handler.story == [b"left nameless"]

    world.run(conversation, Chat)


def test_a_name_that_arrives_together_with_the_end_is_read_first(world):
    async def conversation(server):
        client = await server.connect()
        await client.read(b"Nickname: ")
        client.send(b"alice")
        client.close()
        await server.handler.left.get()
        assert server.handler.story == [b"came alice", b"left alice"]

    world.run(conversation, Chat)


def test_stop_in_a_data_handler_sends_what_is_owed_and_ends_the_connection(world):
    async def conversation(server):
        @server.net.any_data
        async def say_goodbye(data, butterfly, handler):
            butterfly.write(b"goodbye")
            butterfly.stop()

        alice = await join(server)
        alice.send(b"quit")
        assert await alice.read_all() == b"goodbye"
        await server.handler.left.get()
        assert server.handler.story == [b"came alice", b"left alice"]

    world.run(conversation, Chat)


def test_stop_sends_the_last_words_even_to_a_client_that_goes_on_talking(world):
    async def conversation(server):
        @server.net.any_data
        async def say_goodbye(data, butterfly, handler):
            butterfly.write(b"goodbye" * 10_000)
            butterfly.stop()

        alice = await join(server)
        alice.send(b"quit")
        for _ in range(20):
            alice.send(b"and another thing " * 100)
            await asyncio.sleep(0)
        assert await alice.read_all() == b"goodbye" * 10_000

    world.run(conversation, Chat)


def test_stop_in_on_connection_cancels_the_rest_of_it(world):
    class Bouncer(Chat):
        async def on_connection(self, butterfly):
            butterfly.write(b"not today")
            butterfly.stop()
            await asyncio.sleep(3600)
            self.story.append(b"never")

    async def conversation(server):
        client = await server.connect()
        assert await client.read_all() == b"not today"
        await server.handler.left.get()
        assert server.handler.story == [b"left nameless"]

    world.run(conversation, Bouncer)


def test_stop_of_the_handler_ends_everybody_and_sends_what_is_owed(world):
    async def conversation(server):
        alice, bob = await join(server, b"alice"), await join(server, b"bob")
        for butterfly, _ in server.handler.butterflies.values():
            butterfly.write(b"closing time")
        await server.handler.stop()
        assert await alice.read_all() == b"closing time"
        assert await bob.read_all() == b"closing time"
        assert sorted(server.handler.story[2:]) == [b"left alice", b"left bob"]

    world.run(conversation, Chat)


def test_a_data_handler_may_stop_the_handler(world):
    async def conversation(server):
        @server.net.any_data
        async def shut_down(data, butterfly, handler):
            await handler.stop()

        alice = await join(server)
        alice.send(b"shut down")
        assert await alice.read_all() == b""
        await server.handler.stop()
        assert server.handler.story == [b"came alice", b"left alice"]

    world.run(conversation, Chat)


def test_an_exception_in_on_connection_is_logged_once_and_closes_that_connection_only(world):
    class Stumbles(Chat):
        async def on_connection(self, butterfly):
            await super().on_connection(butterfly)
            if butterfly.nick == b"bob":
                raise RuntimeError("no bobs")

    async def conversation(server):
        echo(server)
        alice = await join(server)
        bob = await server.connect()
        await bob.read(b"Nickname: ")
        bob.send(b"bob")
        assert await bob.read_all() == b""
        await server.handler.left.get()
        alice.send(b"still here")
        await alice.read(b"still here")
        assert server.handler.story[:3] == [b"came alice", b"came bob", b"left bob"]

    world.run(conversation, Stumbles, expect_traceback=True)
    assert [r.getMessage().split(" for ")[0] for r in world.caplog.records if r.exc_info] == [
        "on_connection failed"
    ]


def test_an_exception_in_on_disconnect_is_logged_once_and_leaves_nothing(world):
    class Stumbles(Chat):
        async def on_disconnect(self, butterfly):
            self.left.put_nowait(butterfly)
            raise RuntimeError("not so fast")

    async def conversation(server):
        alice = await join(server)
        alice.close()
        await server.handler.left.get()

    world.run(conversation, Stumbles, expect_traceback=True)
    assert sum(bool(record.exc_info) for record in world.caplog.records) == 1


def test_an_exception_in_a_data_handler_is_logged_once_and_closes_that_connection_only(world):
    async def conversation(server):
        @server.net.prefix_match(b"boom")
        async def explode(data, butterfly, handler):
            raise RuntimeError("boom")

        echo(server)
        alice, bob = await join(server, b"alice"), await join(server, b"bob")
        bob.send(b"boom")
        assert await bob.read_all() == b""
        await server.handler.left.get()
        alice.send(b"still here")
        await alice.read(b"still here")

    world.run(conversation, Chat, expect_traceback=True)
    assert sum(bool(record.exc_info) for record in world.caplog.records) == 1


def test_a_data_handler_that_never_ends_is_cancelled_when_its_client_has_gone(world):
    async def conversation(server):
        @server.net.any_data
        async def wait_for_ever(data, butterfly, handler):
            await asyncio.Event().wait()

        alice = await join(server)
        alice.send(b"hello")
        await asyncio.sleep(0.01)
        alice.close()
        await server.handler.left.get()

    world.run(conversation, Chat)


def test_an_on_connection_that_refuses_to_be_cancelled_is_named_and_passed_over(world):
    class Stubborn(Chat):
        async def on_connection(self, butterfly):
            butterfly.write(b"Nickname: ")
            try:
                await butterfly.read()
            except asyncio.CancelledError:
                await asyncio.Event().wait()

    async def conversation(server):
        client = await server.connect()
        await client.read(b"Nickname: ")
        client.close()
        await server.handler.left.get()
        assert server.handler.story == [b"left nameless"]

    world.run(conversation, Stubborn)
    assert "on_connection of" in refusal(world)
    assert "test_life.py:" in refusal(world)


def test_a_data_handler_that_refuses_to_be_cancelled_is_named_and_passed_over(world):
    async def conversation(server):
        @server.net.any_data
        async def stubborn(data, butterfly, handler):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.Event().wait()

        alice = await join(server)
        alice.send(b"hello")
        await asyncio.sleep(0.01)
        alice.close()
        await server.handler.left.get()

    world.run(conversation, Chat)
    assert "data loop of" in refusal(world)
    assert "test_life.py:" in refusal(world)


def refusal(world):
    (message,) = [m for m in world.caplog.messages if "refuses to be cancelled" in m]
    return message


def test_an_on_disconnect_that_never_ends_does_not_keep_the_server_from_stopping(world):
    class Endless(Chat):
        async def on_disconnect(self, butterfly):
            await super().on_disconnect(butterfly)
            await asyncio.Event().wait()

    async def conversation(server):
        server.net.limits.close_timeout = 0.05
        alice = await join(server)
        alice.close()
        await server.handler.left.get()

    world.run(conversation, Endless)


def test_on_disconnect_may_cancel_the_data_loop_as_the_tutorial_does(world):
    class Tutorial(Chat):
        async def on_disconnect(self, butterfly):
            _, data_loop = self.butterflies.pop(butterfly.nick)
            data_loop.cancel()
            await asyncio.sleep(0)
            self.story.append(b"left, and the loop is " + str(data_loop.cancelled()).encode())
            self.left.put_nowait(butterfly)

    async def conversation(server):
        alice = await join(server)
        alice.close()
        await server.handler.left.get()
        assert server.handler.story == [b"came alice", b"left, and the loop is True"]

    world.run(conversation, Tutorial)


def test_a_data_loop_that_on_disconnect_forgot_is_cancelled_and_mentioned(world):
    class Forgetful(Chat):
        async def on_disconnect(self, butterfly):
            self.left.put_nowait(self.butterflies[butterfly.nick][1])

    async def conversation(server):
        alice = await join(server)
        alice.close()
        data_loop = await server.handler.left.get()
        await asyncio.wait([data_loop])
        assert data_loop.cancelled()
        assert b"alice" in server.handler.butterflies, "your own dict is left to you"

    world.run(conversation, Forgetful)
    assert any("on_disconnect left the data loop" in m for m in world.caplog.messages)


def test_a_connection_that_nobody_handles_ends_although_nobody_reads_it(world):
    class Deaf(Chat):
        async def on_connection(self, butterfly):
            butterfly.write(b"hello")

    async def conversation(server):
        client = await server.connect()
        await client.read(b"hello")
        client.send(b"is anybody there?")
        client.close()
        await server.handler.left.get()

    world.run(conversation, Deaf)


def test_a_loop_that_reads_on_after_the_end_does_not_freeze_the_server(world):
    class Asks(Chat):
        async def on_connection(self, butterfly):
            self.asking = asyncio.get_running_loop().create_task(self.ask(butterfly))

        async def ask(self, butterfly):
            while not (await butterfly.read()).strip():
                self.story.append(b"nothing")

    async def conversation(server):
        client = await server.connect()
        client.close()
        await server.handler.left.get()
        server.handler.asking.cancel()
        await asyncio.wait([server.handler.asking])

    world.run(conversation, Asks)


def test_clean_up_by_default_goes_by_identity_whatever_the_key(world):
    class Renames(Chat):
        async def on_connection(self, butterfly):
            await super().on_connection(butterfly)
            self.butterflies[b"other"] = self.butterflies.pop(butterfly.nick)

    async def conversation(server):
        alice = await join(server)
        alice.close()
        await server.handler.left.get()
        assert server.handler.butterflies == {}

    world.run(conversation, Renames)


def test_handling_the_same_butterfly_twice_is_an_error_that_says_so(world):
    class Twice(ButterflyHandler):
        async def on_connection(self, butterfly):
            self.begin_handling(butterfly)
            with pytest.raises(RuntimeError, match="begin_handling only once"):
                self.begin_handling(butterfly)
            butterfly.write(b"checked")

    async def conversation(server):
        client = await server.connect()
        await client.read(b"checked")

    world.run(conversation, Twice)


def test_two_hundred_clients_that_leave_in_every_way_leave_nothing(world):
    async def conversation(server):
        echo(server)
        clients = [await server.connect() for _ in range(200)]
        for number, client in enumerate(clients):
            await client.read(b"Nickname: ")
            client.send(b"%d" % number)
        await until(lambda: len(server.handler.story) == 200)
        for number, client in enumerate(clients):
            client.send(b"hello")
            (client.close, client.reset, client.half_close)[number % 3]()
        for _ in clients:
            await server.handler.left.get()
        assert server.handler.butterflies == {}
        assert len([line for line in server.handler.story if line.startswith(b"left")]) == 200

    world.run(conversation, Chat)
