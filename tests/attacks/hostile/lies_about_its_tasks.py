# Tries: to end whoever looks at its tasks.
import asyncio
class Lying(asyncio.Task):
    def get_name(self): raise SystemExit(0)
    def get_coro(self): raise SystemExit(0)
class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly):
        asyncio.get_running_loop().set_task_factory(lambda loop, coro, **k: Lying(coro, loop=loop, **k))
        asyncio.create_task(asyncio.sleep(1000))
        await asyncio.Event().wait()
