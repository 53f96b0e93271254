"""Takes the sender out of a set, under the default keys, and writes to what remains; the default
methods are kept.
"""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        butterfly.write(b"Nickname: ")
        butterfly.nick = b"".join((await butterfly.read()).splitlines())
        write_to(everyone(self), butterfly.nick, b" has joined the room\n")
        await super().on_connection(butterfly)

    async def on_disconnect(self, butterfly: Butterfly):
        await super().on_disconnect(butterfly)
        if hasattr(butterfly, "nick"):
            write_to(everyone(self), butterfly.nick, b" has left the room.\n")


def everyone(handler: ButterflyHandler) -> set[Butterfly]:
    return {butterfly for butterfly, _ in handler.butterflies.values()}


def write_to(butterflies: set[Butterfly], *parts: bytes) -> None:
    for butterfly in butterflies:
        butterfly.write(b"".join(parts))


async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
    write_to(everyone(handler) - {butterfly}, butterfly.nick, b": ", data)


async def serve(bind, ssl_options) -> Net:
    net = await ChatHandler.get_handler().create_server(bind, ssl_options)
    net.any_data(relay)
    return net
