"""No bfnet at all: asyncio's own server, with a StreamReader and a StreamWriter."""

import asyncio
import ssl


async def serve(bind, ssl_options):
    host, port = bind
    return await asyncio.start_server(talk, host, port, ssl=context_of(ssl_options))


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
    try:
        while data := await reader.read(65536):
            if data.rstrip(b"\r\n") == b"quit":
                writer.write(b"Goodbye.\n")
                return
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


def context_of(ssl_options):
    if ssl_options is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*ssl_options)
    return context
