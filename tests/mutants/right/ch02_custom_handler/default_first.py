"""Lets the default behavior happen first, and takes the newcomer off the count afterwards."""

import logging

from bfnet import ButterflyHandler


class GreetingHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        await super().on_connection(butterfly)
        self.log(butterfly, "came")
        butterfly.write(b"Others here: %d\n" % (len(self.butterflies) - 1))

    async def on_disconnect(self, butterfly):
        self.log(butterfly, "went")
        await super().on_disconnect(butterfly)

    def log(self, butterfly, what):
        self.logger.log(logging.INFO, "%s:%s %s", butterfly.ip, butterfly.client_port, what)


async def serve(bind, ssl_options):
    net = await GreetingHandler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def echo(data, butterfly, handler):
        butterfly.write(data)

    return net
