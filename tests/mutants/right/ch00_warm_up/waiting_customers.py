"""Nobody awaits a read: the data handler remembers whose order still waits for an answer."""

from bfnet import ButterflyHandler


def shout(data):
    return str(data, "utf-8", "replace").upper().encode("utf-8")


class Bar(ButterflyHandler):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.orders = {}

    def take_order(self, order, butterfly):
        self.orders[butterfly] = order
        butterfly.write(b"milk? ")

    def confirm(self, answer, butterfly):
        butterfly.write(b"".join([self.orders.pop(butterfly), b"milk: ", answer]))


async def serve(bind, ssl_options):
    handler = Bar.get_handler()
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        if butterfly in handler.orders:
            handler.confirm(data, butterfly)
        elif data.startswith(b"tea"):
            handler.take_order(data, butterfly)
        else:
            butterfly.write(shout(data))

    return net
