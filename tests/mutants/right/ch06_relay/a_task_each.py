"""Each client has a task and a queue of its own, which alone write to it; names are str. A room
that is not the handler's dict knows who has joined.
"""

import asyncio

from bfnet import Butterfly, ButterflyHandler, Net


class Member:
    def __init__(self, butterfly: Butterfly, name: str) -> None:
        self.butterfly = butterfly
        self.name = name
        self.mail: asyncio.Queue[bytes] = asyncio.Queue()
        self.postman = asyncio.create_task(self.deliver())

    async def deliver(self) -> None:
        while True:
            self.butterfly.write(await self.mail.get())
            await self.butterfly.drain()


class Handler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly) -> None:
        butterfly.write(b"Nickname: ")
        answer = await butterfly.read()
        name = answer.decode("latin-1").translate({10: None, 13: None})
        self.post(f"{name} has joined the room\n")
        butterfly.member = Member(butterfly, name)
        self.butterflies[name.encode("latin-1")] = (butterfly, self.begin_handling(butterfly))

    async def on_disconnect(self, butterfly: Butterfly) -> None:
        if (member := getattr(butterfly, "member", None)) is None:
            self.logger.warning("Connection cancelled before on_connect finished!")
            return
        _, loop = self.butterflies.pop(member.name.encode("latin-1"))
        loop.cancel()
        member.postman.cancel()
        self.post(f"{member.name} has left the room.\n")

    def post(self, text: str, sender: Butterfly | None = None) -> None:
        for butterfly, _ in self.butterflies.values():
            if butterfly is not sender:
                butterfly.member.mail.put_nowait(text.encode("latin-1"))


async def serve(bind, ssl_options) -> Net:
    net = await Handler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def said(data: bytes, butterfly: Butterfly, handler: Handler) -> None:
        handler.post(f"{butterfly.member.name}: {data.decode('latin-1')}", butterfly)

    return net
