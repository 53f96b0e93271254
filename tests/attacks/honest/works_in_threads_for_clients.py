# Does: hand work for each client to a thread.
# Place: after
import asyncio


class Threaded(ChatHandler):
    async def on_connection(self, butterfly):
        await asyncio.to_thread(sorted, [3, 1, 2])
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(0))
        await super().on_connection(butterfly)


ChatHandler = Threaded
