"""Chapter 2 with the default first, which counts the newcomer: one less."""

from bfnet import Butterfly, ButterflyHandler, Net


class GreetingHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Log a client that connects, and tell it how many others are here."""
        self.logger.info(f"{butterfly.ip}:{butterfly.client_port} came")
        await super().on_connection(butterfly)
        butterfly.write(b"Others here: %d\n" % (len(self.butterflies) - 1))

    async def on_disconnect(self, butterfly: Butterfly):
        """Log a client that leaves, and forget it."""
        self.logger.info(f"{butterfly.ip}:{butterfly.client_port} went")
        await super().on_disconnect(butterfly)


async def serve(bind, ssl_options) -> Net:
    handler = GreetingHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def echo(data: bytes, butterfly: Butterfly, handler: GreetingHandler):
        butterfly.write(data)

    return net


def main() -> None:
    """Serve over TLS until Ctrl-C."""
    from workbook.serving import run

    run(serve)


if __name__ == "__main__":
    main()
