"""No guard: it tries, and takes the AttributeError for the answer. It waits until the data loop has
ended, with gather, before the room is told. All nested inside of serve.
"""

import asyncio

from bfnet import Butterfly, ButterflyHandler


async def serve(bind, ssl_options):
    class ChatHandler(ButterflyHandler):
        async def on_connection(self, butterfly: Butterfly) -> None:
            butterfly.write(b"Nickname: ")
            nick = b"".join((await butterfly.read()).splitlines())
            everyone = list(self.butterflies.values())
            butterfly.nick = nick  # type: ignore[attr-defined]
            self.butterflies[nick] = butterfly, self.begin_handling(butterfly)
            for other, _ in everyone:
                other.write(nick + b" has joined the room\n")

        async def on_disconnect(self, butterfly: Butterfly) -> None:
            try:
                nick = butterfly.nick  # type: ignore[attr-defined]
            except AttributeError:
                self.logger.warning("Connection cancelled before on_connect finished!")
                return
            future = self.butterflies.pop(nick)[1]
            future.cancel()
            await asyncio.gather(future, return_exceptions=True)
            for pair in tuple(self.butterflies.values()):
                pair[0].write(b" ".join((nick, b"has left the room.\n")))

    net = await ChatHandler.get_handler().create_server(bind, ssl_options)

    @net.prefix_match(b"")
    async def answer(data, butterfly, handler):
        butterfly.write(butterfly.nick + b", nobody hears you yet\n")

    return net
