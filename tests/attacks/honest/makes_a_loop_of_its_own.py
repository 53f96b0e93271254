# Does: make an event loop at import, use it, and leave it open.
import asyncio

LOOP = asyncio.new_event_loop()
LOOP.run_until_complete(asyncio.sleep(0))
