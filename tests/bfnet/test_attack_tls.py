"""TLS mischief: what one client does wrong costs nobody else anything."""

from __future__ import annotations

from test_butterfly import Here, meet


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
    butterfly._connection.get_buffer(-1)[: len(ciphertext)] = ciphertext
    butterfly._connection.buffer_updated(len(ciphertext))
