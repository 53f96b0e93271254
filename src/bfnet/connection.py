"""One connection: a socket on one side, a butterfly on the other, and two buffers between them.

The *inbox* is what has arrived and was not read yet. The *outbox* is what was written and was not
passed on yet. Everything that is written to a client in one turn of the event loop is joined and
passed on once, a turn or two later. A call to the operating system costs more than everything else
that happens to a short message, and a chat room writes to everyone.

Both buffers are bounded. When the inbox is full, the connection stops reading, and the client's own
system makes the client wait. A client that does not read what it is sent is a *slow reader*: when
it is owed more than `Limits.most_owed` bytes it is disconnected, because otherwise it could fill
the server's memory.

A connection has two directions. Each ends in steps, and no step is ever taken back:

    direction    flag         what it means                        set by
    bytes in     finished     nothing more arrives                 end of file, a close_notify of
                                                                   TLS, hang_up, connection_lost
                 _eof         the socket itself has said so        eof_received
    bytes out    _closed      write() does nothing                 hang_up, a slow reader,
                                                                   connection_lost
                 _said_all    everything is passed on, and our     _say_all, once the transport
                              own end of file after it             has room
    both         lost         the socket is closed                 connection_lost

There are two ways to get there. `hang_up` is polite: it sends what is owed, says that this was all,
and waits for the other side to do the same. `abort` drops everything.

What your own code gets to do meanwhile, and in which order, is decided in `life.py`. On first
reading, leave out what is done with `_tls` (see `tls.py`) and with `life`: without them this file
is a complete connection that reads, writes and ends.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Iterable
from typing import Protocol, cast

from bfnet.butterfly import Butterfly
from bfnet.kernel import has_left, unconfirmed, when_peer_leaves
from bfnet.limits import Limits
from bfnet.tls import Channel

COUNT_EVERY = 65536
"""Bytes that may be added to a full outbox before the hub is told."""


class LifeCycle(Protocol):
    """What a connection reports to. `life.py` has the real one."""

    def update(self) -> None:
        """See what is next: it was lost, nothing more arrives, or what has arrived was read."""

    def wait_for_progress(self) -> None:
        """Let your code go on while it makes progress, because the client has left. Then end."""

    def end(self) -> None:
        """Hang up, and let the handler see the client off."""


class Settings(Protocol):
    """What a connection needs of the handler."""

    loop: asyncio.AbstractEventLoop
    logger: logging.Logger
    buffer_size: int


class Owner(Protocol):
    """What a connection needs of the hub that it belongs to. `hub.py` has the real one."""

    limits: Limits
    receive_buffer: memoryview
    """One for all connections. Whoever is called with bytes in it copies them at once."""
    reads: int
    """How many times something has arrived, on any connection."""

    @property
    def handler(self) -> Settings:
        """Return the handler of the server."""

    def admit(self, connection: Connection) -> bool:
        """Take note of a new connection. False if there is no place for it."""

    def begin_life(self, connection: Connection) -> LifeCycle:
        """Call `on_connection`: the client can be talked to now."""

    def flush_later(self, connection: Connection) -> None:
        """Call `connection.flush()` in a turn or two of the event loop."""

    def flush(self, connections: Iterable[Connection]) -> None:
        """Call each one's `flush` now. One that raises is dropped, at no cost to the others."""

    def owes(self, connection: Connection, size: int) -> None:
        """Note how many bytes wait for a client that is slower than we are."""

    def forget(self, connection: Connection) -> None:
        """Drop the last reference to a connection of which nothing is left."""


class Connection(asyncio.BufferedProtocol):
    """What asyncio calls about one accepted socket, and what a butterfly does with it."""

    __slots__ = (
        "_closed",
        "_drainers",
        "_eof",
        "_full",
        "_idle_since",
        "_lookout",
        "_moved",
        "_owner",
        "_reader",
        "_said_all",
        "_sent",
        "_sent_before",
        "_timer",
        "_tls",
        "_transport",
        "butterfly",
        "counted",
        "finished",
        "inbox",
        "life",
        "lost",
        "outbox",
        "outbox_limit",
        "outbox_size",
    )

    def __init__(self, owner: Owner, tls: Channel | None) -> None:
        self.butterfly: Butterfly
        self.life: LifeCycle | None = None  # begins after the handshake
        self.inbox = b""
        self.finished = False
        self.lost = False
        self._owner = owner
        self._tls = tls
        self._transport: asyncio.Transport
        self._moved = True  # a byte from the client, since we were last asked
        self._sent_before = 0
        self._idle_since = 0.0
        self._lookout: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None  # for the handshake, or the end
        self._reader: asyncio.Future[None] | None = None
        self._eof = False
        self.outbox: list[bytes] = []
        self.outbox_size = 0  # bytes
        self.outbox_limit = 0  # bytes that it may hold before `write` has to ask again
        self._full = False  # the transport has asked us to pause
        self.counted = 0  # bytes that the hub knows we owe
        self._drainers: set[asyncio.Future[None]] | None = None
        self._closed = False
        self._said_all = False
        self._sent = 0  # bytes, all in all

    def __str__(self) -> str:
        return f"{self.butterfly.ip}:{self.butterfly.client_port}"

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with a client that was accepted. Over TLS, wait for its handshake first."""
        self._transport = cast(asyncio.Transport, transport)
        address = transport.get_extra_info("peername")
        if address is None or not self._owner.admit(self):
            self.abort()  # it left before we could ask for its address, or it comes too late
            return
        self.butterfly = Butterfly(self, address[0], address[1])
        if self._tls is None:
            self.life = self._owner.begin_life(self)
            return
        self._timer = self._owner.handler.loop.call_later(
            self._owner.limits.handshake_timeout, self._refuse, "no handshake in time"
        )

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where asyncio puts the next bytes that arrive."""
        return self._owner.receive_buffer

    def buffer_updated(self, count: int) -> None:
        """Take in this many bytes, which have arrived in the buffer."""
        owner = self._owner
        owner.reads += 1
        self._moved = True
        if self.finished:
            return  # we only read on to see the other side end
        arrived = owner.receive_buffer[:count]
        if self._tls is None:
            self._take_in(bytes(arrived))
        else:
            self._take_in_ciphertext(self._tls, arrived)

    def eof_received(self) -> bool:
        """Take note of the end of what the client sends. Return whether the socket stays open."""
        self._eof = True
        if self.life is None:
            self._refuse("it left during the handshake")
            return False
        self._finish()
        return not self._said_all

    def connection_lost(self, error: Exception | None) -> None:
        """Drop what is owed, and wake everyone who waits: the socket is closed."""
        self.lost = True
        self._owner.owes(self, 0)
        self._cancel_timer()
        if self.life is None:
            self._owner.forget(self)
            return
        self._close_outbox()
        self._empty_outbox()
        self._may_send_again()
        self._finish()

    def pause_writing(self) -> None:
        """Stop flushing: the transport holds enough."""
        self._full = True
        self._owner.owes(self, self.owed())

    def resume_writing(self) -> None:
        """Go on flushing: the transport has sent most of what it held."""
        self._moved = True
        self._owner.owes(self, 0)
        self._may_send_again()
        self._owner.flush([self])
        if self._closed:
            self._say_all()

    # Bytes in

    async def read(self) -> bytes:
        """See `Butterfly.read`."""
        if self._reader is not None:  # even if something is here: it has woken the other task
            raise RuntimeError(
                f"another task is already reading from {self.butterfly!r}: only one can at a time"
            )
        handler = self._owner.handler
        if not self.inbox and not self.finished:
            self._reader = handler.loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        elif not self.inbox:
            await asyncio.sleep(0)  # `while not await read()` must not freeze the server
        most = handler.buffer_size
        data, self.inbox = self.inbox, b""
        self._moved = True
        if len(data) > most:
            data, self.inbox = data[:most], data[most:]
        if len(self.inbox) < most:
            self._transport.resume_reading()  # does nothing if it was not paused
        if self.finished and self.life is not None:
            # Later, because the task that has read the last bytes has this turn to use them.
            handler.loop.call_soon(self.life.update)
        return data

    def is_being_read(self) -> bool:
        """Whether a task waits in `read`, or was woken and has not run yet."""
        return self._reader is not None

    def _take_in(self, data: bytes) -> None:
        self.inbox = self.inbox + data if self.inbox else data
        _wake(self._reader)
        if len(self.inbox) >= self._owner.handler.buffer_size:
            self._transport.pause_reading()
            if not when_peer_leaves(self._transport, self._peer_left) and self._lookout is None:
                self._look_out()

    # A socket that nobody reads reports no end either. So we look, as long as reading is paused.

    def _look_out(self) -> None:
        seconds = self._owner.limits.finish_timeout / 2
        self._lookout = self._owner.handler.loop.call_later(seconds, self._look)

    def _look(self) -> None:
        self._lookout = None
        if self.finished or self._transport.is_reading():
            return
        if has_left(self._transport):
            self._peer_left()
        else:
            self._look_out()

    def _peer_left(self) -> None:
        """Take note that the client has left, behind bytes that were not taken in yet."""
        if self.life is not None and not self.finished and not self._transport.is_reading():
            self.life.wait_for_progress()

    def _take_in_ciphertext(self, tls: Channel, ciphertext: memoryview) -> None:
        tls.feed(ciphertext)
        try:
            if not tls.established and not tls.handshake():
                self._answer(tls)
                return
        except ssl.SSLError as error:
            self._refuse(_reason(error))
            return
        if self.life is None:
            self._cancel_timer()
            self.life = self._owner.begin_life(self)
        data = tls.decrypt()
        if data:
            self._take_in(data)
        if tls.fault is not None:
            self._refuse(_reason(tls.fault))
            return
        self._answer(tls)
        if tls.peer_finished:
            self._finish()

    def _answer(self, tls: Channel) -> None:
        """Send what OpenSSL wants sent. A client may ask for more and more of it and read none."""
        answer = tls.to_send()
        if answer:
            self._transport.write(answer)
            if self.owed() > self._owner.limits.most_owed:
                self._drop_slow_reader()
            elif self._full:
                self._owner.owes(self, self.owed())

    def _refuse(self, reason: str) -> None:
        """Drop a connection whose TLS is broken. Only the log says why."""
        self._owner.handler.logger.info("TLS with %s failed: %s", self, reason)
        if self._tls is not None and not self._transport.is_closing():
            self._transport.write(self._tls.to_send())  # the alert that tells the client why
        self.abort()

    def _finish(self) -> None:
        """Nothing more arrives. What has arrived is still handled."""
        self.finished = True
        _wake(self._reader)
        if self.life is not None:
            self.life.update()

    # Bytes out

    def has_room_for(self, data: bytes) -> bool:
        """Whether `Butterfly.write` may put `data` into the outbox. Sets `outbox_limit`.

        The first write of a turn asks, and then each write that finds the outbox at its limit. A
        client that is owed too much is disconnected here.
        """
        if self._closed or not data:
            return False
        most_owed = self._owner.limits.most_owed
        if self.owed() > most_owed:
            self._drop_slow_reader()
            return False
        if not self.outbox:
            self._owner.flush_later(self)
        self.outbox_limit = most_owed
        if self._full:  # what is added stays here: have it counted every now and then
            self._owner.owes(self, self.owed())
            most_here = most_owed - self._in_transport()
            self.outbox_limit = min(most_here, self.outbox_size + COUNT_EVERY)
        return not self._closed

    def flush(self) -> None:
        """Pass on what is in the outbox."""
        outbox = self.outbox
        if self._full or not outbox:
            return
        data = outbox[0] if len(outbox) == 1 else b"".join(outbox)
        self._empty_outbox()
        if self._transport.is_closing():
            return  # dropped in this very turn; if its TLS was at fault, `encrypt` would raise
        self._sent += len(data)
        self._transport.write(data if self._tls is None else self._tls.encrypt(data))

    async def drain(self) -> None:
        """See `Butterfly.drain`."""
        if self.outbox_size > self._owner.limits.drain_above:
            self.flush()
        if not self._full:
            return
        waiter = self._owner.handler.loop.create_future()
        self._drainers = self._drainers or set()
        self._drainers.add(waiter)
        try:
            await waiter
        finally:
            self._drainers.discard(waiter)

    def drop(self, error: Exception) -> None:
        """Close a connection that `flush` failed for. What it is owed can no longer be sent."""
        self._owner.handler.logger.error(
            "sending to %s failed, and it is closed", self, exc_info=error
        )
        self._empty_outbox()
        self._drop_what_is_owed()

    def owed(self) -> int:
        """Bytes in the outbox, and in the transport while that is full."""
        return self.outbox_size + self._in_transport() if self._full else self.outbox_size

    def _drop_slow_reader(self) -> None:
        self._owner.handler.logger.warning(
            "%s is closed: it reads too slowly, and is owed more than %s bytes",
            self,
            self._owner.limits.most_owed,
        )
        self._drop_what_is_owed()

    def drop_slowest_reader(self) -> None:
        """All clients together are owed too much, and this one the most."""
        self._owner.handler.logger.warning(
            "%s is closed: it reads the slowest, and all clients are owed more than %s bytes",
            self,
            self._owner.limits.most_owed_together,
        )
        self._drop_what_is_owed()

    def _drop_what_is_owed(self) -> None:
        self._close_outbox()
        self._owner.owes(self, 0)
        self.abort()

    def _in_transport(self) -> int:
        """Bytes that were passed on and that the operating system has not taken yet."""
        return self._transport.get_write_buffer_size()

    def _may_send_again(self) -> None:
        self._full = False
        for waiter in self._drainers or ():
            _wake(waiter)

    def _close_outbox(self) -> None:
        """Take no more. What is in the outbox is still sent."""
        self._closed = True
        self.outbox_limit = 0  # so that `write` asks

    def _empty_outbox(self) -> None:
        self.outbox.clear()
        self.outbox_size = self.outbox_limit = 0

    # The end

    def end_if_idle(self, now: float, timeout: float) -> None:
        """Hang up if no byte has moved for `timeout` seconds. Asked from time to time."""
        if self._moved or self._sent != self._sent_before:
            self._moved, self._sent_before = False, self._sent
            self._idle_since = now
        elif now - self._idle_since >= timeout and not self._closed:
            self._owner.handler.logger.info(
                "%s is closed: nothing has moved for %s seconds", self, timeout
            )
            self.stop()

    def stop(self) -> None:
        """End, whatever is going on. Does nothing the second time. See `Butterfly.stop`."""
        if self.life is None:
            self.abort()
        else:
            self.life.end()

    def hang_up(self) -> None:
        """Send what is owed, then say that this was all; close when the client does so, too."""
        if self.outbox:
            self._owner.flush([self])
        self._close_outbox()
        self.inbox = b""
        self.finished = True
        _wake(self._reader)
        if not self.lost:
            self._say_all()
            self._linger()

    def abort(self) -> None:
        """Close the socket, and drop what is owed."""
        self._transport.abort()

    def progress(self) -> tuple[int, int, int]:
        """Something that changes whenever a byte moves: see `Watchdog`."""
        return len(self.inbox), self._sent, self._in_transport()

    def _say_all(self) -> None:
        if self._said_all or self._full:
            return
        self._said_all = True
        if self._tls is not None:
            self._transport.write(self._tls.close_notify())
        if self._eof:
            self._transport.close()
            return
        # Closing a socket that has unread bytes resets it, and the client may lose our last words.
        # So we finish sending, read on until the client finishes too, and close then.
        self._transport.resume_reading()
        try:
            self._transport.write_eof()
        except OSError:  # it was reset, and asyncio has not noticed yet
            self.abort()

    def _linger(self, before: object = None, quiet: float = 0.0) -> None:
        """Wait for the client to close too, but not for one that makes no progress.

        A client that has everything is given a moment: closing resets one that is still sending,
        and it may lose our last words. One that has not is given longer.
        """
        limits = self._owner.limits
        seconds = min(limits.linger_timeout, limits.flush_timeout)
        still_to_come = self._in_transport() + unconfirmed(self._transport)
        progress = (*self.progress(), still_to_come)
        if progress != before:
            quiet = 0.0
        elif still_to_come or not self._said_all:
            quiet += seconds
        else:
            quiet = limits.flush_timeout
        if before is not None and quiet >= limits.flush_timeout:
            self.abort()
            return
        loop = self._owner.handler.loop
        self._timer = loop.call_later(seconds, self._linger, progress, quiet)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._lookout is not None:
            self._lookout.cancel()
            self._lookout = None


def _reason(error: ssl.SSLError) -> str:
    return error.reason or str(error)


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)
