"""Two classes share the work, one logs and one greets, and the others are counted one by one."""

from contextlib import asynccontextmanager

from bfnet import Butterfly, ButterflyHandler


class Logged(ButterflyHandler):
    """Logs, and leaves the rest to the class below it."""

    async def on_connection(self, butterfly: Butterfly):
        self.logger.info(f"{butterfly.ip}:{butterfly.client_port} came")
        await super().on_connection(butterfly)

    async def on_disconnect(self, butterfly: Butterfly):
        async with self.noted(butterfly):
            await super().on_disconnect(butterfly)

    @asynccontextmanager
    async def noted(self, butterfly: Butterfly):
        try:
            yield
        finally:
            self.logger.info(f"{butterfly.ip}:{butterfly.client_port} went")


class Greeter(Logged):
    """Greets, once the class above it has logged and registered."""

    async def on_connection(self, butterfly: Butterfly):
        await super().on_connection(butterfly)
        others = [other for other, _ in self.butterflies.values() if other is not butterfly]
        butterfly.write(b"Others here: ")
        butterfly.write(str(len(others)).encode())
        butterfly.write(b"\n")


async def serve(bind, ssl_options):
    net = await Greeter.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def echo(data, butterfly, handler):
        butterfly.write(data)
        await butterfly.drain()

    return net
