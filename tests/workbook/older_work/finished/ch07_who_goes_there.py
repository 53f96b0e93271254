"""Chapter 7: names as strangers type them. What comes in is checked at the door."""

from bfnet import Butterfly, ButterflyHandler, Net

LONGEST = 20  # characters in a nickname


def allowed(nick: bytes) -> bool:
    """Can this name be shown to everybody, and told from every other?"""
    try:
        name = nick.decode()
    except UnicodeDecodeError:
        return False
    if len(name) == 0 or len(name) > LONGEST:
        return False
    return name.isprintable() and name == name.strip()


def cleaned(data: bytes) -> bytes:
    """What was said, without the bytes that would repaint somebody's terminal."""
    return bytes(byte for byte in data if byte == 10 or (byte >= 32 and byte != 127))


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask a newcomer for a nickname, and let in whoever gives a good one."""
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        nick = answer.replace(b"\r", b"").replace(b"\n", b"")
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

    async def on_disconnect(self, butterfly: Butterfly):
        """Forget a client that has gone, and tell the room."""
        if not hasattr(butterfly, "nick"):
            self.logger.warning("Connection cancelled before on_connect finished!")
            return
        _, data_loop = self.butterflies.pop(butterfly.nick)
        data_loop.cancel()
        self.logger.info(f"{butterfly.nick.decode()} has left")
        for other, _ in self.butterflies.values():
            other.write(butterfly.nick + b" has left the room.\n")


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        """Tell everybody else what somebody says, cleaned."""
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(butterfly.nick + b": " + cleaned(data))

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
