"""One handler for everything, which looks at the line itself and returns early."""

from bfnet import ButterflyHandler


async def serve(bind, ssl_options):
    net = await ButterflyHandler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        if data not in (b"quit\n", b"quit\r\n"):
            butterfly.write(data)
            return
        butterfly.write(b"Goodbye.\n")
        butterfly.stop()

    return net
