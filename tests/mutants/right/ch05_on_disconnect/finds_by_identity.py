"""Keys are text. Looks for the pair in the dict, and a name is what the dict has for a butterfly;
tells the others first and forgets afterwards.
"""

import asyncio

from bfnet import ButterflyHandler


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        nick = (await butterfly.read()).decode().replace("\r", "").replace("\n", "")
        for other, _ in self.butterflies.values():
            other.write(f"{nick} has joined the room\n".encode())
        self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))

    async def on_disconnect(self, butterfly):
        nick = name_of(butterfly, self)
        if nick is None:
            self.logger.warning("Connection cancelled before on_connect finished!")
            return
        others = {key: pair for key, pair in self.butterflies.items() if key != nick}
        for key in others:
            others[key][0].write(f"{nick} has left".encode() + b" the room.\n")
        future: asyncio.Future = self.butterflies[nick][1]
        del self.butterflies[nick]
        future.cancel()


def name_of(butterfly, handler):
    return next((key for key, pair in handler.butterflies.items() if pair[0] is butterfly), None)


async def serve(bind, ssl_options):
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        butterfly.write(name_of(butterfly, handler).encode())
        butterfly.write(b", nobody hears you yet\n")

    return net
