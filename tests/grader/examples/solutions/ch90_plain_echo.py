"""An echo server on asyncio alone: what the room asks of a program is `serve`, not bfnet."""

import asyncio
import ssl


async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def serve(bind, ssl_options):
    context = None
    if ssl_options is not None:
        certificate, key, password = ssl_options
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key, password)
    return await asyncio.start_server(echo, *bind, ssl=context)
