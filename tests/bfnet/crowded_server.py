"""An echo server in a process of its own, with few file descriptors to spare.

python crowded_server.py asyncio|uvloop DESCRIPTORS [MOST_CONNECTIONS]

Prints its port, logs to stderr, and stops when its standard input ends.
"""

import asyncio
import logging
import resource
import sys
import time

from bfnet import ButterflyHandler


async def main(descriptors, most_connections=None):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(descriptors), hard))
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(("127.0.0.1", 0), None)
    if most_connections is not None:
        net.limits.most_connections = int(most_connections)

    @net.any_data
    async def echo(data, butterfly, handler):
        butterfly.write(data)

    print(net.port, flush=True)
    asked_to_stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, asked_to_stop.set)
    await asked_to_stop.wait()
    began = time.monotonic()
    await handler.stop()
    print(time.monotonic() - began, flush=True)


logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
if sys.argv[1] == "uvloop":
    import uvloop

    uvloop.run(main(*sys.argv[2:]))
else:
    asyncio.run(main(*sys.argv[2:]))
