"""What the operating system knows about a connection, and asyncio does not report.

asyncio looks at a socket only while it reads or writes. Two questions come up at other times. Has
the client left while nobody reads? Has its own system confirmed everything that was sent to it?
Both are answered by looking at the socket, which takes a microsecond and changes nothing.

A transport without a socket may answer the first one by itself: see `when_peer_leaves`.
"""

from __future__ import annotations

import asyncio
import select
import sys
from collections.abc import Callable

try:
    import fcntl
    import termios
except ImportError:  # Windows and the browser: nothing is known there
    fcntl = termios = None  # type: ignore[assignment]

SO_NWRITE = 0x1024  # macOS: bytes in the send buffer (sys/socket.h)

# Linux reports the peer's end of file as RDHUP, macOS as HUP. A reset is HUP or ERR.
_LEFT = getattr(select, "POLLRDHUP", 0) | getattr(select, "POLLHUP", 0)
_RESET = getattr(select, "POLLERR", 0)


def has_left(transport: asyncio.BaseTransport) -> bool:
    """Whether the peer's end of file or its reset has arrived, even behind unread bytes.

    False if the system cannot say.
    """
    number = _file_descriptor(transport)
    if number < 0 or not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(number, _LEFT)
    return any(events & (_LEFT | _RESET) for _, events in poll.poll(0))


def when_peer_leaves(transport: asyncio.BaseTransport, call: Callable[[], object]) -> bool:
    """Have `call` called when the peer's end of file or reset arrives. False: ask `has_left`.

    For transports without a socket, such as those of a simulation. They offer a function that takes
    the callback, as the extra information "when_peer_leaves".
    """
    register = transport.get_extra_info("when_peer_leaves")
    if register is None:
        return False
    register(call)
    return True


def unconfirmed(transport: asyncio.BaseTransport) -> int:
    """Bytes that were passed to the system, and that the peer's system has not confirmed yet.

    0 if the system cannot say.
    """
    number = _file_descriptor(transport)
    if number < 0 or fcntl is None:
        return 0
    try:
        if sys.platform == "darwin":
            sock = transport.get_extra_info("socket")
            return int(sock.getsockopt(65535, SO_NWRITE))  # 65535 is SOL_SOCKET there
        answer = fcntl.ioctl(number, termios.TIOCOUTQ, b"\0\0\0\0")
    except OSError:
        return 0
    return int.from_bytes(answer, sys.byteorder)


def _file_descriptor(transport: asyncio.BaseTransport) -> int:
    sock = transport.get_extra_info("socket")
    return -1 if sock is None else int(sock.fileno())
