"""A helper coroutine asks any question, and a task runs it; decoding is tried strictly first."""

import asyncio

from bfnet import Butterfly, ButterflyHandler


def shout(data: bytes) -> bytes:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
    return bytes(text.upper(), "utf-8")


async def ask(butterfly: Butterfly, question: str) -> bytes:
    butterfly.write(question.encode())
    return await butterfly.read()


async def take_order(order: bytes, butterfly: Butterfly) -> None:
    milk = await asyncio.create_task(ask(butterfly, "milk? "))
    butterfly.write(b"%bmilk: %b" % (order, milk))


async def serve(bind, ssl_options):
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        if data[:3] != b"tea":
            return butterfly.write(shout(data))
        return await take_order(data, butterfly)

    return net
