"""asyncio streams, in two manners: `plain` writes to everybody; `drained` awaits every `drain()`.

python asyncio_streams.py plain|drained asyncio|uvloop PORT [CERTIFICATE KEY]

`plain` is what most chat servers do that one finds, and a client that never reads fills its memory.
`drained` is what the documentation advises, and a client that never reads makes everybody wait.
"""

import asyncio
import ssl
import sys
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

room: set[StreamWriter] = set()


async def tell(others: set[StreamWriter], message: bytes) -> None:
    for other in others:
        other.write(message)


async def tell_and_drain(others: set[StreamWriter], message: bytes) -> None:
    await asyncio.gather(*(write_and_drain(other, message) for other in others))


async def write_and_drain(writer: StreamWriter, message: bytes) -> None:
    writer.write(message)
    with suppress(ConnectionError):  # its own coroutine sees the end, too
        await writer.drain()


async def on_client(reader: StreamReader, writer: StreamWriter) -> None:
    nick = b""
    try:
        writer.write(b"Nickname: ")
        nick = (await reader.read(65536)).strip()
        others = set(room)
        room.add(writer)
        await send(others, nick + b" has joined the room\n")
        while data := await reader.read(65536):
            await send(room - {writer}, nick + b": " + data)
    except ConnectionError:
        pass
    finally:
        room.discard(writer)
        writer.close()
        if nick:
            await send(set(room), nick + b" has left the room.\n")


async def main(port: str, *certificate_and_key: str) -> None:
    context = None
    if certificate_and_key:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate_and_key)
    server = await asyncio.start_server(on_client, "127.0.0.1", int(port), ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


manner, loop, *rest = sys.argv[1:]
send = {"plain": tell, "drained": tell_and_drain}[manner]
if loop == "uvloop":
    import uvloop

    uvloop.run(main(*rest))
else:
    asyncio.run(main(*rest))
