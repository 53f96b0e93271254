"""One connection: bytes in, bytes out, and a polite end.

asyncio calls the methods at the top when a socket has something to say. Bytes go through TLS, if
there is TLS, into the butterfly's inbox; what the butterfly owes goes the other way. What your own
code gets to do meanwhile, and in which order, is decided next door in `life.py`.

A connection has two directions, and each ends in steps. What is set never goes back:

    bytes in                 what it means               set by
    _eof                     no more bytes come          eof_received
    Channel.peer_finished    nor plaintext (TLS)         a close_notify
    Butterfly._finished      read() gives b""            any of these, and _lose

    bytes out
    Butterfly._closed        write() does nothing        hang_up, reads_too_slowly, _lose
    _said_all                all is passed on, our end   _say_all, once the transport
                             of file with it             has room
    both
    lost                     the socket is closed        connection_lost

Three ways lead there. `hang_up` is polite: it sends what is owed, says so, and waits for the other
side to do the same. `abort` of the transport drops everything. `give_up` is an `abort` after which
nobody waits for your code, either.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from bfnet.butterfly import Butterfly
from bfnet.life import Life, State
from bfnet.tls import Channel

if TYPE_CHECKING:
    from bfnet.net import Net

FLUSH_TIMEOUT = 5.0
"""Seconds without any progress after which a client that we have hung up on is dropped."""


class Connection(asyncio.BufferedProtocol):
    """What asyncio calls about one accepted socket, and what we do about it."""

    __slots__ = (
        "_eof",
        "_reading_paused",
        "_said_all",
        "_sent",
        "_timer",
        "_tls",
        "_transport",
        "butterfly",
        "handler",
        "life",
        "lost",
        "net",
    )

    def __init__(self, net: Net, tls: Channel | None) -> None:
        self.net = net
        self.handler = net.handler
        self.butterfly: Butterfly
        self.life: Life | None = None  # begins after the handshake
        self.lost = False  # the socket is closed
        self._tls = tls
        self._transport: asyncio.Transport
        self._timer: asyncio.TimerHandle | None = None
        self._eof = False  # the socket has said that no more comes
        self._reading_paused = False
        self._sent = 0  # bytes, all in all
        self._said_all = False  # everything that we owed is on its way

    def __str__(self) -> str:
        return f"{self.butterfly.ip}:{self.butterfly.client_port}"

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        address = transport.get_extra_info("peername")
        if address is None or self.net.is_closing():
            self._transport.abort()  # it has gone before we could ask who it is, or comes too late
            return
        self.butterfly = Butterfly(self, address[0], address[1])
        self.net.connections.add(self)
        if self._tls is None:
            self.life = Life(self)
            return
        self._timer = self.handler.loop.call_later(
            self.net.handshake_timeout, self._refuse, "no handshake in time"
        )

    def get_buffer(self, sizehint: int) -> memoryview:
        # One buffer serves all connections: `buffer_updated` copies before anybody else reads.
        return self.net.receive_buffer

    def buffer_updated(self, count: int) -> None:
        self.net.reads += 1
        if self.butterfly._closed:
            return  # we have hung up, and only read on to see the other end do the same
        arrived = self.net.receive_buffer[:count]
        if self._tls is None:
            self._take_in(bytes(arrived))
        else:
            self._take_in_ciphertext(self._tls, arrived)

    def eof_received(self) -> bool:
        self._eof = True
        if self.life is None:
            self._refuse("it left during the handshake")
            return False
        self.life.peer_has_finished()
        return not self._said_all  # True: keep the socket, we may still have something to say

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True
        if self.life is None or self.life.state is not State.OPEN:
            self.cancel_timer()  # in an open life it bounds how long your code may take to finish
        if self.life is None:
            self.net.forget(self)
            return
        self.butterfly._lose()
        self.life.peer_has_finished()
        self.life.forget_if_gone()

    def pause_writing(self) -> None:
        self.butterfly._full_is(True)

    def resume_writing(self) -> None:
        self.butterfly._full_is(False)
        self.butterfly._flush()
        if self.butterfly._closed:
            self._say_all()

    # Bytes come in

    def _take_in(self, data: bytes) -> None:
        self.butterfly._arrived(data)
        if len(self.butterfly._inbox) >= self.handler.buffer_size and not self._reading_paused:
            self._reading_paused = True
            self._transport.pause_reading()

    def _take_in_ciphertext(self, tls: Channel, ciphertext: memoryview) -> None:
        if tls.peer_finished:
            return  # nothing may follow a close_notify, and OpenSSL would keep it for ever
        tls.feed(ciphertext)
        try:
            if not tls.established and not tls.handshake():
                self._answer(tls)
                return
            if self.life is None:
                self.cancel_timer()
                self.life = Life(self)
            data = tls.decrypt()
        except ssl.SSLError as error:
            self._refuse(error.reason or str(error))
            return
        self._answer(tls)
        if data:
            self._take_in(data)
        if tls.peer_finished:
            self.life.peer_has_finished()

    def _answer(self, tls: Channel) -> None:
        """Send what OpenSSL wants sent. A peer may ask for more and more of that, and read none."""
        answer = tls.to_send()
        if answer:
            self._transport.write(answer)
            if self.butterfly._owed > self.net.most_owed:
                self.reads_too_slowly()

    def _refuse(self, reason: str) -> None:
        """Drop a connection whose TLS is at fault. Nobody is told but the log."""
        self.handler.logger.info("TLS with %s failed: %s", self, reason)
        if self._tls is not None and not self._transport.is_closing():
            self._transport.write(self._tls.to_send())  # the alert that tells the peer why
        self._transport.abort()

    def inbox_was_read(self) -> None:
        """Somebody has read. There may be room for more, or this may have been all."""
        if len(self.butterfly._inbox) < self.handler.buffer_size:
            self._resume_reading()
        if self.life is not None:
            self.life.inbox_was_read()

    def _resume_reading(self) -> None:
        if self._reading_paused:
            self._reading_paused = False
            self._transport.resume_reading()

    # Bytes go out

    def send(self, data: bytes) -> None:
        """Pass on what has been put into the outbox meanwhile."""
        if self._transport.is_closing():
            return  # dropped in this very turn; if its TLS was at fault, `encrypt` would raise
        self._sent += len(data)
        self._transport.write(data if self._tls is None else self._tls.encrypt(data))

    def in_transport(self) -> int:
        """Bytes that were passed on, and that the operating system has not taken yet."""
        return self._transport.get_write_buffer_size()

    def reads_too_slowly(self) -> None:
        """More is owed than `Net.most_owed`: drop this client, and what it has not taken."""
        self.handler.logger.warning(
            "%s is closed: it reads too slowly, and is owed more than %s bytes",
            self,
            self.net.most_owed,
        )
        self.butterfly._accept_no_more()
        self._transport.abort()

    # The end

    def stop(self) -> None:
        """End, whatever is going on. Does nothing the second time."""
        if self.life is None:
            self._transport.abort()
        else:
            self.life.end()

    def hang_up(self) -> None:
        """Send what is owed, then say that no more will come; close when the peer does, too."""
        self.cancel_timer()
        self.butterfly._flush()
        self.butterfly._close()
        if not self.lost:
            self.when_nothing_moves(FLUSH_TIMEOUT, self._transport.abort)
            self._say_all()

    def _say_all(self) -> None:
        if self._said_all or self.butterfly._full:
            return
        self._said_all = True
        if self._tls is not None:
            self._transport.write(self._tls.close_notify())
        if self._eof:
            self._transport.close()
            return
        # To close a socket that has unread bytes resets it, and the peer may lose our last words.
        # So we finish sending, read on until it finishes too, and close then.
        self._resume_reading()
        try:
            self._transport.write_eof()
        except OSError:  # it has been reset, and asyncio has not noticed yet
            self._transport.abort()

    async def give_up(self) -> None:
        """The time for a polite end is over."""
        self._transport.abort()
        if self.life is not None:
            await self.life.cut_short()
        self.net.forget(self)

    def when_nothing_moves(self, seconds: float, then: Callable[[], None]) -> None:
        """Call `then` after so many seconds in which this connection made no progress."""
        before = self._progress()

        def look() -> None:
            if self._progress() == before:
                then()
            else:
                self.when_nothing_moves(seconds, then)

        self._timer = self.handler.loop.call_later(seconds, look)

    def _progress(self) -> tuple[int, int, int]:
        return len(self.butterfly._inbox), self._sent, self.in_transport()

    def cancel_timer(self) -> None:
        """Stop the clock of the handshake, or of `when_nothing_moves`."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
