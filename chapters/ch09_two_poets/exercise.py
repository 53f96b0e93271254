"""Chapter 9: a server that brings two poets together."""

import asyncio

from bfnet import Butterfly, ButterflyHandler, Net


async def serve(bind, ssl_options) -> Net:
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)
    pairs = Pairs()

    @net.any_data
    async def answer(
        data: bytes, butterfly: Butterfly, handler: ButterflyHandler
    ):
        if data.startswith(b"poem"):
            await pairs.join(butterfly)
        else:
            butterfly.write(b"Say poem to begin one.\n")

    return net


class Pairs:
    """Two poets at a time: the first to come waits for the second."""

    def __init__(self) -> None:
        self.first: Butterfly | None = None
        self.done = asyncio.Event()

    async def join(self, poet: Butterfly) -> None:
        """Bring two poets together, and return when their poem is done."""
        if self.first is None:
            self.first, self.done = poet, asyncio.Event()
            poet.write(b"Wait for a second poet.\n")
            await self.done.wait()
            return
        first, done = self.first, self.done
        self.first = None
        try:
            await ask_both(first, poet)
        finally:
            done.set()


async def ask_both(first: Butterfly, second: Butterfly) -> None:
    """Ask both poets at once, thank each, then show each the other's line."""

    # Task 9.1
    raise NotImplementedError("Task 9.1: wait for two clients at once")


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
