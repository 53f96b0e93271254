"""asyncio without streams: a `Protocol` that joins what one turn of the loop has for a client.

python asyncio_merged.py asyncio|uvloop PORT [CERTIFICATE KEY]

The least that Python has to do for a chat room. Nothing is bounded, logged or cleaned up.
"""

import asyncio
import ssl
import sys
from typing import cast


class Client(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.nick = b""
        self.outbox: list[bytes] = []
        self.write(b"Nickname: ")

    def data_received(self, data: bytes) -> None:
        if self.nick:
            self.tell_others(self.nick + b": " + data)
            return
        self.nick = data.strip()
        self.tell_others(self.nick + b" has joined the room\n")
        room.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        room.discard(self)
        if self.nick:
            self.tell_others(self.nick + b" has left the room.\n")

    def tell_others(self, message: bytes) -> None:
        for other in room:
            if other is not self:
                other.write(message)

    def write(self, data: bytes) -> None:
        if not self.outbox:
            if not to_flush:
                asyncio.get_running_loop().call_soon(flush_all)
            to_flush.append(self)
        self.outbox.append(data)


room: set[Client] = set()
to_flush: list[Client] = []


def flush_all() -> None:
    for client in to_flush:
        client.transport.write(b"".join(client.outbox))
        client.outbox.clear()
    to_flush.clear()


async def main(port: str, *certificate_and_key: str) -> None:
    context = None
    if certificate_and_key:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate_and_key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Client, "127.0.0.1", int(port), ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if sys.argv[1] == "uvloop":
    import uvloop

    uvloop.run(main(*sys.argv[2:]))
else:
    asyncio.run(main(*sys.argv[2:]))
