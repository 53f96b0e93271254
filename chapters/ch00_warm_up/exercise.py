"""Chapter 0: a server that shouts back, and asks before it pours your tea."""

from bfnet import Butterfly, ButterflyHandler, Net


def shout(data: bytes) -> bytes:
    """Return what a client said in capitals, with U+FFFD for invalid UTF-8."""
    # Task 0.1
    raise NotImplementedError(
        "Task 0.1: turn bytes into text and back at the edge"
    )


async def take_order(order: bytes, butterfly: Butterfly) -> None:
    """Ask about milk, wait for the answer, and repeat the order with it."""
    # Task 0.2
    raise NotImplementedError(
        "Task 0.2: ask a question and wait for the answer"
    )


# The code below calls your two functions. You do not have to change it.


async def serve(bind, ssl_options) -> Net:
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(
        data: bytes, butterfly: Butterfly, handler: ButterflyHandler
    ):
        if data.startswith(b"tea"):
            await take_order(data, butterfly)
        else:
            butterfly.write(shout(data))

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
