# Does: give the loop an executor, and use it.
# Place: after
import asyncio
from concurrent.futures import ThreadPoolExecutor

plain = serve


async def serve(bind, ssl_options):
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    return await plain(bind, ssl_options)
