"""Chapter 8: a server that survives split names and failing commands."""

import asyncio

from bfnet import Butterfly, ButterflyHandler, Net

LONGEST = 20  # characters in a nickname
MOST = 100  # bytes of an answer that the server waits for


def allowed(nick: bytes) -> bool:
    """Return whether this name can be shown to everyone and imitates nobody."""
    try:
        name = nick.decode()
    except UnicodeDecodeError:
        return False
    if len(name) == 0 or len(name) > LONGEST or ":" in name:
        return False
    return name.isprintable() and name == name.strip()


def signed(prefix: bytes, data: bytes) -> bytes:
    """Return what was said as one clean line, with `prefix` in front."""
    text = data.decode(errors="replace").removesuffix("\n")
    kept = ""
    for character in text.replace("\n", " "):
        if character.isprintable():
            kept += character
    return prefix + kept.encode() + b"\n"


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask the newcomer for a nickname, and let it in if the name fits."""
        butterfly.write(b"Nickname: ")
        nick = await self.whole_name(butterfly)
        if not allowed(nick):
            butterfly.write(b"That name is not allowed.\n")
            butterfly.stop()
            return
        if nick in self.butterflies:
            butterfly.write(b"That name is taken.\n")
            butterfly.stop()
            return
        self.logger.info(f"{nick.decode()} has joined")
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        butterfly.nick = nick
        data_loop = self.begin_handling(butterfly)
        self.butterflies[nick] = (butterfly, data_loop)

    async def whole_name(self, butterfly: Butterfly) -> bytes:
        """Return the name that a client types, however it is cut up."""
        # Task 8.1
        raise NotImplementedError("Task 8.1: wait until the name is whole")

    async def on_disconnect(self, butterfly: Butterfly):
        """Forget the client that left, and tell the room."""
        if not hasattr(butterfly, "nick"):
            self.logger.warning(
                "Connection cancelled before on_connect finished!"
            )
            return
        _, data_loop = self.butterflies.pop(butterfly.nick)
        data_loop.cancel()
        self.logger.info(f"{butterfly.nick.decode()} has left")
        for other, _ in self.butterflies.values():
            other.write(butterfly.nick + b" has left the room.\n")


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.prefix_match(b"/who")
    async def who(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        """Tell the client that asks who is here, one name a second."""
        # Task 8.2
        raise NotImplementedError(
            "Task 8.2: list who is here, while people come and go"
        )

    @net.prefix_match(b"/to ")
    async def to(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        """Tell one client and nobody else: /to NAME TEXT."""
        # Task 8.3
        raise NotImplementedError(
            "Task 8.3: survive a command that makes no sense"
        )

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        """Pass on what one client says to all the others, as one clean line."""
        line = signed(butterfly.nick + b": ", data)
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(line)

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
