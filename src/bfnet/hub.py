"""A hub: everything that the connections of one net have in common.

It is the part of a net that your code never sees. It knows who is connected, lends all connections
one buffer to receive into, passes on what they have to send in one go, and waits for the last of
them when the net closes.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
import weakref
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from bfnet.butterfly import Butterfly
from bfnet.connection import Connection
from bfnet.episode import Episode
from bfnet.life import Handler, Life
from bfnet.limits import Limits
from bfnet.tls import Channel

SWEEPS = 4
"""How often a hub looks for idle connections in the time that one may be idle."""

RECEIVE_AT_MOST = 65536
"""Bytes taken from the operating system in one call."""


class Hub:
    """What the connections of one net share."""

    def __init__(
        self,
        handler: Handler,
        handle: Callable[[Butterfly], Coroutine[Any, Any, None]],
        context: ssl.SSLContext | None,
    ) -> None:
        self.handler = handler
        self.handle = handle
        self.limits = Limits()
        self.receive_buffer = memoryview(bytearray(RECEIVE_AT_MOST))
        self.reads = 0
        self.connections: dict[Connection, Life | None] = {}  # None: in its TLS handshake
        self._context = context
        self._to_flush: list[Connection] = []
        self._owed = 0  # bytes, to all clients that are slower than we are
        self._sweeping: asyncio.TimerHandle | None = None
        self._admits = True
        self._empty = asyncio.Event()
        self._full = Episode(
            *(handler.loop, handler.logger),
            "newcomers are turned away: this process is at its limit of %s connections",
            "newcomers are accepted again: %s were turned away",
        )
        _register(self)

    # A client comes and goes

    def new_connection(self) -> Connection:
        """Return the protocol of a client that was just accepted."""
        return Connection(self, Channel(self._context) if self._context else None)

    def is_full(self) -> bool:
        """Whether the process has as many connections as it may. If so, a client is turned away."""
        most = self.limits.most_connections
        if connections_of_process() < most:
            return False
        self._full.incident(most)
        return True

    def admit(self, connection: Connection) -> bool:
        """Take note of a new connection. False if there is no place for it, or the net closes."""
        if not self._admits or self.is_full():
            return False
        self.connections[connection] = None
        if self._sweeping is None and self.limits.idle_timeout is not None:
            self._sweep()
        return True

    def begin_life(self, connection: Connection) -> Life:
        """Call `on_connection`: the client can be talked to now."""
        life = self.connections[connection] = Life(connection, self)
        return life

    def forget(self, connection: Connection) -> None:
        """Drop a connection of which nothing is left. Do nothing the second time."""
        self.connections.pop(connection, None)
        if not self.connections:
            self._empty.set()

    # Writing: what a few turns of the event loop have left in the outboxes, at once

    def flush_later(self, connection: Connection) -> None:
        """Call `connection.flush()` after two turns of the event loop, or three.

        Clients that talk at the same time are not read in the same turn. Waiting for the next turn
        lets their lines leave together. In a busy room that halves the calls to the operating
        system, and with them the work for a delivery. In an idle room it takes a microsecond.
        """
        if not self._to_flush:
            loop = self.handler.loop
            loop.call_soon(loop.call_soon, self._flush_unless_more_came, self.reads)
        self._to_flush.append(connection)

    def _flush_unless_more_came(self, reads: int) -> None:
        if self.reads == reads:
            self._flush_all()
        else:  # your data handlers are about to answer what came
            self.handler.loop.call_soon(self._flush_all)

    def _flush_all(self) -> None:
        connections, self._to_flush = self._to_flush, []
        self.flush(connections)

    def flush(self, connections: Iterable[Connection]) -> None:
        """Call each one's `flush` now. One that raises is dropped, at no cost to the others."""
        for connection in connections:
            try:
                connection.flush()
            except Exception as error:  # there may be no memory left to join what it is owed
                connection.drop(error)

    # Bounds for all connections together

    def owes(self, connection: Connection, size: int) -> None:
        """Note how many bytes wait for a client that is slower than we are.

        While all of them are owed too much, the one that is owed the most is closed.
        """
        self._owed += size - connection.counted
        connection.counted = size
        while size and self._owed > self.limits.most_owed_together:
            max(self.connections, key=lambda each: each.counted).drop_slowest_reader()

    def _sweep(self) -> None:
        """Close idle connections. One timer for all of them costs an idle connection nothing."""
        timeout = self.limits.idle_timeout
        if timeout is None or not self.connections:
            self._sweeping = None
            return
        loop = self.handler.loop
        now = loop.time()
        for connection, life in list(self.connections.items()):
            if life is not None:  # a handshake has its own timeout
                connection.end_if_idle(now, timeout)
        self._sweeping = loop.call_later(timeout / SWEEPS, self._sweep)

    # The end

    def admit_no_more(self) -> None:
        """Turn away every client from now on."""
        self._admits = False
        self._full.end()
        if self._sweeping is not None:
            self._sweeping.cancel()

    async def close(self) -> None:
        """End every connection and wait until nothing is left, but not forever."""
        for connection in list(self.connections):
            connection.stop()
        if not self.connections:
            return
        self._empty.clear()
        try:
            await asyncio.wait_for(self._empty.wait(), self.limits.close_timeout)
        except TimeoutError:
            await asyncio.gather(*(life.give_up() for life in self.connections.values() if life))

    def runs_on_disconnect(self, task: asyncio.Task[Any] | None) -> bool:
        """Whether `task` runs the on_disconnect of one of the connections."""
        return any(life and life.is_ended_by(task) for life in self.connections.values())


# All hubs of the process. They share its file descriptors, also from one thread to another.

_hubs: list[weakref.ref[Hub]] = []
_hubs_lock = threading.Lock()


def _register(hub: Hub) -> None:
    with _hubs_lock:
        _hubs[:] = [known for known in _hubs if known() is not None] + [weakref.ref(hub)]


def connections_of_process() -> int:
    """How many connections all nets have together. A loop that was closed has none."""
    with _hubs_lock:
        hubs = [known() for known in _hubs]
    return sum(len(h.connections) for h in hubs if h and not h.handler.loop.is_closed())
