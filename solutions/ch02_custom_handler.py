"""Chapter 2: a server that greets each newcomer and keeps a log."""

from bfnet import Butterfly, ButterflyHandler, Net


class GreetingHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Log a client that connects, and tell it how many others are here."""
        # --8<-- [start:task-2.1]
        self.logger.info(f"{butterfly.ip}:{butterfly.client_port} came")
        # --8<-- [end:task-2.1]
        # --8<-- [start:task-2.2]
        others = len(self.butterflies)
        butterfly.write(f"Others here: {others}\n".encode())
        await super().on_connection(butterfly)
        # --8<-- [end:task-2.2]

    async def on_disconnect(self, butterfly: Butterfly):
        """Log a client that leaves, and forget it."""
        # --8<-- [start:task-2.1-left]
        self.logger.info(f"{butterfly.ip}:{butterfly.client_port} went")
        # --8<-- [end:task-2.1-left]
        # --8<-- [start:task-2.2-left]
        await super().on_disconnect(butterfly)
        # --8<-- [end:task-2.2-left]


async def serve(bind, ssl_options) -> Net:
    handler = GreetingHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def echo(data: bytes, butterfly: Butterfly, handler: GreetingHandler):
        butterfly.write(data)

    return net


# --8<-- [start:main]
def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
# --8<-- [end:main]
