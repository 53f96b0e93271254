"""Chapter 1 with the decorator called as a function, and a partial for the answer."""

from bfnet import Butterfly, ButterflyHandler, Net


async def serve(bind, ssl_options) -> Net:
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.regexp_match(rb"quit\r?\n")
    async def say_goodbye(data: bytes, butterfly: Butterfly, handler: ButterflyHandler):
        """Say goodbye to a client that wants to leave, and hang up."""
        butterfly.write(b"Goodbye.\n")
        butterfly.stop()

    async def echo(data: bytes, butterfly: Butterfly, handler: ButterflyHandler):
        """Send anything else back as it came."""
        butterfly.write(data)

    net.any_data(echo)
    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
