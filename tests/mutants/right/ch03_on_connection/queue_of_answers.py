"""Answers go through a queue to one task that logs them all; a match takes the line apart. Whoever
has joined is read on, by a loop in on_connection.
"""

import asyncio
from dataclasses import dataclass

from bfnet import ButterflyHandler


@dataclass
class Joined:
    answer: bytes

    @property
    def name(self):
        match self.answer:
            case answer if answer.endswith(b"\r\n"):
                return answer[:-2].decode()
            case answer:
                return answer.removesuffix(b"\n").decode()


class ChatHandler(ButterflyHandler):
    joined: asyncio.Queue

    async def on_connection(self, butterfly):
        butterfly.write(b"".join([b"Nickname", b":", b" "]))
        await self.joined.put(Joined(await butterfly.read()))
        while await butterfly.read():
            pass

    async def keep_the_log(self):
        while True:
            self.logger.info(f"{(await self.joined.get()).name} has joined")


async def serve(bind, ssl_options):
    handler = ChatHandler.get_handler()
    handler.joined = asyncio.Queue()
    handler.clerk = asyncio.create_task(handler.keep_the_log())
    return await handler.create_server(bind, ssl_options)
