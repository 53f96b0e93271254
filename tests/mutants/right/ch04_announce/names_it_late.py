"""Chapter 4 with a class attribute for who has no name yet."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask the newcomer for a nickname, tell the room, and let the newcomer in."""
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        nick = answer.replace(b"\r", b"").replace(b"\n", b"")
        self.logger.info(f"{nick.decode()} has joined")
        butterfly.nick = nick
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        data_loop = self.begin_handling(butterfly)
        self.butterflies[nick] = (butterfly, data_loop)


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        """Tell the client that speaks that nobody hears it yet."""
        nick = getattr(butterfly, "nick", None)
        assert nick is not None
        butterfly.write(f"{str(nick, 'utf-8')}, nobody hears you yet\n".encode())

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
