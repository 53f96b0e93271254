"""Looks before it leaps: nothing is caught, everything is asked for first. A bytearray collects
the name.
"""

import asyncio

from bfnet import Butterfly, ButterflyHandler, Net

HELP = b"Write /to NAME TEXT, with the name of somebody who is here.\n"


def allowed(nick: bytes) -> bool:
    text = nick.decode(errors="replace")
    return 0 < len(text) <= 20 and "\ufffd" not in text and text.isprintable()


def cleaned(data: bytes) -> bytes:
    return data.translate(None, bytes({*range(32), 127} - {10}))


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        butterfly.write(b"Nickname: ")
        nick = await self.whole_name(butterfly)
        if not allowed(nick) or nick in self.butterflies:
            butterfly.write(b"That name is not allowed.\n")
            butterfly.stop()
            return
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        butterfly.nick = nick
        self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))

    async def whole_name(self, butterfly: Butterfly) -> bytes:
        come = bytearray()
        while True:
            come.extend(await butterfly.read())
            end = come.find(b"\n")
            if end >= 0:
                return bytes(come[:end]).replace(b"\r", b"")
            if len(come) >= 100:
                return bytes(come)

    async def on_disconnect(self, butterfly: Butterfly):
        await super().on_disconnect(butterfly)
        if hasattr(butterfly, "nick"):
            for other, _ in self.butterflies.values():
                other.write(butterfly.nick + b" has left the room.\n")


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.prefix_match(b"/who")
    async def who(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        for number, nick in enumerate([*handler.butterflies.keys()]):
            if number:
                await asyncio.sleep(1)
            butterfly.write(nick + b"\n")

    @net.prefix_match(b"/to ")
    async def to(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        words = data.split(b" ", 2)
        if len(words) < 3 or words[1] not in handler.butterflies:
            butterfly.write(HELP)
        else:
            other = handler.butterflies[words[1]][0]
            other.write(b"%s to you: %s" % (butterfly.nick, cleaned(words[2])))

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(butterfly.nick + b": " + cleaned(data))

    return net
