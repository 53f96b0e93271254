# Tries: to wait for something that never comes, when `serve` is called.
# Base: starter
import threading


async def serve(bind, ssl_options):
    threading.Event().wait()
