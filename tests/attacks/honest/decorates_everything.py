# Does: makes serve in a factory, and decorates its methods.
# Base: alone
import functools, logging
from bfnet import Butterfly, ButterflyHandler, Net
def logged(function):
    @functools.wraps(function)
    async def wrapper(*args, **kw):
        logging.getLogger("mine").debug("call %s", function.__name__)
        return await function(*args, **kw)
    return wrapper
@functools.lru_cache(maxsize=None)
def line(kind, nick):
    return {"joined": nick + b" has joined the room\n", "left": nick + b" has left the room.\n"}[kind]
class ChatHandler(ButterflyHandler):
    def _tell(self, kind, nick):
        for other, _ in self.butterflies.values():
            other.write(line(kind, nick))
    joined = functools.partialmethod(_tell, "joined")
    left = functools.partialmethod(_tell, "left")
    @logged
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        nick = b"".join((await butterfly.read()).replace(b"\r", b"").split(b"\n"))
        self.logger.info(f"{nick.decode(errors='replace')} has joined")
        self.joined(nick)
        butterfly.nick = nick
        self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))
    @logged
    async def on_disconnect(self, butterfly):
        try:
            nick = butterfly.nick
        except AttributeError:
            self.logger.warning("Connection cancelled before on_connect finished!")
        else:
            _, loop = self.butterflies.pop(nick)
            loop.cancel()
            self.logger.info(f"{nick.decode(errors='replace')} has left")
            self.left(nick)
def make(handler_class):
    @logged
    async def serve(bind, ssl_options=None, *more, **named):
        handler = handler_class.get_handler()
        net = await handler.create_server(bind, ssl_options)
        net.any_data(logged(functools.partial(relay, b": ")) if False else relay)
        return net
    return serve
async def relay(data, butterfly, handler):
    for other, _ in handler.butterflies.values():
        if other is not butterfly:
            other.write(b": ".join((butterfly.nick, data)))
serve = make(ChatHandler)
