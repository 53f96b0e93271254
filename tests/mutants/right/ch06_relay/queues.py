"""One task passes everything on, from a queue. The room is a class attribute beside bfnet's dict,
and text is kept as text by `surrogateescape`, which loses no byte.
"""

import asyncio

from bfnet import ButterflyHandler


class Chat(ButterflyHandler):
    PROMPT, CAME, WENT = b"Nickname: ", " has joined the room\n", " has left the room.\n"

    async def on_connection(self, butterfly):
        butterfly.write(self.PROMPT)
        answer = await butterfly.read()
        butterfly.nick = answer.decode(errors="surrogateescape").strip("\r\n")
        await self.said.put((butterfly, butterfly.nick + self.CAME))
        self.butterflies[butterfly.nick] = (butterfly, self.begin_handling(butterfly))

    async def on_disconnect(self, butterfly):
        if "nick" not in vars(butterfly):
            return self.logger.warning("Connection cancelled before on_connect finished!")
        del self.butterflies[butterfly.nick]
        return await self.said.put((butterfly, butterfly.nick + self.WENT))

    async def pass_on(self):
        while True:
            sender, text = await self.said.get()
            listeners = [pair[0] for pair in self.butterflies.values() if pair[0] != sender]
            for listener in listeners:
                listener.write(text.encode(errors="surrogateescape"))


async def serve(bind, ssl_options):
    handler = Chat.get_handler()
    handler.said = asyncio.Queue()
    handler.passing_on = asyncio.create_task(handler.pass_on())
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def relay(data, butterfly, handler):
        text = data.decode(errors="surrogateescape")
        await handler.said.put((butterfly, f"{butterfly.nick}: {text}"))

    return net
