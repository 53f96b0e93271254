"""Chapter 4: the server tells the room who joined, and lets the newcomer in."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask for a nickname, tell the room, and let the newcomer in."""
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        nick = answer.replace(b"\r", b"").replace(b"\n", b"")
        self.logger.info(f"{nick.decode()} has joined")
        # Task 4.2
        raise NotImplementedError("Task 4.2: answer each client by name")
        # Task 4.1
        raise NotImplementedError(
            "Task 4.1: tell the room, then let the newcomer in"
        )


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        """Tell the client that speaks that nobody hears it yet."""
        # Task 4.2
        raise NotImplementedError("Task 4.2: answer each client by name")

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
