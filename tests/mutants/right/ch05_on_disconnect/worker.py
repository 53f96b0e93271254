"""Departures go through a queue to a worker task, which tells the room. A name is a str in a
dataclass on the butterfly, and the dict is rebuilt rather than changed.
"""

import asyncio
from dataclasses import dataclass

from bfnet import Butterfly, ButterflyHandler


@dataclass(frozen=True)
class Guest:
    name: str

    def said(self, what: str) -> bytes:
        return f"{self.name}{what}\n".encode()


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly) -> None:
        butterfly.write(b"Nickname: ")
        guest = Guest((await butterfly.read()).decode().rstrip("\r\n"))
        self.tell(guest.said(" has joined the room"))
        butterfly.guest = guest  # type: ignore[attr-defined]
        self.butterflies[guest.name] = (butterfly, self.begin_handling(butterfly))

    async def on_disconnect(self, butterfly: Butterfly) -> None:
        match vars(butterfly) if hasattr(butterfly, "__dict__") else {}:
            case {"guest": Guest(name) as guest}:
                self.butterflies[name][1].cancel()
                self.butterflies = {k: v for k, v in self.butterflies.items() if k != name}
                await self.departures.put(guest)
            case _:
                self.logger.warning("Connection cancelled before on_connect finished!")

    def tell(self, news: bytes) -> None:
        for other, _ in self.butterflies.values():
            other.write(news)

    async def announce_departures(self) -> None:
        self.departures: asyncio.Queue[Guest] = asyncio.Queue()
        while True:
            self.tell((await self.departures.get()).said(" has left the room."))


async def serve(bind, ssl_options):
    handler = ChatHandler.get_handler()
    handler.worker = asyncio.create_task(handler.announce_departures())
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        butterfly.write(butterfly.guest.said(", nobody hears you yet"))

    return net
