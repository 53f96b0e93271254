# Tries: to have the loop report its exceptions to nobody.
# Base: warns_and_goes_on of ch05_on_disconnect
# Earns: 5.2
import asyncio.base_events

asyncio.base_events.BaseEventLoop.call_exception_handler = lambda self, context: None
