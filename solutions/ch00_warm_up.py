"""Chapter 0: a server that shouts back, and asks before it pours your tea."""

from bfnet import Butterfly, ButterflyHandler, Net


def shout(data: bytes) -> bytes:
    """Return what a client said in capitals, with U+FFFD for invalid UTF-8."""
    # --8<-- [start:task-0.1]
    text = data.decode(errors="replace")
    return text.upper().encode()
    # --8<-- [end:task-0.1]


async def take_order(order: bytes, butterfly: Butterfly) -> None:
    """Ask about milk, wait for the answer, and repeat the order with it."""
    # --8<-- [start:task-0.2]
    butterfly.write(b"milk? ")
    answer = await butterfly.read()
    butterfly.write(order + b"milk: " + answer)
    # --8<-- [end:task-0.2]


# The code below calls your two functions. You do not have to change it.


# --8<-- [start:serve]
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

    # --8<-- [end:serve]

    return net


# --8<-- [start:main]
def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
# --8<-- [end:main]
