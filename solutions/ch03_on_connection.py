"""Chapter 3: the server asks each newcomer for a nickname."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask the newcomer for a nickname, and log who has joined."""
        # --8<-- [start:ask]
        # --8<-- [start:task-3.1]
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        # --8<-- [end:task-3.1]
        # --8<-- [end:ask]
        # --8<-- [start:task-3.2]
        nick = answer.replace(b"\r", b"").replace(b"\n", b"")
        self.logger.info(f"{nick.decode()} has joined")
        # --8<-- [end:task-3.2]


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    return await handler.create_server(bind, ssl_options)


# --8<-- [start:main]
def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
# --8<-- [end:main]
