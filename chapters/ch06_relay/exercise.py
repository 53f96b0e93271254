"""Chapter 6: the whole chat server. Everyone reads what everyone else says."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask for a nickname, tell the room, and let the newcomer in."""
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        nick = answer.replace(b"\r", b"").replace(b"\n", b"")
        self.logger.info(f"{nick.decode(errors='replace')} has joined")
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        butterfly.nick = nick
        data_loop = self.begin_handling(butterfly)
        self.butterflies[nick] = (butterfly, data_loop)

    async def on_disconnect(self, butterfly: Butterfly):
        """Forget the client that left, and tell the room."""
        if not hasattr(butterfly, "nick"):
            self.logger.warning(
                "Connection cancelled before on_connect finished!"
            )
            return
        _, data_loop = self.butterflies.pop(butterfly.nick)
        data_loop.cancel()
        self.logger.info(f"{butterfly.nick.decode(errors='replace')} has left")
        for other, _ in self.butterflies.values():
            other.write(butterfly.nick + b" has left the room.\n")


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        """Pass on what one client says to all the others."""
        # Task 6.1
        raise NotImplementedError("Task 6.1: relay to everyone but the sender")

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
