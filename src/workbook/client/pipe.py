r"""A conversation through a pipe: send all input, and show everything that arrives.

    printf 'ann\nhello\n' | workbook connect

A server that asks for a nickname takes all that it reads for the answer. So the line that answers a
question is sent by itself, after the question, and what follows it waits for the next question.
After a while without one, everything is sent as it comes. At the end of the input the client
finishes sending, and reads until the server closes. A pipe or a file gets exactly what the server
sent. In a terminal, control characters are escaped.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import io
import os
import sys
import threading
from collections.abc import Callable

from workbook.client.tls import READ_AT_MOST, TlsClient
from workbook.terminal.escape import escape

PATIENCE = 1.0
"""Seconds after which a server that has asked nothing is not going to."""

PAUSE = 0.05
"""Seconds of silence after which a question is complete: it may arrive in pieces."""


async def converse_through_pipe(client: TlsClient, first: bytes = b"") -> None:
    """Return when the server closes. Raises click.ClickException when the connection breaks.

    `first` is a line to send before the input.
    """
    show = _show_text() if sys.stdout.isatty() else _show_bytes
    questions = _Questions()
    sending = asyncio.create_task(_send_input(client, questions, first))
    try:
        while data := await client.read():
            show(data)
            questions.arrived(data)
    finally:
        sending.cancel()


class _Questions:
    """What the server asks before it lets somebody in: text that does not end with a newline."""

    def __init__(self) -> None:
        self.are_over = False
        self._asked = False
        self._something_arrived = asyncio.Event()

    def arrived(self, data: bytes) -> None:
        """Take note of what the server has sent."""
        self._asked = not data.endswith(b"\n")
        self._something_arrived.set()

    async def next(self) -> None:
        """Wait until the server has asked. After a while without a question they are over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not self._asked:
                    await self._something()
        self.are_over = not self._asked
        with contextlib.suppress(TimeoutError):
            while self._asked:
                async with asyncio.timeout(PAUSE):
                    await self._something()
        self._asked = False

    async def _something(self) -> None:
        self._something_arrived.clear()
        await self._something_arrived.wait()


async def _send_input(client: TlsClient, questions: _Questions, first: bytes) -> None:
    data = first or await _read_input()
    begins_a_line = True
    while data:
        pieces = io.BytesIO(data)
        while piece := pieces.read() if questions.are_over else pieces.readline():
            if begins_a_line and not questions.are_over:
                await questions.next()
            client.write(piece)
            await client.drain()
            begins_a_line = piece.endswith(b"\n")
        data = await _read_input()
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
