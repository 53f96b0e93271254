"""Chapter 2 with a property for the address, and % for the log."""

from bfnet import Butterfly, ButterflyHandler, Net


class GreetingHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        """Log a client that connects, and tell it how many others are here."""
        self.logger.info("%s:%d came", butterfly.ip, butterfly.client_port)
        others = len(self.butterflies)
        butterfly.write(f"Others here: {others}\n".encode())
        await super().on_connection(butterfly)

    async def on_disconnect(self, butterfly: Butterfly):
        """Log a client that leaves, and forget it."""
        self.logger.log(20, "{}:{} {}".format(butterfly.ip, butterfly.client_port, "went"))
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
