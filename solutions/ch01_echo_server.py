"""Chapter 1: an echo server. It hangs up on a client that says `quit`."""

from bfnet import Butterfly, ButterflyHandler, Net


# --8<-- [start:serve]
async def serve(bind, ssl_options) -> Net:
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)
    # --8<-- [end:serve]

    @net.regexp_match(rb"quit\r?\n")
    async def say_goodbye(
        data: bytes, butterfly: Butterfly, handler: ButterflyHandler
    ):
        """Say goodbye to a client that wants to leave, and hang up."""
        # --8<-- [start:task-1.2]
        butterfly.write(b"Goodbye.\n")
        butterfly.stop()
        # --8<-- [end:task-1.2]

    # --8<-- [start:echo]
    @net.any_data
    async def echo(
        data: bytes, butterfly: Butterfly, handler: ButterflyHandler
    ):
        """Send anything else back as it came."""
        # --8<-- [start:task-1.1]
        butterfly.write(data)
        # --8<-- [end:task-1.1]
        # --8<-- [end:echo]

    return net


# --8<-- [start:main]
def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
# --8<-- [end:main]
