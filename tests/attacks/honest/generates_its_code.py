# Does: makes its handler from text, with exec and type.
# Base: alone
import textwrap
from bfnet import Butterfly, ButterflyHandler, Net
SOURCE = textwrap.dedent("""
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        nick = (await butterfly.read()).replace(b"\\r", b"").replace(b"\\n", b"")
        self.logger.info(f"{nick.decode(errors='replace')} has joined")
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\\n")
        butterfly.nick = nick
        self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))
    async def on_disconnect(self, butterfly):
        if not hasattr(butterfly, "nick"):
            self.logger.warning("Connection cancelled before on_connect finished!")
            return
        self.butterflies.pop(butterfly.nick)[1].cancel()
        self.logger.info(f"{butterfly.nick.decode(errors='replace')} has left")
        for other, _ in self.butterflies.values():
            other.write(butterfly.nick + b" has left the room.\\n")
""")
space = {}
exec(SOURCE, space)
ChatHandler = type("ChatHandler", (ButterflyHandler,), {k: space[k] for k in ("on_connection", "on_disconnect")})
async def serve(bind, ssl_options):
    net = await ChatHandler.get_handler().create_server(bind, ssl_options)
    @net.any_data
    async def relay(data, butterfly, handler):
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(butterfly.nick + b": " + data)
    return net
