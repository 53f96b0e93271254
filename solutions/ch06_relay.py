"""Chapter 6: the whole chat server. Everybody reads what everybody else writes."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    """Knows everyone in the room by nickname."""

    async def on_connection(self, butterfly: Butterfly):
        butterfly.write(b"Nickname: ")
        nick = (await butterfly.read()).replace(b"\r", b"").replace(b"\n", b"")
        self.logger.info("%s has joined", nick.decode(errors="replace"))
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        butterfly.nick = nick
        self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))

    async def on_disconnect(self, butterfly: Butterfly):
        if not hasattr(butterfly, "nick"):
            self.logger.warning("Connection cancelled before on_connect finished!")
            return
        _, data_loop = self.butterflies.pop(butterfly.nick)
        data_loop.cancel()
        self.logger.info("%s has left", butterfly.nick.decode(errors="replace"))
        for other, _ in self.butterflies.values():
            other.write(butterfly.nick + b" has left the room.\n")


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        # --8<-- [start:task-6.1]
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(butterfly.nick + b": " + data)
        # --8<-- [end:task-6.1]

    return net


# --8<-- [start:main]
def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
# --8<-- [end:main]
