"""Chapter 5 with getattr and a default for the name."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask the newcomer for a nickname, tell the room, and let the newcomer in."""
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        nick = answer.replace(b"\r", b"").replace(b"\n", b"")
        self.logger.info(f"{nick.decode()} has joined")
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        butterfly.nick = nick
        data_loop = self.begin_handling(butterfly)
        self.butterflies[nick] = (butterfly, data_loop)

    async def on_disconnect(self, butterfly: Butterfly):
        """Forget the client that left, and tell the room."""
        if getattr(butterfly, "nick", None) is None:
            self.logger.log(30, "Connection cancelled before on_connect finished!")
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
    async def answer(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        """Tell the client that speaks that nobody hears it yet."""
        butterfly.write(butterfly.nick + b", nobody hears you yet\n")

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
