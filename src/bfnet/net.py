"""A net: the listening server, and which of your functions gets which data.

You do not make one yourself: `ButterflyHandler.create_server` does.
"""

from __future__ import annotations

import asyncio
import inspect
import re
import ssl
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Self, TypeVar

from bfnet.butterfly import Butterfly
from bfnet.connection import Connection
from bfnet.life import Life
from bfnet.tls import Channel

if TYPE_CHECKING:
    from bfnet.handler import ButterflyHandler

DataHandler = Callable[[bytes, Butterfly, Any], Awaitable[object]]
"""Called with what arrived, the butterfly it came from, and the handler."""

Decorated = TypeVar("Decorated", bound=DataHandler)

RECEIVE_AT_MOST = 65536
"""Bytes taken from the operating system in one call."""

CLOSE_TIMEOUT = 10.0
"""Seconds after which `close` stops being polite to whoever is still connected."""


class Net:
    """A listening server."""

    def __init__(self, handler: ButterflyHandler, context: ssl.SSLContext | None) -> None:
        self.handler = handler
        self.handshake_timeout = 10.0
        """Seconds that a client has to complete its TLS handshake."""
        self.most_owed = 1024 * 1024
        """Bytes that may be owed to one butterfly. One that has more coming is closed."""
        self.connections: set[Connection] = set()
        self.receive_buffer = memoryview(bytearray(RECEIVE_AT_MOST))
        self.reads = 0  # times that something has arrived
        self._context = context
        self._data_handlers: list[tuple[Callable[[bytes], object], DataHandler]] = []
        self._to_flush: list[Butterfly] = []
        self._server: asyncio.Server
        self._closing: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()
        self._empty = asyncio.Event()

    async def listen(self, host: str, port: int) -> None:
        """Begin to accept. Raises what `loop.create_server` raises."""
        # A thousand clients may knock in the same moment; asyncio's own backlog is 100.
        self._server = await self.handler.loop.create_server(
            self._new_connection, host, port, backlog=1024
        )
        self.host = host
        self.port: int = self._server.sockets[0].getsockname()[1]

    # Which function gets which data

    def any_data(self, function: Decorated) -> Decorated:
        """Decorate the `async` function that gets whatever arrives."""
        return self._register(lambda data: True, function)

    def regexp_match(self, pattern: bytes | re.Pattern[bytes]) -> Callable[[Decorated], Decorated]:
        """Decorate the `async` function that gets data whose beginning matches `pattern`."""
        compiled = re.compile(pattern)
        if not isinstance(compiled.pattern, bytes):
            raise TypeError(f'data is bytes, so the pattern is too: write rb"..." ({pattern!r})')
        return lambda function: self._register(compiled.match, function)

    def prefix_match(self, prefix: bytes) -> Callable[[Decorated], Decorated]:
        """Decorate the `async` function that gets data which begins with `prefix`."""
        if not isinstance(prefix, bytes):
            raise TypeError(f'data is bytes, so the prefix is too: write b"..." ({prefix!r})')
        return lambda function: self._register(lambda data: data.startswith(prefix), function)

    def _register(self, matches: Callable[[bytes], object], function: Decorated) -> Decorated:
        must_be_async(function)
        self._data_handlers.append((matches, function))
        return function

    # The data loop

    async def handle(self, butterfly: Butterfly) -> None:
        """Read, call the first function that matches, drain, and so on until cancelled.

        At the end of file there is nothing left to do but to wait for that. An exception in one of
        your functions is logged and closes this butterfly.
        """
        while data := await butterfly.read():
            await self._dispatch(data, butterfly)
            await butterfly.drain()
        await life_of(butterfly).everything_is_handled()

    async def _dispatch(self, data: bytes, butterfly: Butterfly) -> None:
        function = self._first_match(data)
        if function is None:
            self.handler.logger.debug("no data handler matches %r", data[:80])
            return
        name = getattr(function, "__name__", repr(function))
        await life_of(butterfly).call(name, function, data, butterfly, self.handler)

    def _first_match(self, data: bytes) -> DataHandler | None:
        for matches, function in self._data_handlers:
            if matches(data):
                return function
        return None

    # Writing: everything that a few turns of the event loop owe somebody, at once

    def flush_later(self, butterfly: Butterfly) -> None:
        """Pass on what this butterfly is owed after two turns of the loop, or three.

        Clients that talk at the same time are not read in the same turn. To wait for the next one
        lets their lines leave together: it halves the calls to the operating system, and with them
        the work for a delivery, in a busy room, and takes a microsecond in an idle one.
        """
        if not self._to_flush:
            loop = self.handler.loop
            loop.call_soon(loop.call_soon, self._flush_unless_more_came, self.reads)
        self._to_flush.append(butterfly)

    def _flush_unless_more_came(self, reads: int) -> None:
        if self.reads == reads:
            self._flush()
        else:  # your data handlers are about to answer what came
            self.handler.loop.call_soon(self._flush)

    def _flush(self) -> None:
        butterflies, self._to_flush = self._to_flush, []
        for butterfly in butterflies:
            butterfly._flush()

    # The end

    async def serve_forever(self) -> None:
        """Serve until this is cancelled or the net is closed elsewhere; closed on return."""
        try:
            await self._closed.wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Stop listening, send every butterfly what it is owed, hang up on it, and wait.

        An on_disconnect that calls this does not wait, because it is what is waited for.
        """
        if self._closing is None:
            # A task of its own: whoever calls this may be one of those who are cancelled by it.
            self._closing = self.handler.loop.create_task(self._close(), name="closing the net")
        if not self.is_seeing_off(asyncio.current_task()):
            await asyncio.shield(self._closing)

    def is_closing(self) -> bool:
        """Whether `close` was called."""
        return self._closing is not None

    def is_seeing_off(self, task: asyncio.Task[Any] | None) -> bool:
        """Whether `task` runs the on_disconnect of one of our connections."""
        return any(c.life is not None and c.life.ending is task for c in self.connections)

    async def _close(self) -> None:
        self._server.close()
        for connection in list(self.connections):
            connection.stop()
        if self.connections:
            await self._wait_for_the_last()
        self._closed.set()

    async def _wait_for_the_last(self) -> None:
        self._empty.clear()
        try:
            await asyncio.wait_for(self._empty.wait(), CLOSE_TIMEOUT)
        except TimeoutError:
            await asyncio.gather(*(connection.give_up() for connection in self.connections))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    def _new_connection(self) -> Connection:
        return Connection(self, Channel(self._context) if self._context else None)

    def forget(self, connection: Connection) -> None:
        """Nothing of this connection is left."""
        self.connections.discard(connection)
        if not self.connections:
            self._empty.set()


def life_of(butterfly: Butterfly) -> Life:
    """A butterfly that your code has met is alive, or has been."""
    life = butterfly._connection.life
    assert life is not None
    return life


def must_be_async(function: Callable[..., object]) -> None:
    """Raise `TypeError` for a function that was not written with `async def`."""
    called = getattr(function, "__call__", None)  # noqa: B004  an object may be called, too
    if not inspect.iscoroutinefunction(function) and not inspect.iscoroutinefunction(called):
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(f"{name} must be written with `async def`: bfnet awaits it")
