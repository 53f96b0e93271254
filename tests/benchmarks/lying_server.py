"""A chat server that keeps to the rules of chapter 6, but for one lie.

It runs on a thread of its own. A lie changes what leaves because of one line, the tenth or one soon
after it: a list of pairs, of a receiver and bytes, in the order of joining.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Outgoing = list[tuple["Client", bytes]]
Lie = Callable[["Room", "Client", Outgoing], Outgoing]

WHEN = 10


class Room:
    def __init__(self, lie: Lie) -> None:
        self.lie = lie
        self.connected: list[Client] = []
        self.members: list[Client] = []
        self.lines = 0
        self.speaker: Client | None = None
        self.lied_at: int | None = None
        self.held_back: Outgoing = []
        self.tells_of_joins = True

    def relay(self, sender: Client, data: bytes) -> None:
        outgoing = [(other, sender.nick + b": " + data) for other in self.others(sender)]
        self.lines += 1
        # A second line of the same sender may lack its name: a relay that got both adds one.
        if self.lied_at is None and self.lines >= WHEN and sender is not self.speaker:
            self.lied_at = self.lines
            outgoing = self.lie(self, sender, outgoing)
        self.speaker = sender
        if self.lied_at is not None and self.lines == self.lied_at + 4:  # each has spoken again
            outgoing, self.held_back = outgoing + self.held_back, []
        for receiver, text in outgoing:
            receiver.transport.write(text)

    def others(self, client: Client) -> list[Client]:
        return [other for other in self.members if other is not client]


class Client(asyncio.Protocol):
    nick = b""
    transport: asyncio.Transport

    def __init__(self, room: Room) -> None:
        self.room = room

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.room.connected.append(self)
        transport.write(b"Nickname: ")

    def data_received(self, data: bytes) -> None:
        if self.nick:
            for line in data.splitlines(keepends=True):
                self.room.relay(self, line)
            return
        self.nick = data.strip()
        if self.room.tells_of_joins:
            for other in self.room.members:
                other.transport.write(self.nick + b" has joined the room\n")
        self.room.members.append(self)
        self.room.members.sort(key=lambda member: member.nick)


@contextmanager
def serving(lie: Lie, tells_of_joins: bool = True) -> Iterator[int]:
    """Serve as long as the block runs. Gives the port."""
    room = Room(lie)
    room.tells_of_joins = tells_of_joins
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: Client(room), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for client in room.connected:
            client.transport.abort()
        loop.run_until_complete(asyncio.sleep(0))  # transports close their sockets a turn later
        loop.close()


# The lies. The last of `outgoing` is for the last member, who never speaks.


def nothing(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    return outgoing


def drops_one(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    return outgoing[:-1]


def doubles_one(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    return [*outgoing, outgoing[-1]]


def sends_one_later(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    room.held_back = outgoing[-1:]
    return outgoing[:-1]


def changes_a_letter(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    return _with_last(outgoing, lambda text: text[:40] + b"?" + text[41:])


def changes_a_number(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    return _with_last(outgoing, lambda text: text[:-2] + b"f\n")


def cuts_the_end(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    return _with_last(outgoing, lambda text: text[:-5] + b"\n")


def names_another(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    return _with_last(outgoing, lambda text: room.members[2].nick + text[5:])


def leaves_out_the_name(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    return _with_last(outgoing, lambda text: text.partition(b": ")[2])


def answers_the_sender(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    return [*outgoing, (sender, outgoing[-1][1])]


def adds_a_line(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    return [*outgoing, (outgoing[-1][0], b"hello\n")]


def hangs_up(room: Room, sender: Client, outgoing: Outgoing) -> Outgoing:
    outgoing[-1][0].transport.abort()
    return outgoing


def _with_last(outgoing: Outgoing, change: Callable[[bytes], bytes]) -> Outgoing:
    receiver, text = outgoing[-1]
    return [*outgoing[:-1], (receiver, change(text))]
