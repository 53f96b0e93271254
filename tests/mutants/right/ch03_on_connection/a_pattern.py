"""Chapter 3 with a regular expression for the name."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask the newcomer for a nickname, and log who has joined."""
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        import re

        nick = re.fullmatch(r"([^\r\n]*)[\r\n]*", answer.decode())[1]
        self.logger.info(nick + " has joined")


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    return await handler.create_server(bind, ssl_options)


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
