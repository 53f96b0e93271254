# Does: keep a task that never ends, and cancel it when the server stops.
# Place: after
import asyncio

plain = serve


class Ticking(ChatHandler):
    async def stop(self):
        self.ticking.cancel()
        await super().stop()


async def tick():
    while True:
        await asyncio.sleep(5)


ChatHandler = Ticking


async def serve(bind, ssl_options):
    net = await plain(bind, ssl_options)
    net.handler.ticking = asyncio.create_task(tick())
    return net
