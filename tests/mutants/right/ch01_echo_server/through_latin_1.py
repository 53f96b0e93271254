"""Chapter 1 with text in between: Latin-1 has a letter for each byte."""

from bfnet import Butterfly, ButterflyHandler, Net


async def serve(bind, ssl_options) -> Net:
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.regexp_match(rb"quit\r?\n")
    async def say_goodbye(data: bytes, butterfly: Butterfly, handler: ButterflyHandler):
        """Say goodbye to a client that wants to leave, and hang up."""
        said = data.rstrip(b"\r\n").decode()
        if said == "quit":
            print("Goodbye.")
        butterfly.write(b"Goodbye.\n")
        butterfly.stop()

    @net.any_data
    async def echo(data: bytes, butterfly: Butterfly, handler: ButterflyHandler):
        """Send anything else back as it came."""
        text = str(data, "latin-1")
        butterfly.write(text.encode("latin-1"))

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
