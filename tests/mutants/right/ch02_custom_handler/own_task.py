"""The data loop is a task of our own that reads and echoes; a dataclass keeps each visit."""

import asyncio
from dataclasses import dataclass

from bfnet import Butterfly, ButterflyHandler


@dataclass
class Visit:
    address: str
    task: asyncio.Task


class GreetingHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly):
        address = f"{butterfly.ip}:{butterfly.client_port}"
        self.logger.info("%s came", address)
        butterfly.write(b"Others here: %d\n" % len(self.butterflies))
        task = asyncio.create_task(self.echo(butterfly))
        butterfly.visit = Visit(address, task)
        self.butterflies = {**self.butterflies, address: (butterfly, task)}

    async def on_disconnect(self, butterfly: Butterfly):
        visit = butterfly.visit
        self.butterflies = {k: v for k, v in self.butterflies.items() if k != visit.address}
        visit.task.cancel()
        self.logger.info("%s went", visit.address)

    async def echo(self, butterfly: Butterfly):
        while data := await butterfly.read():
            butterfly.write(data)
        butterfly.stop()


async def serve(bind, ssl_options):
    return await GreetingHandler.get_handler().create_server(bind, ssl_options)
