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
        # Task 5.1
        raise NotImplementedError(
            "Task 5.1: handle clients that leave before they have a name"
        )
        # Task 5.2
        raise NotImplementedError(
            "Task 5.2: take the client out of the dict and cancel its data loop"
        )
        self.logger.info(f"{butterfly.nick.decode()} has left")
        # Task 5.3
        raise NotImplementedError("Task 5.3: tell the others who left")


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
