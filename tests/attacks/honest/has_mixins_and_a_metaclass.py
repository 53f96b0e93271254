# Does: spreads its handler over mixins, with a metaclass and single dispatch.
# Base: alone
import abc, enum, functools, operator, types
from bfnet import Butterfly, ButterflyHandler, Net
class Meta(type(ButterflyHandler)):
    made = []
    def __new__(mcls, name, bases, space, **kw):
        cls = super().__new__(mcls, name, bases, space, **kw)
        Meta.made.append(name)
        return cls
class Word(bytes, enum.Enum):
    ASK = b"Nickname: "
    JOINED = b" has joined the room\n"
    LEFT = b" has left the room.\n"
@functools.singledispatch
def to_bytes(x): raise TypeError
@to_bytes.register
def _(x: bytes): return x
@to_bytes.register
def _(x: str): return x.encode()
class Loud(ButterflyHandler, metaclass=Meta):
    def __init_subclass__(cls, **kw): super().__init_subclass__(**kw); cls.registered = True
    def tell(self, *parts, but=None):
        line = b"".join(map(to_bytes, parts))
        for other, _ in self.butterflies.values():
            if operator.is_not(other, but):
                other.write(line)
class Names:
    async def ask(self, butterfly):
        butterfly.write(Word.ASK.value)
        return (await butterfly.read()).translate(None, b"\r\n")
class ChatHandler(Names, Loud):
    async def on_connection(self, butterfly):
        nick = await self.ask(butterfly)
        self.logger.info(f"{nick.decode(errors='replace')} has joined")
        self.tell(nick, Word.JOINED.value)
        butterfly.nick = nick
        self.butterflies[nick] = butterfly, self.begin_handling(butterfly)
    async def on_disconnect(self, butterfly):
        if getattr(butterfly, "nick", None) is None:
            return self.logger.warning("Connection cancelled before on_connect finished!")
        _, loop = self.butterflies.pop(butterfly.nick)
        loop.cancel()
        self.logger.info(f"{butterfly.nick.decode(errors='replace')} has left")
        self.tell(butterfly.nick, Word.LEFT.value)
async def relay(data, butterfly, handler):
    handler.tell(butterfly.nick, ": ", data, but=butterfly)
async def serve(bind, ssl_options):
    net = await ChatHandler.get_handler().create_server(bind, ssl_options)
    net.any_data(relay)
    return net
