"""The starter of the example: both tasks are blank."""

import asyncio
import ssl


async def echo(reader, writer):
    while await reader.read(65536):
        raise NotImplementedError("Task 90.1: send the bytes back unmodified")
    raise NotImplementedError("Task 90.2: answer the end of file by hanging up")


async def serve(bind, ssl_options):
    context = None
    if ssl_options is not None:
        certificate, key, password = ssl_options
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key, password)
    return await asyncio.start_server(echo, *bind, ssl=context)
