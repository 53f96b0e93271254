"""The data handlers are outside serve, share a helper, and are registered by a call."""

from bfnet import ButterflyHandler

GOODBYE = "Goodbye.\n"


def send(butterfly, *parts):
    for part in parts:
        butterfly.write(part if isinstance(part, bytes) else part.encode())


async def leave(_data, butterfly, _handler):
    send(butterfly, GOODBYE)
    await butterfly.drain()
    butterfly.stop()


async def repeat(data, butterfly, _handler):
    half = len(data) // 2
    send(butterfly, data[:half], data[half:])


async def serve(bind, ssl_options):
    net = await ButterflyHandler.get_handler().create_server(bind, ssl_options)
    net.regexp_match(rb"quit\r?\n")(leave)
    net.any_data(repeat)
    return net
