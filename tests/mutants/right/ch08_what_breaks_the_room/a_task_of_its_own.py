"""Recursion collects the name; a task in a TaskGroup sends the list, from a tuple made before, and
`who` waits for it; `partition` takes the command apart.
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
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(tell(butterfly, tuple(handler.butterflies)))

    @net.prefix_match(b"/to ")
    async def to(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        nick, _, text = data.removeprefix(b"/to ").partition(b" ")
        pair = handler.butterflies.get(nick)
        if pair is None or not text:
            butterfly.write(HELP)
            return
        prefix, line = butterfly.nick + b" to you: ", signed(b"", text)
        pair[0].write(prefix)
        pair[0].write(line)

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(signed(butterfly.nick + b": ", data))

    return net
