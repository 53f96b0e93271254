"""Text inside, bytes at the edge: keys and nick are str. Helper methods, and early returns."""

import asyncio

from bfnet import Butterfly, ButterflyHandler, Net


class ChatHandler(ButterflyHandler):
    PROMPT = "Nickname: "

    async def on_connection(self, butterfly: Butterfly) -> None:
        nick = await self.ask(butterfly, self.PROMPT)
        if not nick:
            return
        self.tell_everyone(f"{nick} has joined the room\n")
        self.let_in(butterfly, nick)
        await butterfly.drain()

    async def ask(self, butterfly: Butterfly, question: str) -> str:
        butterfly.write(question.encode())
        return (await butterfly.read()).decode().rstrip("\r\n")

    def tell_everyone(self, text: str) -> None:
        for pair in list(self.butterflies.values()):
            pair[0].write(text.encode())

    def let_in(self, butterfly: Butterfly, nick: str) -> None:
        butterfly.nick = nick  # type: ignore[attr-defined]
        future: asyncio.Future[None] = self.begin_handling(butterfly)
        self.butterflies[nick] = (butterfly, future)


async def nobody_hears(data: bytes, butterfly: Butterfly, handler: ChatHandler) -> None:
    butterfly.write(f"{butterfly.nick}, nobody hears you yet\n".encode())  # type: ignore[attr-defined]


async def serve(bind, ssl_options) -> Net:
    handler = ChatHandler.get_handler()
    net = await handler.create_server(bind, ssl_options)
    net.any_data(nobody_hears)
    return net
