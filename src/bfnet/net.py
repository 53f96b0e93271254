"""A net: the listening server, and which of your functions gets which data.

You do not make one yourself: `ButterflyHandler.create_server` does.
"""

from __future__ import annotations

import asyncio
import errno
import inspect
import re
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

from bfnet.butterfly import Butterfly
from bfnet.hub import Hub
from bfnet.life import Handler, life_of
from bfnet.limits import Limits
from bfnet.listener import BACKLOG, Listener, watches_sockets

DataHandler = Callable[[bytes, Butterfly, Any], Awaitable[object]]
"""Called with what arrived, the butterfly it came from, and the handler."""

FREE_PORTS_TO_TRY = 20
"""For several addresses. A port that is free on one of them may be taken on another."""

Decorated = TypeVar("Decorated", bound=DataHandler)


class Net:
    """A listening server."""

    host: str
    """The host that was given to `create_server`."""
    port: int
    """The port that it listens on, even if port 0 was asked for."""

    def __init__(self, handler: Handler, context: ssl.SSLContext | None) -> None:
        self.handler = handler
        self._hub = Hub(handler, self.handle, context)
        self._data_handlers: list[tuple[Callable[[bytes], object], DataHandler]] = []
        self._server: asyncio.Server
        self._listeners: list[Listener] = []
        self._closing: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()

    # The data loop

    async def handle(self, butterfly: Butterfly) -> None:
        """Read, call the first function that matches, drain, and so on until cancelled.

        At the end of file there is nothing left to do but wait for that. An exception in one of
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

    # Which function gets which data

    def any_data(self, function: Decorated) -> Decorated:
        """Decorate the `async` function that gets any data that arrives."""
        return self._register(lambda data: True, function)

    def regexp_match(self, pattern: bytes | re.Pattern[bytes]) -> Callable[[Decorated], Decorated]:
        """Decorate the `async` function that gets data whose beginning matches `pattern`."""
        compiled = re.compile(pattern)
        if not isinstance(compiled.pattern, bytes):
            raise TypeError(
                f'data is bytes, so the pattern has to be bytes too: write rb"..." ({pattern!r})'
            )
        return lambda function: self._register(compiled.match, function)

    def prefix_match(self, prefix: bytes) -> Callable[[Decorated], Decorated]:
        """Decorate the `async` function that gets data which begins with `prefix`."""
        if not isinstance(prefix, bytes):
            raise TypeError(
                f'data is bytes, so the prefix has to be bytes too: write b"..." ({prefix!r})'
            )
        return lambda function: self._register(lambda data: data.startswith(prefix), function)

    def _register(self, matches: Callable[[bytes], object], function: Decorated) -> Decorated:
        must_be_async(function)
        self._data_handlers.append((matches, function))
        return function

    # Settings

    @property
    def limits(self) -> Limits:
        """Every limit and timeout of this net. Set what you need: `net.limits.most_owed = 4096`."""
        return self._hub.limits

    @property
    def handshake_timeout(self) -> float:
        """Short for `limits.handshake_timeout`."""
        return self.limits.handshake_timeout

    @handshake_timeout.setter
    def handshake_timeout(self, seconds: float) -> None:
        self.limits.handshake_timeout = seconds

    @property
    def most_owed(self) -> int:
        """Short for `limits.most_owed`."""
        return self.limits.most_owed

    @most_owed.setter
    def most_owed(self, count: int) -> None:
        self.limits.most_owed = count

    # From the beginning to the end

    async def _listen(self, host: str, port: int) -> None:
        loop, logger, hub = self.handler.loop, self.handler.logger, self._hub
        self._server = await _one_port(
            lambda port: loop.create_server(
                hub.new_connection, host, port, backlog=BACKLOG, start_serving=False
            ),
            port,
        )
        if watches_sockets(loop):
            self._listeners = [
                Listener(loop, logger, sock.dup(), hub.new_connection, hub.is_full)
                for sock in self._server.sockets
            ]
        else:
            await self._server.start_serving()
        self.host = host
        self.port = self._server.sockets[0].getsockname()[1]

    async def serve_forever(self) -> None:
        """Serve until this is cancelled or the net is closed elsewhere; closed on return."""
        try:
            await self._closed.wait()
        finally:
            await self.close()

    async def close(self) -> None:
        """Stop listening, send every butterfly what it is owed, hang up on it, and wait.

        An on_disconnect that calls this does not wait, because it is itself what is waited for.
        """
        if self._closing is None:
            self._hub.admit_no_more()
            # A task of its own: the task that calls this may be one that is cancelled by it.
            self._closing = self.handler.loop.create_task(self._close(), name="closing the net")
        if not self._hub.runs_on_disconnect(asyncio.current_task()):
            await asyncio.shield(self._closing)

    async def _close(self) -> None:
        self._server.close()
        await asyncio.gather(*(listener.close() for listener in self._listeners))
        await self._hub.close()
        self._closed.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()


async def _one_port(
    listen: Callable[[int], Awaitable[asyncio.Server]], port: int
) -> asyncio.Server:
    """Listen on the same port for every address that the host name stands for.

    "localhost" is often two addresses, and for port 0 the system picks a port for each of them.
    """
    server = await listen(port)
    for _ in range(FREE_PORTS_TO_TRY):
        picked = server.sockets[0].getsockname()[1]
        if all(sock.getsockname()[1] == picked for sock in server.sockets):
            break
        server.close()
        try:
            server = await listen(picked)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            server = await listen(port)
    return server


# For the handler. They are functions, because a net is something that your code holds.


async def open_net(handler: Handler, host: str, port: int, context: ssl.SSLContext | None) -> Net:
    """Return a net that listens. Raises what `loop.create_server` raises."""
    net = Net(handler, context)
    await net._listen(host, port)
    return net


def runs_on_disconnect(task: asyncio.Task[Any] | None, net: Net) -> bool:
    """Whether `task` runs the on_disconnect of one of the net's connections."""
    return net._hub.runs_on_disconnect(task)


def must_be_async(function: Callable[..., object]) -> None:
    """Raise `TypeError` for a function that was not written with `async def`."""
    called = getattr(function, "__call__", None)  # noqa: B004  an object may be called, too
    if not inspect.iscoroutinefunction(function) and not inspect.iscoroutinefunction(called):
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(f"{name} must be written with `async def`: bfnet awaits it")
