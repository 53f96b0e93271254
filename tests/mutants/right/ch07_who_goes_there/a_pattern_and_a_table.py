"""The name is matched by a pattern, and what is said is cleaned by a table that fills itself. One
helper turns away.
"""

import re

from bfnet import Butterfly, ButterflyHandler, Net

LONGEST = 20


class Shown(dict):
    """A table for str.translate: None for what cannot be shown."""

    def __missing__(self, number: int) -> int | None:
        self[number] = number if chr(number).isprintable() else None
        return self[number]


SHOWN = Shown({10: " "})


def allowed(nick: bytes) -> bool:
    text = nick.decode(errors="replace")
    if "\ufffd" in text or not re.fullmatch(r"\S|\S.*\S", text):
        return False
    return text.isprintable() and ":" not in text and len(text) <= LONGEST


def cleaned(data: bytes) -> bytes:
    return data.removesuffix(b"\n").decode(errors="replace").translate(SHOWN).encode() + b"\n"


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        butterfly.write(b"Nickname: ")
        nick = (await butterfly.read()).translate(None, b"\r\n")
        if not allowed(nick):
            self.turn_away(butterfly, b"That name is not allowed.\n")
        elif self.butterflies.get(nick):
            self.turn_away(butterfly, b"That name is taken.\n")
        else:
            self.tell(nick + b" has joined the room\n")
            butterfly.nick = nick
            self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))

    def turn_away(self, butterfly: Butterfly, reason: bytes) -> None:
        butterfly.write(reason)
        butterfly.stop()

    def tell(self, line: bytes) -> None:
        for other, _ in list(self.butterflies.values()):
            other.write(line)

    async def on_disconnect(self, butterfly: Butterfly):
        nick = getattr(butterfly, "nick", None)
        if nick is None:
            return
        self.butterflies.pop(nick)[1].cancel()
        self.tell(nick + b" has left the room.\n")


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        line = butterfly.nick + b": " + cleaned(data)
        for nick, (other, _) in handler.butterflies.items():
            if nick != butterfly.nick:
                other.write(line)

    return net
