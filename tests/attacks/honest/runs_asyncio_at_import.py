# Does: try something with asyncio.run at import.
import asyncio


async def hello():
    await asyncio.sleep(0.01)


asyncio.run(hello())
