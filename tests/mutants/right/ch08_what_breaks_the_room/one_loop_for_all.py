"""on_connection never ends: it reads everything in a loop of its own, and takes commands apart by
hand. Nothing is registered with the net.
"""

import asyncio

from bfnet import ButterflyHandler

HELP = b"Write /to NAME TEXT, with the name of somebody who is here.\n"


def signed(prefix, data):
    text = data.decode(errors="replace").removesuffix("\n").replace("\n", " ")
    return prefix + "".join(c for c in text if c.isprintable()).encode() + b"\n"


def allowed(name):
    try:
        text = name.decode()
    except UnicodeDecodeError:
        return False
    return 0 < len(text) < 21 and text.isprintable() and text == text.strip() and ":" not in text


class Handler(ButterflyHandler):
    async def on_connection(self, butterfly):
        butterfly.write(b"Nickname: ")
        answer = b""
        while b"\n" not in answer:
            answer += await butterfly.read()
            if len(answer) > 99:
                break
        name = answer.split(b"\n")[0]
        name = name.replace(b"\r", b"")
        taken = name in self.butterflies
        if taken or not allowed(name):
            butterfly.write(b"That name is taken.\n" if taken else b"That name is not allowed.\n")
            butterfly.stop()
            return
        self.tell(name + b" has joined the room\n", None)
        butterfly.name = name
        self.butterflies[name] = (butterfly, asyncio.current_task())
        while data := await butterfly.read():
            await self.said(butterfly, data)

    async def said(self, butterfly, data):
        if data.startswith(b"/who"):
            names = [*self.butterflies]
            while names:
                butterfly.write(names.pop(0) + b"\n")
                if names:
                    await asyncio.sleep(1)
        elif data.startswith(b"/to "):
            name, space, text = data[4:].partition(b" ")
            pair = self.butterflies.get(name) if space else None
            if pair:
                pair[0].write(signed(butterfly.name + b" to you: ", text))
            else:
                butterfly.write(HELP)
        else:
            self.tell(signed(butterfly.name + b": ", data), butterfly)

    def tell(self, line, sender):
        for other, _ in self.butterflies.values():
            if other is not sender:
                other.write(line)

    async def on_disconnect(self, butterfly):
        if self.butterflies.pop(getattr(butterfly, "name", None), None):
            self.tell(butterfly.name + b" has left the room.\n", None)


async def serve(bind, ssl_options):
    return await Handler.get_handler().create_server(bind, ssl_options)
