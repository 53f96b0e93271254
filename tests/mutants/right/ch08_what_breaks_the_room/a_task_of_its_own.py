"""Recursion collects the name; one task of its own tells who is here, from a tuple made before; a
helper finds the one to be told, or None, with `partition`.
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
        return (await self.up_to_newline(butterfly, b"")).replace(b"\r", b"")

    async def up_to_newline(self, butterfly: Butterfly, before: bytes) -> bytes:
        answer = before + await butterfly.read()
        line, newline, _ = answer.partition(b"\n")
        if newline or len(answer) >= 100:
            return line
        return await self.up_to_newline(butterfly, answer)

    async def on_disconnect(self, butterfly: Butterfly):
        await super().on_disconnect(butterfly)
        if hasattr(butterfly, "nick"):
            for other, _ in self.butterflies.values():
                other.write(butterfly.nick + b" has left the room.\n")


async def tell(butterfly: Butterfly, names: tuple[bytes, ...]) -> None:
    for nick in names:
        butterfly.write(nick + b"\n")
        await asyncio.sleep(1)


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.prefix_match(b"/who")
    async def who(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        asyncio.create_task(tell(butterfly, tuple(handler.butterflies)))  # noqa: RUF006

    @net.prefix_match(b"/to ")
    async def to(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        nick, _, text = data.removeprefix(b"/to ").partition(b" ")
        pair = handler.butterflies.get(nick)
        if pair is None or not text:
            butterfly.write(HELP)
            return
        pair[0].write(butterfly.nick + b" to you: ")
        pair[0].write(cleaned(text))

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(butterfly.nick + b": " + cleaned(data))

    return net
