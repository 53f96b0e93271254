"""Pieces in a list, one broad `except Exception` that answers, and names that wait in a list of
what is still to be sent.
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
        pieces = [await butterfly.read()]
        while not any(b"\n" in piece for piece in pieces):
            if sum(map(len, pieces)) >= 100:
                break
            pieces.append(await butterfly.read())
        first, *_ = b"".join(pieces).replace(b"\r", b"").split(b"\n")
        return first

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
        to_tell = [other.nick for other, _ in handler.butterflies.values()]
        while to_tell:
            butterfly.write(to_tell.pop(0) + b"\n")
            await asyncio.sleep(1.0)

    @net.prefix_match(b"/to ")
    async def to(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        try:
            _, nick, text = data.split(maxsplit=2)
            line = signed(butterfly.nick + b" to you: ", text)
            handler.butterflies[nick][0].write(line)
        except Exception:
            butterfly.write(HELP)

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(signed(butterfly.nick + b": ", data))

    return net
