"""Chapter 0: a server that shouts back what it is told, and brings two poets together."""

import asyncio

from bfnet import Butterfly, ButterflyHandler, Net


def shout(data: bytes) -> bytes:
    """What a client said, in capital letters. A byte that is no text is replaced by U+FFFD."""
    raise NotImplementedError("Task 0.1: turn bytes to text and back at the edge")


async def ask_both(first: Butterfly, second: Butterfly) -> None:
    """Ask both for a line, at the same time. Thank each at once, then tell each the other's."""

    raise NotImplementedError("Task 0.2: wait for two clients at once")


# Nothing is to be written below this line: it calls the two functions above.


async def serve(bind, ssl_options) -> Net:
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)
    pairs = Pairs()

    @net.any_data
    async def answer(data: bytes, butterfly: Butterfly, handler: ButterflyHandler):
        if data.startswith(b"poem"):
            await pairs.join(butterfly)
        else:
            butterfly.write(shout(data))

    return net


class Pairs:
    """Brings poets together, two at a time: the first to come waits for the second."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Butterfly, asyncio.Event]] = []

    async def join(self, poet: Butterfly) -> None:
        """Returns when this poet's poem is done."""
        if not self.waiting:
            poem_is_done = asyncio.Event()
            self.waiting.append((poet, poem_is_done))
            poet.write(b"Wait for a second poet.\n")
            await poem_is_done.wait()
            return
        first, poem_is_done = self.waiting.pop()
        try:
            await ask_both(first, poet)
        finally:
            poem_is_done.set()


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
