"""A TaskGroup in place of gather, and the question and the thanks separate from the reading."""

import asyncio

from bfnet import ButterflyHandler


async def ask_both(first, second):
    for poet in (first, second):
        poet.write(b"Your line? ")
    async with asyncio.TaskGroup() as both:
        of_first = both.create_task(hear(first))
        of_second = both.create_task(hear(second))
    tell(first, of_second.result())
    tell(second, of_first.result())


async def hear(poet):
    try:
        return await poet.read()
    finally:
        poet.write(b"Thank you.\n")


def tell(poet, line):
    poet.write(b"Your partner wrote: ")
    poet.write(line)


async def serve(bind, ssl_options):
    net = await ButterflyHandler.get_handler().create_server(bind, ssl_options)
    waiting = []

    @net.prefix_match(b"poem")
    async def poem(data, butterfly, handler):
        if waiting:
            first, done = waiting.pop()
            await ask_both(first, butterfly)
            done.set()
            return
        done = asyncio.Event()
        waiting.append((butterfly, done))
        butterfly.write(b"Wait for a second poet.\n")
        await done.wait()

    @net.any_data
    async def answer(data, butterfly, handler):
        butterfly.write(b"Say poem to begin one.\n")

    return net
