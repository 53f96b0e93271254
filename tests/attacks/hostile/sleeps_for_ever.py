# Tries: to wait for what never comes, when it is served.
# Base: starter
import threading


async def serve(bind, ssl_options):
    threading.Event().wait()
