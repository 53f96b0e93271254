# Does: uses to_thread, executors and timers while clients talk.
# Base: alone
import asyncio, threading, queue, concurrent.futures
from bfnet import Butterfly, ButterflyHandler, Net
COUNT = threading.local()
def clean(data):
    return data.replace(b"\r", b"").replace(b"\n", b"")
class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        nick = await asyncio.to_thread(clean, await butterfly.read())
        t = threading.Thread(target=lambda: None); t.start(); t.join()
        self.logger.info(f"{nick.decode(errors='replace')} has joined")
        for other, _ in self.butterflies.values():
            other.write(nick + b" has joined the room\n")
        butterfly.nick = nick
        self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))
    async def on_disconnect(self, butterfly):
        if not hasattr(butterfly, "nick"):
            self.logger.warning("Connection cancelled before on_connect finished!")
            return
        self.butterflies.pop(butterfly.nick)[1].cancel()
        self.logger.info(f"{butterfly.nick.decode(errors='replace')} has left")
        for other, _ in self.butterflies.values():
            other.write(butterfly.nick + b" has left the room.\n")
async def serve(bind, ssl_options):
    loop = asyncio.get_running_loop()
    net = await ChatHandler.get_handler().create_server(bind, ssl_options)
    timer = threading.Timer(3600, print); timer.daemon = True; timer.start(); timer.cancel()
    @net.any_data
    async def relay(data, butterfly, handler):
        line = await loop.run_in_executor(None, lambda: butterfly.nick + b": " + data)
        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                loop.call_soon(other.write, line)
    return net
