"""Chapter 4: the server tells the room who joined, and lets the newcomer in."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask for a nickname, tell the room, and let the newcomer in."""
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        nick = answer.replace(b"\r", b"").replace(b"\n", b"")
        self.logger.info(f"{nick.decode()} has joined")
        # --8<-- [start:task-4.2-nick]
        butterfly.nick = nick
        # --8<-- [end:task-4.2-nick]
        # --8<-- [start:task-4.1]
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        data_loop = self.begin_handling(butterfly)
        self.butterflies[nick] = (butterfly, data_loop)
        # --8<-- [end:task-4.1]


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        """Tell the client that speaks that nobody hears it yet."""
        # --8<-- [start:task-4.2]
        butterfly.write(butterfly.nick + b", nobody hears you yet\n")
        # --8<-- [end:task-4.2]

    return net


# --8<-- [start:main]
def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
# --8<-- [end:main]
