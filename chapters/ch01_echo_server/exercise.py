"""Chapter 1: an echo server. It hangs up on a client that says `quit`."""

from bfnet import Butterfly, ButterflyHandler, Net


async def serve(bind, ssl_options) -> Net:
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.regexp_match(rb"quit\r?\n")
    async def say_goodbye(
        data: bytes, butterfly: Butterfly, handler: ButterflyHandler
    ):
        """Say goodbye to a client that wants to leave, and hang up."""
        # Task 1.2
        raise NotImplementedError(
            "Task 1.2: answer quit by saying goodbye and hanging up"
        )

    @net.any_data
    async def echo(
        data: bytes, butterfly: Butterfly, handler: ButterflyHandler
    ):
        """Send anything else back as it came."""
        # Task 1.1
        raise NotImplementedError("Task 1.1: send the bytes back unmodified")

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
