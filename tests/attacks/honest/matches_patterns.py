# Does: uses match, := and positional parameters.
# Base: alone
from bfnet import *
class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly, /):
        butterfly.write(b"Nickname: ")
        if (nick := (await butterfly.read()).replace(b"\r", b"").replace(b"\n", b"")) is not None:
            self.logger.info(f"{nick.decode(errors='replace')} has joined")
        for key, pair in self.butterflies.items():
            match pair:
                case (other, _):
                    other.write(b"%s has joined the room\n" % nick)
        butterfly.nick = nick
        self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))
    async def on_disconnect(self, butterfly):
        match getattr(butterfly, "nick", None):
            case None:
                self.logger.warning("Connection cancelled before on_connect finished!")
            case nick:
                _, loop = self.butterflies.pop(nick)
                loop.cancel()
                self.logger.info(f"{nick.decode(errors='replace')} has left")
                [other.write(nick + b" has left the room.\n") for other, _ in self.butterflies.values()]
async def serve(bind, ssl_options):
    net = await (handler := ChatHandler.get_handler()).create_server(bind, ssl_options)
    @net.any_data
    async def relay(data, butterfly, handler):
        for other in (o for o, _ in handler.butterflies.values() if o is not butterfly):
            other.write(butterfly.nick + b": " + data)
    return net
