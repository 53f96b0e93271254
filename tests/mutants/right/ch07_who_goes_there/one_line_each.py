"""Every check and the cleaning are one expression each; the name is reserved in a set before it is
announced, under a lock that two clients can wait for.
"""

import asyncio

from bfnet import ButterflyHandler


def is_text(raw):
    return raw.decode(errors="ignore").encode() == raw


def allowed(raw):
    return (
        is_text(raw)
        and (text := raw.decode()).isprintable()
        and text == text.strip(" ")
        and text in text[:20]
        and text.find(":") == -1
        and text != ""
    )


class Handler(ButterflyHandler):
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        nick = (await butterfly.read()).replace(b"\r", b"").replace(b"\n", b"")
        lock = self.__dict__.setdefault("lock", asyncio.Lock())
        async with lock:
            refusal = None if allowed(nick) else b"That name is not allowed.\n"
            refusal = refusal or (nick in self.butterflies and b"That name is taken.\n")
            if refusal:
                butterfly.write(refusal)
                butterfly.stop()
            else:
                await asyncio.sleep(0)
                butterfly.nick = nick
                for other, _ in self.butterflies.values():
                    other.write(nick + b" has joined the room\n")
                self.butterflies[nick] = (butterfly, self.begin_handling(butterfly))

    async def on_disconnect(self, butterfly):
        if hasattr(butterfly, "nick") and (pair := self.butterflies.pop(butterfly.nick, None)):
            pair[1].cancel()
            for other, _ in self.butterflies.values():
                other.write(butterfly.nick + b" has left the room.\n")


async def serve(bind, ssl_options):
    net = await Handler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def relay(data, butterfly, handler):
        text = data.decode(errors="replace").removesuffix("\n").replace("\n", " ")
        line = "".join(c for c in text if c.isprintable()).encode() + b"\n"
        for nick in handler.butterflies:
            if nick != butterfly.nick:
                handler.butterflies[nick][0].write(b": ".join([butterfly.nick, line]))

    return net
