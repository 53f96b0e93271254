"""One more task: the second poet is asked in it, and the first in the coroutine itself."""

import asyncio

from bfnet import ButterflyHandler

QUESTION, THANKS, PARTNER = "Your line? ", "Thank you.\n", "Your partner wrote: "


async def ask_both(first, second):
    asking_second = asyncio.create_task(ask(second))
    line = await ask(first)
    other_line = await asking_second
    for poet, of_partner in ((first, other_line), (second, line)):
        poet.write(PARTNER.encode() + of_partner)


async def ask(poet):
    poet.write(QUESTION.encode())
    line = await poet.read()
    poet.write(THANKS.encode())
    return line


class Poetry(ButterflyHandler):
    """The handler itself brings them together: a future is done when the poem is."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.first = None

    async def join(self, poet):
        if self.first is None:
            self.first = poet, asyncio.get_running_loop().create_future()
            poet.write(b"Wait for a second poet.\n")
            await self.first[1]
            return
        (partner, done), self.first = self.first, None
        await ask_both(partner, poet)
        done.set_result(None)


async def serve(bind, ssl_options):
    handler = Poetry.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        if data.startswith(b"poem"):
            return await handler.join(butterfly)
        return butterfly.write(b"Say poem to begin one.\n")

    return net
