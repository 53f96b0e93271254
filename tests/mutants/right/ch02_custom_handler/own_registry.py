"""Does by itself what the default does, keys and data loop, and counts in a set of its own."""

from bfnet import Butterfly, ButterflyHandler


class GreetingHandler(ButterflyHandler):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.here: set[Butterfly] = set()

    async def on_connection(self, butterfly: Butterfly):
        address = address_of(butterfly)
        self.logger.info(address + " came")
        greeting = ["Others here: ", str(len(self.here)), "\n"]
        for part in greeting:
            butterfly.write(part.encode("ascii"))
        self.here.add(butterfly)
        self.butterflies[address] = butterfly, self.begin_handling(butterfly)

    async def on_disconnect(self, butterfly: Butterfly):
        address = address_of(butterfly)
        self.here.discard(butterfly)
        _, future = self.butterflies.pop(address)
        future.cancel()
        self.logger.info(address + " went")


def address_of(butterfly: Butterfly) -> str:
    return ":".join([butterfly.ip, str(butterfly.client_port)])


async def serve(bind, ssl_options):
    handler = GreetingHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)
    net.any_data(echo)
    return net


async def echo(data: bytes, butterfly: Butterfly, handler: GreetingHandler):
    butterfly.write(data)
