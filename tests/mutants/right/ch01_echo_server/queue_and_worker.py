"""Each client has a queue and a worker that answers what is in it."""

import asyncio

from bfnet import Butterfly, ButterflyHandler


class Echo(ButterflyHandler):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.workers = {}

    async def on_connection(self, butterfly: Butterfly):
        butterfly.said = asyncio.Queue()
        self.workers[butterfly] = asyncio.create_task(self.work(butterfly))
        await super().on_connection(butterfly)

    async def on_disconnect(self, butterfly: Butterfly):
        self.workers.pop(butterfly).cancel()
        await super().on_disconnect(butterfly)

    async def work(self, butterfly: Butterfly):
        while True:
            data = await butterfly.said.get()
            if data.startswith((b"quit\n", b"quit\r\n")):
                butterfly.write("Goodbye.\n".encode("ascii"))
                butterfly.stop()
            else:
                butterfly.write(data)
            butterfly.said.task_done()


async def serve(bind, ssl_options):
    net = await Echo.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def put(data, butterfly, handler):
        butterfly.said.put_nowait(data)
        await butterfly.said.join()

    return net
