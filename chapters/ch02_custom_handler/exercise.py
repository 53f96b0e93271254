"""Chapter 2: a server that greets each newcomer and keeps a log."""

from bfnet import Butterfly, ButterflyHandler, Net


class GreetingHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Log a client that connects, and tell it how many others are here."""
        # Task 2.1
        raise NotImplementedError(
            "Task 2.1: log every client that connects or leaves"
        )
        # Task 2.2
        raise NotImplementedError(
            "Task 2.2: tell each newcomer how many others are here"
        )

    async def on_disconnect(self, butterfly: Butterfly):
        """Log a client that leaves, and forget it."""
        # Task 2.1
        raise NotImplementedError(
            "Task 2.1: log every client that connects or leaves"
        )
        # Task 2.2
        raise NotImplementedError(
            "Task 2.2: tell each newcomer how many others are here"
        )


async def serve(bind, ssl_options) -> Net:
    handler = GreetingHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def echo(data: bytes, butterfly: Butterfly, handler: GreetingHandler):
        butterfly.write(data)

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
