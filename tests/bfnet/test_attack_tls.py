"""TLS mischief: what one client does wrong costs nobody else anything."""

from __future__ import annotations

import asyncio
import contextlib
import ssl

from client import until
from test_butterfly import Here, meet
from test_life import Chat, join


def test_garbage_from_one_client_takes_nothing_from_what_the_others_are_sent(tls):
    async def conversation(server):
        mallory, enemy = await meet(server)
        alice, friend = await meet(server)
        enemy.write(b"to everybody")
        friend.write(b"to everybody")
        mallory.writer.write(b"garbage")
        receive(enemy, b"garbage that arrives before this turn's writes are passed on")
        await alice.read(b"to everybody")
        friend.write(b"and again")
        await alice.read(b"and again")
        await server.handler.left.get()

    tls.run(conversation, Here)


def receive(butterfly, ciphertext):
    """What asyncio does when these bytes have come."""
    butterfly._link.get_buffer(-1)[: len(ciphertext)] = ciphertext
    butterfly._link.buffer_updated(len(ciphertext))


def test_what_follows_a_close_notify_is_not_kept(tls):
    async def conversation(server):
        @server.net.any_data
        async def take_long(data, butterfly, handler):
            while True:
                butterfly.write(b".")
                await asyncio.sleep(0.001)

        alice = await join(server)
        alice.send(b"begin")
        await alice.read(b".")
        with contextlib.suppress(ssl.SSLWantReadError):
            alice.tls.unwrap()
        alice._flush()
        (connection,) = server.connections
        await until(lambda: connection._tls.peer_finished)
        for _ in range(100):
            receive(connection.butterfly, b"x" * 10_000)
        assert connection._tls._incoming.pending == 0
        alice.reset()
        await server.handler.left.get()

    tls.run(conversation, Chat)


def test_a_client_that_provokes_answers_and_reads_none_is_closed(tls, monkeypatch):
    async def conversation(server):
        client, butterfly = await meet(server)
        client.stop_reading()
        # With TLS 1.2 each request to renegotiate is refused by an alert; here by a long one.
        monkeypatch.setattr("bfnet.tls.Channel.to_send", lambda channel: b"no" * 50_000)
        while server.handler.left.empty():
            if not client.writer.is_closing():  # uvloop raises what asyncio ignores
                client.send(b"again")
            assert butterfly._link.owed() < 3 * server.net.most_owed
            await asyncio.sleep(0)

    tls.run(conversation, Here)
    assert sum("reads too slowly" in message for message in tls.caplog.messages) == 1
