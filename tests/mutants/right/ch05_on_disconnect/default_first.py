"""Leaves forgetting to the default on_disconnect; the name is an attribute of the class's table."""

from bfnet import ButterflyHandler

LEFT = b"%s has left the room.\n"
JOINED = b"%s has joined the room\n"


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        nick = (await butterfly.read()).strip(b"\r\n")
        self.tell(JOINED % nick)
        butterfly.nick = nick
        self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))

    async def on_disconnect(self, butterfly):
        await super().on_disconnect(butterfly)
        nick = getattr(butterfly, "nick", None)
        if nick is None:
            self.logger.warning("Connection cancelled before on_connect finished!")
        else:
            self.tell(LEFT % nick)

    def tell(self, news):
        for butterfly, _ in self.butterflies.values():
            butterfly.write(news)


async def serve(bind, ssl_options):
    net = await ChatHandler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        butterfly.write(butterfly.nick + b", nobody hears you yet\n")

    return net
