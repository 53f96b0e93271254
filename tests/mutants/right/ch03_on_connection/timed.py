"""Waits in steps of a minute, on a task of its own in a TaskGroup, and ends the name with a regular
expression. The name goes on the butterfly as text.
"""

import asyncio
import re

from bfnet import Butterfly, ButterflyHandler, Net


class Doorkeeper:
    """A mixin that knows how to ask."""

    async def ask(self, butterfly: Butterfly, question: bytes) -> str:
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(butterfly.read())
            butterfly.write(question)
            while not reading.done():
                await asyncio.wait([reading], timeout=60)
        return re.sub(r"[\r\n]+$", "", reading.result().decode("utf-8"))


class ChatHandler(Doorkeeper, ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly) -> None:
        butterfly.nickname = await self.ask(butterfly, b"Nickname: ")  # type: ignore[attr-defined]
        self.logger.info(butterfly.nickname + " has joined")  # type: ignore[attr-defined]


async def serve(bind, ssl_options) -> Net:
    return await ChatHandler.get_handler().create_server(bind, ssl_options)
