"""A handler with a data loop of its own: it reads until the end of file, and needs no net."""

import re

from bfnet import Butterfly, ButterflyHandler


class Echo(ButterflyHandler):
    QUIT = re.compile(rb"quit\r?\n")

    async def on_connection(self, butterfly: Butterfly):
        while data := await butterfly.read():
            if self.QUIT.match(data):
                butterfly.write(b"Good")
                butterfly.write(b"bye.\n")
                break
            butterfly.write(data)
            await butterfly.drain()
        butterfly.stop()


async def serve(bind, ssl_options):
    handler = Echo.get_handler()
    return await handler.create_server(bind, ssl_options)
