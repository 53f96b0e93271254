"""Looks before it leaps: nothing is caught, everything is asked for first. A bytearray collects
the name.
"""

import asyncio

from bfnet import Butterfly, ButterflyHandler, Net

HELP = b"Write /to NAME TEXT, with the name of somebody who is here.\n"


def allowed(nick: bytes) -> bool:
    text = nick.decode(errors="replace")
    return 0 < len(text) <= 20 and text.isprintable() and not {"\ufffd", ":"} & {*text}


def signed(prefix: bytes, data: bytes) -> bytes:
    text = data.decode(errors="replace").removesuffix("\n").replace("\n", " ")
    return prefix + "".join(filter(str.isprintable, text)).encode() + b"\n"


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
            other.write(signed(b"%s to you: " % butterfly.nick, words[2]))

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(signed(butterfly.nick + b": ", data))

    return net
