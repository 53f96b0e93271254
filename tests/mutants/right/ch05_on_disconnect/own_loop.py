"""Reads in on_connection, with a loop of its own inside a TaskGroup, and puts a task of its own in
the pair. The name is None until there is one.
"""

import asyncio

from bfnet import ButterflyHandler


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        butterfly.nick = None
        butterfly.write(b"Nickname: ")
        nick = (await butterfly.read()).strip(b"\r\n")
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        butterfly.nick = nick
        async with asyncio.TaskGroup() as group:
            self.butterflies[nick] = (butterfly, group.create_task(self.serve_one(butterfly)))

    async def serve_one(self, butterfly):
        while await butterfly.read():
            butterfly.write(butterfly.nick + b", nobody hears you yet\n")

    async def on_disconnect(self, butterfly):
        if butterfly.nick is None:
            self.logger.warning("Connection cancelled before on_connect finished!")
        else:
            pair = self.butterflies.pop(butterfly.nick)
            pair[1].cancel()
            self.logger.info("%s has left", butterfly.nick.decode())
            news = butterfly.nick + b" has left the room.\n"
            [other.write(news) for other, _ in self.butterflies.values()]


async def serve(bind, ssl_options):
    return await ChatHandler.get_handler().create_server(bind, ssl_options)
