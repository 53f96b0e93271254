"""Counts in an attribute, up and down; the class is inside serve, and methods call the base by
its name.
"""

from bfnet import ButterflyHandler


async def serve(bind, ssl_options):
    class GreetingHandler(ButterflyHandler):
        count = 0

        async def on_connection(self, butterfly):
            butterfly.key = f"{butterfly.ip}:{butterfly.client_port}"
            self.logger.info(f"{butterfly.key} came")
            butterfly.write(f"Others here: {self.count}\n".encode())
            self.count += 1
            await ButterflyHandler.on_connection(self, butterfly)

        async def on_disconnect(self, butterfly):
            try:
                await ButterflyHandler.on_disconnect(self, butterfly)
            finally:
                self.count -= 1
                self.logger.info("%s went", butterfly.key)

    handler = GreetingHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.regexp_match(b".*")
    async def echo(data, butterfly, handler):
        butterfly.write(data)

    return net
