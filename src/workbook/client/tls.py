"""The client's side of one TLS connection, on asyncio's streams.

asyncio has TLS of its own, but with it nobody can finish sending and go on reading, and that is
what a script does: it says all it has to say, and waits for the answers. So TLS is done in memory
(`ssl.MemoryBIO`), between the streams and the caller, as bfnet does it on the server's side.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl

import click

READ_AT_MOST = 65536


class TlsClient:
    """A connection whose handshake is over. Made by `open_tls`."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        context: ssl.SSLContext,
        server_hostname: str,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=server_hostname
        )

    async def shake_hands(self) -> None:
        """Raises ssl.SSLError, or ConnectionError when the server hangs up."""
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                await self._exchange()
        self._send_outgoing()

    async def read(self) -> bytes:
        """Return what has arrived, as soon as there is something; b"" when the server has closed.

        Raises click.ClickException when the connection breaks.
        """
        while True:
            try:
                return self._tls.read(READ_AT_MOST)
            except ssl.SSLWantReadError:
                try:
                    await self._exchange()
                except ConnectionError as error:
                    raise click.ClickException("The server broke the connection.") from error
            except ssl.SSLZeroReturnError:
                return b""  # it has finished, and so have we; without the second half: b"" above
            except ssl.SSLEOFError:
                return b""  # it closed without a word in TLS, as a killed program does
            except ssl.SSLError as error:
                raise click.ClickException(
                    f"The server broke the rules of TLS ({error.reason})."
                ) from error

    def write(self, data: bytes) -> None:
        """Send. That the connection is broken is for `read` to report."""
        sent = 0
        while sent < len(data):
            sent += self._tls.write(memoryview(data)[sent:])
        self._send_outgoing()

    async def drain(self) -> None:
        """Wait while the server does not keep up."""
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    def finish(self) -> None:
        """Say that no more will come (close_notify). Reading goes on."""
        with contextlib.suppress(ssl.SSLError):  # it waits for the server to say the same
            self._tls.unwrap()
        self._send_outgoing()

    def close(self) -> None:
        self.finish()
        self._writer.close()

    async def _exchange(self) -> None:
        """Send what TLS wants sent, and take in what arrives."""
        self._send_outgoing()
        if ciphertext := await self._reader.read(READ_AT_MOST):
            self._incoming.write(ciphertext)
        else:
            self._incoming.write_eof()

    def _send_outgoing(self) -> None:
        if self._outgoing.pending:
            self._writer.write(self._outgoing.read())


async def open_tls(
    host: str, port: int, context: ssl.SSLContext, server_hostname: str
) -> TlsClient:
    """Connect and shake hands.

    Raises OSError when nobody is there, ssl.SSLError when the handshake fails.
    """
    reader, writer = await asyncio.open_connection(host, port)
    client = TlsClient(reader, writer, context, server_hostname)
    try:
        await client.shake_hands()
    except BaseException:
        writer.close()
        raise
    return client
