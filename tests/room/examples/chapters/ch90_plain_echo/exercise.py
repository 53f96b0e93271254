"""The starter of the example: both tasks are blank."""

import asyncio


async def echo(reader, writer):
    while data := await reader.read(65536):
        raise NotImplementedError("Task 90.1: send the bytes back unmodified")
    raise NotImplementedError("Task 90.2: answer the end of file by hanging up")


async def serve(bind, ssl_options):
    return await asyncio.start_server(echo, *bind)
