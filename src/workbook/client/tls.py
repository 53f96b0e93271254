"""The client's side of one TLS connection, on asyncio's streams.

asyncio's own TLS cannot finish sending and continue to read. A script needs that: it sends all its
lines, and then waits for the answers. So TLS runs in memory (`ssl.MemoryBIO`), between the streams
and the caller, as in bfnet on the server's side.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl

import click

READ_AT_MOST = 65536


class TlsClient:
    """A TLS connection of a client, made by `open_tls`."""

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
        """Do the handshake. Raises ssl.SSLError, or ConnectionError when the server hangs up."""
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                await self._exchange()
        self._send_outgoing()

    async def read(self) -> bytes:
        """Wait for bytes, and return them. Returns b"" when the server has closed.

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
                return b""  # the server closed TLS after we did
            except ssl.SSLEOFError:
                return b""  # it closed without close_notify, as a killed program does
            except ssl.SSLError as error:
                raise click.ClickException(
                    f"The server broke the rules of TLS ({error.reason})."
                ) from error

    def write(self, data: bytes) -> None:
        """Send bytes. `read` reports it when the connection is broken."""
        sent = 0
        while sent < len(data):
            sent += self._tls.write(memoryview(data)[sent:])
        self._send_outgoing()

    async def drain(self) -> None:
        """Wait until the server has caught up with reading."""
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    def finish(self) -> None:
        """Tell the server that we send no more (close_notify). Reading continues."""
        with contextlib.suppress(ssl.SSLError):  # it wants the server's close_notify too
            self._tls.unwrap()
        self._send_outgoing()

    def close(self) -> None:
        """Finish sending, and close the connection."""
        self.finish()
        self._writer.close()

    async def _exchange(self) -> None:
        """Send what TLS has to send, and read what arrives."""
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
    """Connect, and do the handshake.

    Raises OSError when no server listens, and ssl.SSLError when the handshake fails.
    """
    reader, writer = await asyncio.open_connection(host, port)
    client = TlsClient(reader, writer, context, server_hostname)
    try:
        await client.shake_hands()
    except BaseException:
        writer.close()
        raise
    return client
