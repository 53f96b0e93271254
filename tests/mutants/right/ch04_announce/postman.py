"""A task delivers all announcements, from a queue of letters that name who is here when they are
posted. A match decides what kind of letter it is.
"""

import asyncio

from bfnet import ButterflyHandler


class Postman:
    def __init__(self):
        self.letters = asyncio.Queue()
        self.walk = asyncio.get_running_loop().create_task(self.deliver())

    async def deliver(self):
        while True:
            match await self.letters.get():
                case {"to": [*addressees], "text": text}:
                    for addressee in addressees:
                        addressee.write(text)


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        butterfly.name = (await butterfly.read()).rstrip(b"\r\n")
        here = [pair[0] for pair in self.butterflies.values()]
        self.butterflies.update({butterfly.name: (butterfly, self.begin_handling(butterfly))})
        text = b"%b has joined the room\n" % butterfly.name
        self.postman.letters.put_nowait({"to": here, "text": text})


async def serve(bind, ssl_options):
    handler = ChatHandler.get_handler()
    handler.postman = Postman()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        butterfly.write(b", ".join([butterfly.name, b"nobody hears you yet\n"]))

    return net
