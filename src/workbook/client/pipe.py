r"""A conversation through a pipe: send all input, and show everything that arrives.

    printf 'ann\nhello\n' | workbook connect

At the end of the input the client finishes sending, and reads until the server closes. A pipe or a
file gets exactly what the server sent. In a terminal, control characters are escaped.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import sys
import threading
from collections.abc import Callable

from workbook.client.tls import READ_AT_MOST, TlsClient
from workbook.terminal.escape import escape


async def converse_through_pipe(client: TlsClient) -> None:
    """Return when the server closes. Raises click.ClickException when the connection breaks."""
    show = _show_text() if sys.stdout.isatty() else _show_bytes
    sending = asyncio.create_task(_send_input(client))
    try:
        while data := await client.read():
            show(data)
    finally:
        sending.cancel()


async def _send_input(client: TlsClient) -> None:
    while data := await _read_input():
        client.write(data)
        await client.drain()
    client.finish()


async def _read_input() -> bytes:
    """Return the next bytes of standard input, or b"" at its end.

    A thread reads, because the loop cannot wait for a file. It is a daemon thread, because the pipe
    may stay open after the server closed, and asyncio.run would wait for one of asyncio.to_thread.
    """
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[bytes] = loop.create_future()

    def deliver(data: bytes) -> None:
        if not arrived.done():
            arrived.set_result(data)

    def read() -> None:
        try:
            data = os.read(sys.stdin.fileno(), READ_AT_MOST) if sys.stdin else b""
        except OSError:
            data = b""
        with contextlib.suppress(RuntimeError):  # the loop is closed, so nobody waits for it
            loop.call_soon_threadsafe(deliver, data)

    threading.Thread(target=read, daemon=True).start()
    return await arrived


def _show_bytes(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _show_text() -> Callable[[bytes], None]:
    decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")

    def show(data: bytes) -> None:
        text = escape(decoder.decode(data))
        _show_bytes(text.encode(sys.stdout.encoding, "backslashreplace"))

    return show
