# Does: sets a policy for event loops.
import asyncio
class P(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self): return super().new_event_loop()
asyncio.set_event_loop_policy(P())
loop = asyncio.new_event_loop()
loop.run_until_complete(asyncio.sleep(0))
loop.close()
