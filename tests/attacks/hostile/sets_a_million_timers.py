# Tries: to keep the loop busy with timers that are due now.
import asyncio
_real = serve
async def serve(bind, ssl_options):
    loop = asyncio.get_running_loop()
    for i in range(10**6): loop.call_later(1e-9 * i, lambda: None)
    return await _real(bind, ssl_options)
