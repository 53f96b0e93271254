# Does: has a queue and a writing task for each client, and weak references.
# Base: alone
import asyncio, contextvars, weakref
from bfnet import Butterfly, ButterflyHandler, Net
WHO = contextvars.ContextVar("who", default=b"")
class Client:
    __slots__ = ("queue", "task", "__weakref__")
    def __init__(self, butterfly):
        self.queue = asyncio.Queue()
        self.task = asyncio.create_task(self.run(butterfly), name="writer")
    async def run(self, butterfly):
        while True:
            butterfly.write(await self.queue.get())
            self.queue.task_done()
CLIENTS = weakref.WeakKeyDictionary()
class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        CLIENTS[butterfly] = Client(butterfly)
        CLIENTS[butterfly].queue.put_nowait(b"Nickname: ")
        nick = (await butterfly.read()).replace(b"\r", b"").replace(b"\n", b"")
        WHO.set(nick)
        self.logger.info("%s has joined", nick.decode(errors="replace"))
        for other, _ in self.butterflies.values():
            CLIENTS[other].queue.put_nowait(nick + b" has joined the room\n")
        butterfly.nick = nick
        self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))
    async def on_disconnect(self, butterfly):
        if client := CLIENTS.pop(butterfly, None):
            client.task.cancel()
        if not hasattr(butterfly, "nick"):
            self.logger.warning("Connection cancelled before on_connect finished!")
            return
        _, loop = self.butterflies.pop(butterfly.nick)
        loop.cancel()
        self.logger.info(f"{butterfly.nick.decode(errors='replace')} has left")
        for other, _ in self.butterflies.values():
            CLIENTS[other].queue.put_nowait(butterfly.nick + b" has left the room.\n")
async def serve(bind, ssl_options):
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)
    @net.any_data
    async def relay(data, butterfly, handler):
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                await CLIENTS[other].queue.put(butterfly.nick + b": " + data)
    return net
