# Tries: to exit with success when `serve` is called.
# Base: starter
import sys


async def serve(bind, ssl_options):
    sys.exit(0)
