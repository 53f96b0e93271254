"""Chapter 4 with a list of the others, and an index for the pair."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask the newcomer for a nickname, tell the room, and let the newcomer in."""
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        nick = answer.replace(b"\r", b"").replace(b"\n", b"")
        self.logger.info(f"{nick.decode()} has joined")
        butterfly.nick = nick
        line = b"%b has joined the room\n" % nick
        others = [pair[0] for pair in self.butterflies.values()]
        self.butterflies.update({nick: (butterfly, self.begin_handling(butterfly))})
        for other in others:
            other.write(line)


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
