"""A client for tests. Unlike asyncio's own, it can half-close and reset under TLS."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct

RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time


async def until(condition):
    """Let the others run until `condition()` holds; the conversation's time limit bounds this."""
    while not condition():  # noqa: ASYNC110  it is the framework's own state that is waited for
        await asyncio.sleep(0.001)


class Client:
    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.tls = None
        self.plaintext = b""

    @classmethod
    async def connect(cls, host, port):
        return cls(*await asyncio.open_connection(host, port))

    async def start_tls(self, context):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        while not await self._shake_hands():
            pass

    async def _shake_hands(self):
        try:
            self.tls.do_handshake()
        except ssl.SSLWantReadError:
            self._flush()
            self.incoming.write(await self.reader.read(65536))
            return False
        self._flush()
        return True

    def _flush(self):
        self.writer.write(self.outgoing.read())

    def send(self, data):
        if self.tls is None:
            self.writer.write(data)
            return
        self.tls.write(data)
        self._flush()

    async def read_some(self):
        """At least one byte, or b"" at the end."""
        if self.tls is None:
            return await self.reader.read(65536)
        while True:
            try:
                return self.tls.read(65536)
            except ssl.SSLWantReadError:
                arrived = await self.reader.read(65536)
            if not arrived:
                return b""
            self.incoming.write(arrived)

    async def read(self, expected):
        """Read as many bytes as `expected` has; they must be the same."""
        received = bytearray()  # some tests send megabytes: bytes would be copied each time
        while len(received) < len(expected):
            some = await self.read_some()
            assert some, f"the server hung up after {len(received)} bytes: {received[:80]!r}"
            received += some
        assert received == expected

    async def read_all(self):
        """Everything until the server has hung up. A reset counts."""
        received = bytearray()
        with contextlib.suppress(ConnectionResetError, ssl.SSLError):  # an alert is an end, too
            while some := await self.read_some():
                received += some
        return bytes(received)

    def half_close(self):
        if self.tls is not None:
            with contextlib.suppress(ssl.SSLWantReadError):
                self.tls.unwrap()
            self._flush()
        self.writer.write_eof()

    def stop_reading(self):
        self.writer.transport.pause_reading()

    def close(self):
        self.writer.close()

    def reset(self):
        sock = self.writer.get_extra_info("socket")
        if sock is not None and sock.fileno() != -1:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self.writer.transport.abort()

    abort = reset
