"""Tells clients apart by nickname, in a method of the handler, with early `continue`s; two writes
make one message.
"""

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        butterfly.write(b"Nickname: ")
        butterfly.nick = (await butterfly.read()).translate(None, b"\r\n")
        self.tell_others(butterfly, butterfly.nick + b" has joined the room\n")
        self.butterflies[butterfly.nick] = butterfly, self.begin_handling(butterfly)

    async def on_disconnect(self, butterfly: Butterfly):
        nick = getattr(butterfly, "nick", None)
        if nick is None:
            return
        self.butterflies.pop(nick)[1].cancel()
        self.tell_others(butterfly, nick + b" has left the room.\n")

    def tell_others(self, butterfly: Butterfly, *words: bytes):
        for nick in self.butterflies:
            if nick == butterfly.nick:
                continue
            for word in words:
                self.butterflies[nick][0].write(word)


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def relay(data: bytes, butterfly: Butterfly, handler: ChatHandler):
        handler.tell_others(butterfly, butterfly.nick, b": ", data)

    return net
