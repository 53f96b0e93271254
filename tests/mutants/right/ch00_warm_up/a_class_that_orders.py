"""Chapter 0 with a class for an order, and a match for its text."""

from bfnet import Butterfly, ButterflyHandler, Net


def shout(data: bytes) -> bytes:
    """Return what a client said in capital letters, with U+FFFD for what is not valid UTF-8."""
    text = data.decode(errors="replace")
    return text.upper().encode()


async def take_order(order: bytes, butterfly: Butterfly) -> None:
    """Ask the client about milk, wait for the answer, and repeat the order with it."""

    class Order:
        def __await__(self):
            butterfly.write(b"milk? ")
            return (yield from butterfly.read().__await__())

    match await Order():
        case answer:
            butterfly.write(b"".join([order, b"milk: ", answer]))


# The code below calls your two functions. You do not have to change it.


async def serve(bind, ssl_options) -> Net:
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data: bytes, butterfly: Butterfly, handler: ButterflyHandler):
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
