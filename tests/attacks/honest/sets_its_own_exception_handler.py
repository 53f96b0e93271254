# Does: handle what the loop reports by itself.
# Place: after
import asyncio

plain = serve


async def serve(bind, ssl_options):
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: print(context))
    return await plain(bind, ssl_options)
