"""Keys and nicknames are str; a match statement is the door; a dataclass knows who is here and
writes; the pair in the dict is left to bfnet's default methods.
"""

from dataclasses import dataclass, field

from bfnet import Butterfly, ButterflyHandler, Net


@dataclass
class Room:
    members: dict[str, Butterfly] = field(default_factory=dict)

    def tell(self, text: str, but: str = "") -> None:
        for name, butterfly in self.members.items():
            if name != but:
                butterfly.write(text.encode())

    def verdict(self, answer: bytes) -> tuple[str, str]:
        try:
            name = answer.decode().strip("\r\n")
        except UnicodeDecodeError:
            return "", "That name is not allowed."
        match len(name):
            case 0:
                return "", "That name is not allowed."
            case size if size > 20 or " " in (name[0], name[-1]) or ":" in name:
                return "", "That name is not allowed."
        if not name.isprintable():
            return "", "That name is not allowed."
        return ("", "That name is taken.") if name in self.members else (name, "")


class Handler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly) -> None:
        butterfly.write(b"Nickname: ")
        name, refusal = room_of(self).verdict(await butterfly.read())
        if refusal:
            butterfly.write(f"{refusal}\n".encode())
            return butterfly.stop()
        room_of(self).tell(f"{name} has joined the room\n")
        room_of(self).members[name] = butterfly
        butterfly.name_in_room = name
        self.butterflies[name] = (butterfly, self.begin_handling(butterfly))
        return None

    async def on_disconnect(self, butterfly: Butterfly) -> None:
        await super().on_disconnect(butterfly)
        name = getattr(butterfly, "name_in_room", "")
        if name and room_of(self).members.pop(name, None):
            room_of(self).tell(f"{name} has left the room.\n")


def room_of(handler: Handler) -> Room:
    if not hasattr(handler, "room"):
        handler.room = Room()
    return handler.room


def one_line(data: bytes) -> str:
    text = data.decode(errors="replace")
    if text[-1:] == "\n":
        text = text[:-1]
    return "".join(" " if sign == "\n" else sign * sign.isprintable() for sign in text)


async def serve(bind, ssl_options) -> Net:
    net = await Handler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def said(data: bytes, butterfly: Butterfly, handler: Handler) -> None:
        name = butterfly.name_in_room
        room_of(handler).tell(f"{name}: {one_line(data)}\n", but=name)

    return net
