"""butterflynet 1.1.0, the framework of 2015: the chat server of its tutorial, without its slips.

    python butterflynet_server.py info|debug PORT [CERTIFICATE KEY]

`debug` is how the tutorial runs it: log_level=DEBUG, which also puts asyncio into debug mode.
butterflynet cannot serve without TLS, so the one override below takes that out of its way.
"""

import asyncio
import logging
import sys

import butterflynet_shims  # noqa: F401  before bfnet, which is butterflynet here

from bfnet import ButterflyHandler


class ChatHandler(ButterflyHandler):
    def _load_ssl(self, ssl_options):
        if ssl_options is None:
            self._ssl = None
        else:
            super()._load_ssl(ssl_options)

    @asyncio.coroutine
    def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        nick = (yield from butterfly.read()).replace(b"\r", b"").replace(b"\n", b"")
        self.logger.debug("{} has joined".format(nick.decode()))  # noqa: UP032  as it was written
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        butterfly.nick = nick
        self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))

    @asyncio.coroutine
    def on_disconnect(self, butterfly):
        if not hasattr(butterfly, "nick"):
            self.logger.warning("Connection cancelled before on_connect finished!")
            return
        _, future = self.butterflies.pop(butterfly.nick)
        future.cancel()
        for other, _ in self.butterflies.values():
            other.write(butterfly.nick + b" has left the room.\n")


level, port, *certificate_and_key = sys.argv[1:]
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
handler = ChatHandler.get_handler(loop=loop, log_level=getattr(logging, level.upper()))
options = (*certificate_and_key, None) if certificate_and_key else None
server = loop.run_until_complete(handler.create_server(("127.0.0.1", int(port)), options))


@server.any_data
@asyncio.coroutine
def relay(data, butterfly, handler):
    for other in handler.butterflies.values():
        if other[0] != butterfly:
            other[0].write(butterfly.nick + b": " + data)


print(server.server.sockets[0].getsockname()[1], flush=True)
loop.run_forever()
