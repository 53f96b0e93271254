# Does: uses asynchronous generators and context managers, and a class with slots.
# Base: alone
import contextlib, dataclasses, functools, typing
from collections.abc import AsyncIterator
from bfnet import Butterfly, ButterflyHandler, Net
@dataclasses.dataclass(slots=True, frozen=True, kw_only=True)
class Said:
    who: bytes
    what: bytes
    def line(self) -> bytes: return b"%b: %b" % (self.who, self.what)
class ChatHandler(ButterflyHandler):
    @contextlib.asynccontextmanager
    async def named(self, butterfly) -> AsyncIterator[bytes]:
        butterfly.write(b"Nickname: ")
        yield (await butterfly.read()).replace(b"\r", b"").replace(b"\n", b"")
    async def others(self, me=None):
        for other, _ in list(self.butterflies.values()):
            if other is not me:
                yield other
    async def on_connection(self, butterfly):
        async with self.named(butterfly) as nick:
            self.logger.info(f"{nick.decode(errors='replace')} has joined")
            async for other in self.others():
                other.write(nick + b" has joined the room\n")
            butterfly.nick = nick
            self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))
    async def on_disconnect(self, butterfly):
        if not hasattr(butterfly, "nick"):
            self.logger.warning("Connection cancelled before on_connect finished!")
            return
        self.butterflies.pop(butterfly.nick)[1].cancel()
        self.logger.info(f"{butterfly.nick.decode(errors='replace')} has left")
        async for other in self.others():
            other.write(butterfly.nick + b" has left the room.\n")
async def serve(bind: typing.Any, ssl_options: typing.Any) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)
    @net.any_data
    async def relay(data, butterfly, handler):
        said = Said(who=butterfly.nick, what=data).line()
        async for other in handler.others(butterfly):
            other.write(said)
    return net
