# Does: uses task groups, timeouts, locks, and except with a star.
# Base: alone
import asyncio
from bfnet import Butterfly, ButterflyHandler, Net
LOCK = asyncio.Lock()
EVENT = asyncio.Event()
SEM = asyncio.Semaphore(100)
class ChatHandler(ButterflyHandler):
    async def tell(self, text, but=None):
        async def one(other):
            async with SEM:
                other.write(text)
                await other.drain()
        try:
            async with asyncio.timeout(30):
                async with asyncio.TaskGroup() as group:
                    for other, _ in [*self.butterflies.values()]:
                        if other is not but:
                            group.create_task(one(other))
        except* OSError as errors:
            self.logger.error("%d errors", len(errors.exceptions))
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        nick = (await asyncio.wait_for(butterfly.read(), 7200)).replace(b"\r", b"").replace(b"\n", b"")
        async with LOCK:
            self.logger.info(f"{nick.decode(errors='replace')} has joined")
            await self.tell(nick + b" has joined the room\n")
            butterfly.nick = nick
            self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))
            EVENT.set()
    async def on_disconnect(self, butterfly):
        if not hasattr(butterfly, "nick"):
            self.logger.warning("Connection cancelled before on_connect finished!")
            return
        _, loop = self.butterflies.pop(butterfly.nick)
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        self.logger.info(f"{butterfly.nick.decode(errors='replace')} has left")
        await asyncio.shield(self.tell(butterfly.nick + b" has left the room.\n"))
async def serve(bind, ssl_options):
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)
    @net.any_data
    async def relay(data, butterfly, handler):
        await handler.tell(butterfly.nick + b": " + data, butterfly)
    return net
