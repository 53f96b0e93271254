"""A butterfly: one connected client, as your code sees it.

It holds two heaps of bytes. The *inbox* is what has arrived and nobody has read yet. The *outbox*
is what has been written and not been passed on yet. Everything written to a butterfly in one turn
of the event loop is joined and passed on once, a turn or two later: a call to the operating system
costs more than all else that happens to a short message, and a chat room writes to everybody.

Both heaps are bounded. A full inbox makes the connection stop reading, so that the client's own
system makes it wait. A client that does not read what it is sent is a *slow reader*; past
`Net.most_owed` bytes it is disconnected, so that it can not fill the server's memory.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bfnet.connection import Connection

DRAIN_ABOVE = 65536
"""`drain` returns at once while no more bytes than this wait in the outbox."""


class Butterfly:
    """A connected client. Set any attribute of your own on it, such as `butterfly.nick`."""

    def __init__(self, connection: Connection, ip: str, client_port: int) -> None:
        self.ip = ip
        """The client's address, such as "127.0.0.1"."""
        self.client_port = client_port
        """The client's own port. With `ip` it is unique while the client is connected."""
        self._connection = connection
        self._net = connection.net
        self._inbox = b""
        self._finished = False  # nothing more will arrive
        self._reader: asyncio.Future[None] | None = None
        self._outbox: list[bytes] = []
        self._room = 0  # bytes that `write` may put into the outbox without asking any further
        self._granted = 0  # what `_room` was when the outbox was empty
        self._full = False  # the transport has asked us to pause
        self._closed = False  # nothing more will be sent
        self._drainers: set[asyncio.Future[None]] | None = None

    def __repr__(self) -> str:
        return f"<Butterfly {self.ip}:{self.client_port}>"

    # What your code calls

    async def read(self) -> bytes:
        """Wait until something has arrived and return it: at least 1 byte, at most `buffer_size`.

        What one `read` returns is whatever has come so far. It may be half a message, or three.
        After the client has finished sending and everything is read, every further call returns
        `b""`. Only one task at a time may read; a second one gets a `RuntimeError`.
        """
        if self._reader is not None:  # even if something is here: it has woken the other task
            raise RuntimeError(f"another task is already reading from {self!r}: only one may")
        if not self._inbox and not self._finished:
            self._reader = self._net.handler.loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        elif not self._inbox:
            await asyncio.sleep(0)  # `while not await read()` must not freeze the server
        data, self._inbox = self._inbox, b""
        limit = self._connection.handler.buffer_size
        if len(data) > limit:
            data, self._inbox = data[:limit], data[limit:]
        self._connection.inbox_was_read()
        return data

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send `data`. Returns at once; the bytes leave a turn or two of the event loop later.

        Raises `TypeError` for anything but bytes. Does nothing once the butterfly is closed.
        """
        if type(data) is not bytes:
            data = _as_bytes(data)
        if self._room > 0:
            self._outbox.append(data)
            self._room -= len(data)
        elif data and not self._closed:
            self._ask_for_room(data)

    async def drain(self) -> None:
        """Wait while this client is slower than we are. Any number of tasks may wait at once."""
        if not self._full and self._owed > DRAIN_ABOVE:
            self._flush()
        if not self._full:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._drainers = self._drainers or set()
        self._drainers.add(waiter)
        try:
            await waiter
        finally:
            self._drainers.discard(waiter)

    def stop(self) -> None:
        """Send what is still owed, then hang up. What has arrived and was not read is dropped."""
        self._connection.stop()

    def _ask_for_room(self, data: bytes) -> None:
        """The first write of a turn, or one too many: find how many bytes may follow it."""
        in_outbox = self._granted - self._room
        owed = in_outbox + self._connection.in_transport() if self._full else in_outbox
        limit = self._net.most_owed
        if owed > limit:
            self._connection.reads_too_slowly()
            return
        if not self._outbox:
            self._net.flush_later(self)
        self._outbox.append(data)
        self._room = limit - owed - len(data)
        self._granted = limit - owed + in_outbox

    # What the connection and the net call

    @property
    def _owed(self) -> int:
        """Bytes in the outbox, and in the transport while that is full."""
        in_outbox = self._granted - self._room
        return in_outbox + (self._connection.in_transport() if self._full else 0)

    def _arrived(self, data: bytes) -> None:
        self._inbox = self._inbox + data if self._inbox else data
        _wake(self._reader)

    def _finish(self) -> None:
        self._finished = True
        _wake(self._reader)

    def _accept_no_more(self) -> None:
        """Nothing that is written from now on is sent."""
        self._closed = True
        self._granted -= self._room
        self._room = 0

    def _close(self) -> None:
        """Hung up: write no more, read no more. What is in the outbox is still sent."""
        self._accept_no_more()
        self._inbox = b""
        self._finish()

    def _lose(self) -> None:
        """Nobody is there any more: drop what is owed, and let go whoever waits."""
        self._closed = True
        self._outbox.clear()
        self._room = self._granted = 0
        self._full_is(False)
        self._finish()

    def _flush(self) -> None:
        if self._full or not self._outbox:
            return
        outbox = self._outbox
        data = outbox[0] if len(outbox) == 1 else b"".join(outbox)
        outbox.clear()
        self._room = self._granted = 0
        self._connection.send(data)

    def _full_is(self, full: bool) -> None:
        self._full = full
        if not full:
            for waiter in self._drainers or ():
                _wake(waiter)


def _as_bytes(data: bytes | bytearray | memoryview) -> bytes:
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)  # a copy: the caller may change its own before we send
    raise TypeError(
        f"a butterfly is written bytes, not {type(data).__name__}: {data!r:.60}"
        + (" (use .encode())" if isinstance(data, str) else "")
    )


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)
