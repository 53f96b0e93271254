"""Each client has a reader that collects lines; nicknames are str; the list is sent on a timetable,
by the loop's clock; a dict of names to butterflies is kept beside bfnet's own.
"""

import asyncio

from bfnet import Butterfly, ButterflyHandler, Net

HELP = "Write /to NAME TEXT, with the name of somebody who is here."


class Lines:
    def __init__(self, butterfly: Butterfly, most: int) -> None:
        self.butterfly, self.most, self.kept = butterfly, most, bytearray()

    async def first(self) -> bytes:
        while (end := self.kept.find(10)) < 0:
            if len(self.kept) >= self.most:
                return bytes(self.kept)
            self.kept += await self.butterfly.read()
        return bytes(self.kept[:end].replace(b"\r", b""))


class Chat(ButterflyHandler):
    def named(self, raw: bytes) -> str | None:
        try:
            name = raw.decode()
        except UnicodeDecodeError:
            return None
        good = 1 <= len(name) <= 20 and name.isprintable() and name.strip(" ") == name
        return name if good and ":" not in name else None

    async def on_connection(self, butterfly: Butterfly) -> None:
        self.here: dict[str, Butterfly] = getattr(self, "here", {})
        butterfly.write(b"Nickname: ")
        name = self.named(await Lines(butterfly, 100).first())
        if name is None or name in self.here:
            butterfly.write(b"That name is %s.\n" % (b"taken" if name else b"not allowed"))
            butterfly.stop()
            return
        self.say(f"{name} has joined the room")
        self.here[name] = butterfly
        butterfly.called = name
        self.butterflies[name.encode()] = (butterfly, self.begin_handling(butterfly))

    async def on_disconnect(self, butterfly: Butterfly) -> None:
        if name := getattr(butterfly, "called", None):
            del self.here[name]
            self.butterflies.pop(name.encode())[1].cancel()
            self.say(f"{name} has left the room.")

    def say(self, text: str, but: Butterfly | None = None) -> None:
        for butterfly in self.here.values():
            if butterfly != but:
                butterfly.write(f"{text}\n".encode())


def line_of(data: bytes) -> str:
    text = data.decode(errors="replace")
    text = text[:-1] if text.endswith("\n") else text
    return "".join(
        " " if sign == "\n" else sign for sign in text if sign == "\n" or sign.isprintable()
    )


async def serve(bind, ssl_options) -> Net:
    net = await Chat.get_handler().create_server(bind, ssl_options)

    @net.prefix_match(b"/who")
    async def who(data: bytes, butterfly: Butterfly, handler: Chat) -> None:
        clock = asyncio.get_running_loop().time
        due = clock()
        for name in tuple(handler.here):
            await asyncio.sleep(max(0, due - clock()))
            butterfly.write(f"{name}\n".encode())
            due += 1

    @net.prefix_match(b"/to ")
    async def to(data: bytes, butterfly: Butterfly, handler: Chat) -> None:
        match data.split(b" ", 2):
            case [_, name, text] if other := handler.here.get(name.decode(errors="replace")):
                other.write(f"{butterfly.called} to you: {line_of(text)}\n".encode())
            case _:
                butterfly.write(f"{HELP}\n".encode())

    @net.any_data
    async def said(data: bytes, butterfly: Butterfly, handler: Chat) -> None:
        handler.say(f"{butterfly.called}: {line_of(data)}", but=butterfly)

    return net
