"""Saves the newcomer first, and leaves it out of the loop with an `if`; the name is set inline."""

from bfnet import ButterflyHandler


class Room(ButterflyHandler):
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        butterfly.nick = (await butterfly.read()).translate(None, b"\r\n")
        self.butterflies[butterfly.nick] = butterfly, self.begin_handling(butterfly)
        for nick in self.butterflies:
            if nick != butterfly.nick:
                self.butterflies[nick][0].write(butterfly.nick + b" has joined the room\n")


async def serve(bind, ssl_options):
    net = await Room.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        butterfly.write(b"%s, nobody hears you yet\n" % butterfly.nick)

    return net
