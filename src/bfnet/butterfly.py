"""A butterfly: one connected client, as your code sees it.

It is the face of a connection and holds only the client's address. What has arrived, what was
written and how both end is kept in `connection.py`.
"""

from __future__ import annotations

from typing import Protocol


class Link(Protocol):
    """What a butterfly needs of the connection behind it."""

    outbox: list[bytes]
    """What was written and was not passed on yet."""
    outbox_size: int
    """Bytes in the outbox."""
    outbox_limit: int
    """Bytes that it may hold before `write` has to ask again."""

    def has_room_for(self, data: bytes) -> bool:
        """Whether `data` may go into the outbox. Answers once a turn, and sets the limit."""

    async def read(self) -> bytes:
        """Do what `Butterfly.read` promises."""

    async def drain(self) -> None:
        """Do what `Butterfly.drain` promises."""

    def stop(self) -> None:
        """Do what `Butterfly.stop` promises."""


class Butterfly:
    """A connected client. Set any attribute of your own on it, such as `butterfly.nick`."""

    def __init__(self, link: Link, ip: str, client_port: int) -> None:
        self.ip = ip
        """The client's address, such as "127.0.0.1"."""
        self.client_port = client_port
        """The client's own port. With `ip` it is unique while the client is connected."""
        self._link = link

    def __repr__(self) -> str:
        return f"<Butterfly {self.ip}:{self.client_port}>"

    async def read(self) -> bytes:
        """Wait until something has arrived and return it: at least 1 byte, at most `buffer_size`.

        What one `read` returns is whatever has come so far. It may be half a message, or three.
        After the client has finished sending and everything is read, every further call returns
        `b""`. Only one task at a time may read; a second one gets a `RuntimeError`.
        """
        return await self._link.read()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send `data`. Returns at once; the bytes leave a turn or two of the event loop later.

        Raises `TypeError` for anything but bytes. Does nothing once the butterfly is closed.
        """
        if type(data) is not bytes:
            data = _as_bytes(data)
        # The other methods leave the work to the connection. This one does not: a busy room writes
        # a million times a second, and one more call would make each write a fifth slower.
        link = self._link
        if link.outbox_size < link.outbox_limit or link.has_room_for(data):
            link.outbox.append(data)
            link.outbox_size += len(data)

    async def drain(self) -> None:
        """Wait while this client is slower than we are. Any number of tasks may wait at once."""
        await self._link.drain()

    def stop(self) -> None:
        """Send what is still owed, then hang up. What has arrived and was not read is dropped."""
        self._link.stop()


def link_of(butterfly: Butterfly) -> Link:
    """Return the connection behind a butterfly: for this package only, not for your code."""
    return butterfly._link


def _as_bytes(data: bytes | bytearray | memoryview) -> bytes:
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data)  # a copy: the caller may change its own before we send
    raise TypeError(
        f"write takes bytes, not {type(data).__name__}: {data!r:.60}"
        + (" (use .encode())" if isinstance(data, str) else "")
    )
