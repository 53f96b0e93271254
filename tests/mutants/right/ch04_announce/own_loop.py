"""Reads in on_connection, with a loop of its own in a TaskGroup, whose task is the future of the
pair. A dataclass on the butterfly has the name, as text.
"""

import asyncio
from dataclasses import dataclass

from bfnet import Butterfly, ButterflyHandler


@dataclass(slots=True)
class Person:
    called: str

    def line(self, rest: str) -> bytes:
        return (self.called + rest + "\n").encode()


class ChatHandler(ButterflyHandler):
    async def on_connection(self, butterfly: Butterfly) -> None:
        butterfly.write(b"Nickname: ")
        person = Person(str(await butterfly.read(), "utf-8").splitlines()[0])
        while_here = asyncio.TaskGroup()
        async with while_here:
            for key in list(self.butterflies):
                other, _ = self.butterflies[key]
                other.write(person.line(" has joined the room"))
            talk = while_here.create_task(self.talk(butterfly, person))
            self.butterflies[person.called] = butterfly, talk

    async def talk(self, butterfly: Butterfly, person: Person) -> None:
        while await butterfly.read():
            butterfly.write(person.line(", nobody hears you yet"))


async def serve(bind, ssl_options):
    return await ChatHandler.get_handler().create_server(bind, ssl_options)
