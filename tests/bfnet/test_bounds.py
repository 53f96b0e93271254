"""Bounds for the whole server: what all clients together are owed, and how long one may be idle."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import re
import ssl
from pathlib import Path

import pytest
from client import until
from test_butterfly import Here, meet
from test_life import Chat, echo, join

from bfnet import Limits
from bfnet import limits as limits_file

REFERENCE = Path(__file__).parents[2] / "chapters" / "reference.md"


async def owe(butterfly, size):
    """Write until so many bytes wait here, because the client does not read."""
    link = butterfly._link
    while link.owed() < size and not link._closed:
        butterfly.write(b"x" * 50_000)
        await asyncio.sleep(0)


def test_the_one_that_is_owed_the_most_is_closed_when_all_are_owed_too_much(world):
    async def conversation(server):
        server.net.limits.most_owed_together = 1_500_000
        deaf = [await meet(server) for _ in range(4)]
        for client, _ in deaf:
            client.stop_reading()
        for (_, butterfly), size in zip(deaf, [300_000, 800_000, 200_000], strict=False):
            await owe(butterfly, size)
        assert server.handler.left.empty()
        await owe(deaf[3][1], 550_000)
        assert await server.handler.left.get() is deaf[1][1]
        assert server.handler.left.empty()
        friend, butterfly = await meet(server)
        butterfly.write(b"hello")
        await friend.read(b"hello")

    world.run(conversation, Here)
    assert sum("reads the slowest" in message for message in world.caplog.messages) == 1


def test_a_single_turn_of_writing_cannot_get_past_the_bound(world):
    async def conversation(server):
        server.net.limits.most_owed_together = 300_000
        client, butterfly = await meet(server)
        client.stop_reading()
        await owe(butterfly, 100_000)
        for _ in range(10_000):
            butterfly.write(b"x" * 100)
            assert butterfly._link.owed() < 500_000
        assert await server.handler.left.get() is butterfly

    world.run(conversation, Here)


def test_what_was_owed_and_has_been_read_counts_no_more(world):
    async def conversation(server):
        server.net.limits.most_owed_together = 600_000
        for _ in range(4):
            client, butterfly = await meet(server)
            client.stop_reading()
            await owe(butterfly, 400_000)
            client.writer.transport.resume_reading()
            reading = asyncio.create_task(client.read_all())
            await until(lambda link=butterfly._link: not link._full)
            client.reset()
            await reading
            await server.handler.left.get()
        assert server.net._hub._owed == 0

    world.run(conversation, Here)
    assert not any("reads the slowest" in message for message in world.caplog.messages)


def test_a_client_that_is_idle_is_closed_after_the_timeout(world):
    async def conversation(server):
        server.net.limits.idle_timeout = 0.4
        alice = await join(server)
        clock = asyncio.get_running_loop().time
        began = clock()
        assert await alice.read_all() == b""
        assert 0.3 <= clock() - began < 2
        await server.handler.left.get()

    world.run(conversation, Chat)
    assert sum("nothing has moved" in message for message in world.caplog.messages) == 1


@pytest.mark.parametrize("who", ["client", "server"])
def test_a_byte_in_either_direction_keeps_a_client(world, who):
    async def conversation(server):
        server.net.limits.idle_timeout = 0.4
        client, butterfly = await meet(server)
        for _ in range(10):
            await asyncio.sleep(0.1)
            if who == "client":
                client.send(b"x")
            else:
                butterfly.write(b"x")
        assert server.handler.left.empty()

    world.run(conversation, Here)


def test_by_default_a_client_may_be_idle_as_long_as_it_likes(simulated):
    async def conversation(server):
        echo(server)
        alice = await join(server)
        await asyncio.sleep(19)  # virtual seconds: World allows a conversation twenty
        alice.send(b"hello")
        await alice.read(b"hello")
        assert server.net._hub._sweeping is None

    simulated.run(conversation, Chat)


def test_an_idle_timeout_ends_what_no_system_reports(tls):
    """A close_notify without an end of file, behind a handler that does not return."""

    async def conversation(server):
        server.net.limits.idle_timeout = 0.5

        @server.net.any_data
        async def wait_for_ever(data, butterfly, handler):
            await asyncio.Event().wait()

        client = await join(server)
        client.send(b"begin" * 50_000)
        with contextlib.suppress(ssl.SSLWantReadError):
            client.tls.unwrap()
        client._flush()
        await server.handler.left.get()

    tls.run(conversation, Chat)


def rows():
    """Each row of the table of limits in the reference: its cells."""
    lines = REFERENCE.read_text(encoding="utf-8").splitlines()
    return {
        cells[0].strip("`"): cells[1:]
        for line in lines
        if line.startswith("| `")
        for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
    }


def test_the_reference_has_every_limit_with_its_default():
    shown = {name: cells[0] for name, cells in rows().items()}
    fields = {field.name: field for field in dataclasses.fields(Limits)}
    assert list(shown) == [*fields, "buffer_size"]
    limits = Limits()
    for name in fields.keys() - {"most_connections"}:
        assert in_seconds_or_bytes(shown[name]) == getattr(limits, name), name
    assert str(limits_file.CONNECTIONS_IF_UNKNOWN) in shown["most_connections"]


def in_seconds_or_bytes(text):
    if text == "none":
        return None
    number, unit = re.fullmatch(r"([\d.]+) (s|kB|KiB|MiB)", text).groups()
    return float(number) * {"s": 1, "KiB": 1024, "MiB": 1024 * 1024}[unit]


def test_the_reference_says_what_happens_beyond_each_limit_and_what_it_answers():
    for name, cells in rows().items():
        assert len(cells) == 3, name
        assert all(cells), name
