"""Chapter 2: a handler of your own. It knows who is here, and says so."""

from bfnet import Butterfly, ButterflyHandler, Net


class GreetingHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """A client has come."""
        # Task 2.1
        raise NotImplementedError("Task 2.1: log who came and who went")
        # Task 2.2
        raise NotImplementedError("Task 2.2: greet each newcomer with how many others are here")

    async def on_disconnect(self, butterfly: Butterfly):
        """A client has gone."""
        # Task 2.1
        raise NotImplementedError("Task 2.1: log who came and who went")


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
