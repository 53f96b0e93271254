# Does: turn on the loop's debug mode, and the dump of crashes.
# Place: after
import asyncio
import faulthandler

faulthandler.enable()
plain = serve


async def serve(bind, ssl_options):
    asyncio.get_running_loop().set_debug(True)
    return await plain(bind, ssl_options)
