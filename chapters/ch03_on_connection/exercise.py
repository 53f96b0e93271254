"""Chapter 3: the server asks each newcomer for a nickname."""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Ask the newcomer for a nickname, and log who has joined."""
        # Task 3.1
        raise NotImplementedError(
            "Task 3.1: ask for a nickname and wait for the answer"
        )
        # Task 3.2
        raise NotImplementedError(
            "Task 3.2: clean the nickname and log who has joined"
        )


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    return await handler.create_server(bind, ssl_options)


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
