"""Chapter 5: a server that tells the room who left, and forgets them."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask for a nickname, tell the room, and let the newcomer in."""
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
        # --8<-- [start:task-5.1]
        if not hasattr(butterfly, "nick"):
            self.logger.warning(
                "Connection cancelled before on_connect finished!"
            )
            return
        # --8<-- [end:task-5.1]
        # --8<-- [start:task-5.2]
        _, data_loop = self.butterflies.pop(butterfly.nick)
        data_loop.cancel()
        # --8<-- [end:task-5.2]
        self.logger.info(f"{butterfly.nick.decode()} has left")
        # --8<-- [start:task-5.3]
        for other, _ in self.butterflies.values():
            other.write(butterfly.nick + b" has left the room.\n")
        # --8<-- [end:task-5.3]


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        """Tell the client that speaks that nobody hears it yet."""
        butterfly.write(butterfly.nick + b", nobody hears you yet\n")

    return net


# --8<-- [start:main]
def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
# --8<-- [end:main]
