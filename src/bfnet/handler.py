"""The handler: it decides what happens. Subclass it, and override what you want to change."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import os
import socket
import ssl
from typing import Self
from weakref import WeakValueDictionary

from bfnet.butterfly import Butterfly
from bfnet.life import life_of
from bfnet.net import Net, must_be_async, open_net, runs_on_disconnect
from bfnet.tls import server_context

Bind = tuple[str, int]
Path = str | os.PathLike[str]
SSLOptions = tuple[Path, Path, str | None]

# The key holds `id(loop)` and not the loop, so that this table keeps no loop alive. A handler keeps
# its own, so an id cannot belong to another loop while the handler is in here.
_running: WeakValueDictionary[tuple[type, int], ButterflyHandler] = WeakValueDictionary()


class ButterflyHandler:
    """The object that makes servers and decides what happens when clients come and go.

    Get one from `get_handler`. Each connection calls `on_connection` and `on_disconnect` once.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        ssl_context: ssl.SSLContext | None,
        log_level: int | str,
        buffer_size: int,
    ) -> None:
        self.loop = loop
        self.ssl_context = ssl_context
        self.buffer_size = buffer_size
        self.logger = logging.getLogger(f"bfnet.{type(self).__name__}")
        self.logger.setLevel(log_level)
        self.butterflies: dict[object, tuple[Butterfly, asyncio.Future[None]]] = {}
        """Every connected client: a key of your choice, the butterfly, and its data loop."""
        self.nets: list[Net] = []
        self._stopping: asyncio.Task[None] | None = None

    def __init_subclass__(cls, **keywords: object) -> None:
        super().__init_subclass__(**keywords)
        for name in ("on_connection", "on_disconnect"):
            must_be_async(getattr(cls, name))

    @classmethod
    def get_handler(
        cls,
        loop: asyncio.AbstractEventLoop | None = None,
        ssl_context: ssl.SSLContext | None = None,
        log_level: int | str = logging.INFO,
        buffer_size: int = 65536,
    ) -> Self:
        """Return the running handler of this class on this loop, or a new one if there is none.

        loop: the event loop; without one, the running loop (`RuntimeError` if none runs).
        ssl_context: takes the place of certificate files in `create_server`.
        log_level: of `handler.logger`, as in the `logging` module.
        buffer_size: the most that one `read` returns, in bytes.
        The last three are used when the handler is made, and ignored after that.
        Raises `ValueError` for a `buffer_size` below 1.
        """
        if loop is None:
            loop = _running_loop()
        if buffer_size < 1:
            raise ValueError(f"buffer_size has to be at least 1 byte, not {buffer_size}")
        handler = _running.get((cls, id(loop)))
        if handler is None:
            handler = cls(loop, ssl_context, log_level, buffer_size)
            _running[cls, id(loop)] = handler
        assert isinstance(handler, cls)
        return handler

    async def create_server(self, bind: Bind, ssl_options: SSLOptions | None) -> Net:
        """Listen on `bind`, a pair of host and port (0: any free port, see `Net.port`).

        ssl_options: paths of a certificate and its key in PEM format, and the key's password or
        None. Without them (and without an `ssl_context`) nothing is encrypted; that is allowed on
        loopback addresses only.
        Raises `OSError` if it cannot listen there, and names the address; `FileNotFoundError`,
        `PermissionError` or `ValueError` if the certificate cannot be used, and names the file;
        `ValueError` for a port that no address has.
        """
        host, port = bind
        if not 0 <= port <= 65535:
            raise ValueError(f"a port is a number from 0 to 65535, not {port}")
        if asyncio.get_running_loop() is not self.loop:  # no client would ever get an answer
            raise RuntimeError(
                "this handler belongs to a different event loop from the one that is running: pass"
                " get_handler() the loop that runs your program, or no loop"
            )
        self._must_not_be_stopped()
        context = self._context_for(host, ssl_options)
        try:
            net = await open_net(self, host, port, context)
        except OSError as error:
            raise _named(error, host, port) from None
        if self._stopping is not None:  # while we were waiting
            await net.close()
        self._must_not_be_stopped()
        self.nets.append(net)
        self.logger.debug("listening on %s:%s", host, net.port)
        return net

    async def on_connection(self, butterfly: Butterfly) -> None:
        """Welcome a client that has connected.

        By default, begin to handle its data, and register it under its address.
        """
        key = f"{butterfly.ip}:{butterfly.client_port}"
        self.butterflies[key] = (butterfly, self.begin_handling(butterfly))

    async def on_disconnect(self, butterfly: Butterfly) -> None:
        """Forget a client that has left.

        By default, unregister it, whatever its key, and cancel its data loop.
        """
        for key, (registered, data_loop) in list(self.butterflies.items()):
            if registered is butterfly:
                del self.butterflies[key]
                data_loop.cancel()

    def begin_handling(self, butterfly: Butterfly) -> asyncio.Task[None]:
        """Start the data loop of this butterfly, and return it: a task that runs `net.handle`.

        Raises `RuntimeError` if it has been started already.
        """
        return life_of(butterfly).begin_handling()

    async def stop(self) -> None:
        """Close every net and butterfly; what is owed is sent first. Return when all is gone.

        An on_disconnect that calls this does not wait, because it is itself what is waited for.
        """
        if self._stopping is None:
            if _running.get((type(self), id(self.loop))) is self:
                del _running[type(self), id(self.loop)]
            # A task of its own: the task that calls this may be one that is cancelled by it.
            self._stopping = self.loop.create_task(self._stop(), name="stopping the handler")
        task = asyncio.current_task()
        if not any(runs_on_disconnect(task, net) for net in self.nets):
            await asyncio.shield(self._stopping)

    async def _stop(self) -> None:
        await asyncio.gather(*(net.close() for net in self.nets))

    def _must_not_be_stopped(self) -> None:
        if self._stopping is not None:
            raise RuntimeError("this handler was stopped: get_handler() returns a new one")

    def _context_for(self, host: str, ssl_options: SSLOptions | None) -> ssl.SSLContext | None:
        if self.ssl_context is not None:
            return self.ssl_context
        if ssl_options is not None:
            return server_context(*ssl_options)
        if not _is_loopback(host):
            raise ValueError(
                f"others can reach {host!r}, so it is served only over TLS: pass a certificate"
                " and its key, or listen on 127.0.0.1"
            )
        if not getattr(self.loop, "simulated", False):
            self.logger.warning("no certificate: what is sent to %s can be read on the way", host)
        return None


def _running_loop() -> asyncio.AbstractEventLoop:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise RuntimeError(
            "no event loop is running: call get_handler() inside an `async def`, or pass a loop"
        ) from None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _named(error: OSError, host: str, port: int) -> OSError:
    """Return the same error with a sentence that says what to do."""
    if isinstance(error, socket.gaierror):
        return OSError(errno.EADDRNOTAVAIL, f"there is no host named {host!r}")
    if error.errno == errno.EADDRINUSE:
        sentence = (
            f"port {port} on {host} is in use: stop the server that uses it, or choose another one"
        )
    elif error.errno == errno.EACCES:
        sentence = f"you may not use port {port} on {host}: choose one from 1024 to 65535"
    elif error.errno in (errno.EADDRNOTAVAIL, None):
        sentence = f"{host} is not an address of this machine: 127.0.0.1 always is"
        return OSError(errno.EADDRNOTAVAIL, sentence)
    else:
        return error
    return OSError(error.errno, sentence)
