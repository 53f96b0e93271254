"""A poet that answers puts the line in a queue of its partner."""

import asyncio

from bfnet import ButterflyHandler


async def ask_both(first, second):
    for_first, for_second = asyncio.Queue(1), asyncio.Queue(1)

    async def ask(poet, mailbox_of_partner):
        poet.write(b"Your line? ")
        mailbox_of_partner.put_nowait(await poet.read())
        poet.write(b"Thank you.\n")
        await poet.drain()

    asking = [
        asyncio.ensure_future(ask(first, for_second)),
        asyncio.ensure_future(ask(second, for_first)),
    ]
    await asyncio.wait(asking)
    first.write(b"".join([b"Your partner wrote: ", await for_first.get()]))
    second.write(b"".join([b"Your partner wrote: ", await for_second.get()]))


async def serve(bind, ssl_options):
    net = await ButterflyHandler.get_handler().create_server(bind, ssl_options)
    lonely = {}

    @net.any_data
    async def answer(data, butterfly, handler):
        if data[:4] != b"poem":
            butterfly.write(b"Say poem to begin one.\n")
            return
        if not lonely:
            lonely[butterfly] = asyncio.Event()
            butterfly.write(b"Wait for a second poet.\n")
            await lonely[butterfly].wait()
            return
        ((partner, done),) = lonely.items()
        lonely.clear()
        await ask_both(partner, butterfly)
        done.set()

    return net
