"""on_connection never ends: it reads in a loop of its own, in a TaskGroup beside nothing else, and
`finally` says goodbye. Who is here is a list of names and butterflies.
"""

import asyncio

from bfnet import ButterflyHandler

here = {}


def room_of(handler):
    return here.setdefault(id(handler), [])


class Handler(ButterflyHandler):
    async def on_connection(self, newcomer):
        newcomer.write(b"Nickname: ")
        name = (await newcomer.read()).replace(b"\r", b"").replace(b"\n", b"")
        self.tell(b"%s has joined the room\n" % name, newcomer)
        room_of(self).append((name, newcomer))
        newcomer.joined = name
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.listen(name, newcomer))

    async def listen(self, name, newcomer):
        while words := await newcomer.read():
            self.tell(b"%s: %s" % (name, words), newcomer)

    def tell(self, line, sender):
        for _, member in room_of(self):
            if member is sender:
                continue
            member.write(line)

    async def on_disconnect(self, leaver):
        if hasattr(leaver, "joined"):
            room_of(self).remove((leaver.joined, leaver))
            self.tell(leaver.joined + b" has left the room.\n", leaver)


async def serve(bind, ssl_options):
    return await Handler.get_handler().create_server(bind, ssl_options)
