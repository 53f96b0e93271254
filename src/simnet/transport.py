"""What asyncio does with a connection: call the protocol, buffer writes, apply flow control.

It behaves like asyncio's own socket transport, callback for callback; the scenarios in tests/simnet
run on both and compare. `_FlowControlMixin` is asyncio's: from the size of the write buffer, which
is kept here, it decides when to call `pause_writing` and `resume_writing`.
"""

import asyncio
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

from simnet.network import Endpoint

MOST_AT_ONCE = 256 * 1024  # bytes; as many as asyncio asks a socket for


class SimulatedTransport(asyncio.transports._FlowControlMixin):
    """An `asyncio.Transport` on one end of a simulated connection.

    It has the methods of `asyncio.Transport`, and raises what asyncio raises. `abort()` drops what
    is not sent yet and hangs up; as on Linux, the peer sees an ordinary end of the stream, unless
    unread bytes are left here. `reset()`, which asyncio does not have, sends RST.
    """

    _loop: asyncio.AbstractEventLoop
    _maybe_pause_protocol: Callable[[], None]
    _maybe_resume_protocol: Callable[[], None]

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        end: Endpoint,
        protocol: asyncio.BaseProtocol,
        server: Any = None,
    ) -> None:
        extra = {
            "sockname": end.address,
            "peername": end.remote,
            "when_peer_leaves": self._when_peer_leaves,
        }
        super().__init__(extra, loop)
        self._end = end
        self._buffer: deque[memoryview] = deque()  # written, but the peer has no room for it yet
        self._buffer_size = 0
        self._eof = False  # write_eof() was called
        self._closing = False  # close() was called, or the connection is lost
        self._lost = False  # connection_lost was called, or will be in the next pass
        self._paused = False
        self._server = server
        if server is not None:
            server._attach(*self._server_arguments())
        self.set_protocol(protocol)
        loop.call_soon(protocol.connection_made, self)
        loop.call_soon(self._start_reading)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Return the protocol whose callbacks are called."""
        protocol: asyncio.BaseProtocol = self._protocol
        return protocol

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Call the callbacks of `protocol` from now on."""
        self._protocol: Any = protocol
        buffered = isinstance(protocol, asyncio.BufferedProtocol)
        self._read = self._read_into_buffer if buffered else self._read_data

    def is_reading(self) -> bool:
        """Return whether the protocol receives what arrives."""
        return not self._closing and not self._paused

    def pause_reading(self) -> None:
        """Leave what arrives in the receive buffer, until `resume_reading`."""
        if self.is_reading():
            self._paused = True
            self._end.watch(None)

    def resume_reading(self) -> None:
        """Read again after `pause_reading`."""
        if self._paused:
            self._paused = False
            self._start_reading()

    def get_write_buffer_size(self) -> int:
        """Return the number of bytes that are written but not sent."""
        return self._buffer_size

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send `data`, and buffer what the peer has no room for.

        Raises TypeError when `data` is not bytes-like, RuntimeError after `write_eof`.
        """
        if not isinstance(data, bytes | bytearray | memoryview):
            kind = type(data).__name__
            raise TypeError(f"data argument must be a bytes-like object, not {kind!r}")
        if self._eof:
            raise RuntimeError("Cannot call write() after write_eof()")
        if not data or self._lost:
            return
        self._buffer.append(memoryview(bytes(data)))
        self._buffer_size += len(self._buffer[-1])
        if len(self._buffer) == 1:
            self._send_buffer()
        self._maybe_pause_protocol()

    def can_write_eof(self) -> bool:
        """Return True, because TCP has a half-close."""
        return True

    def write_eof(self) -> None:
        """Finish sending once everything written is sent; go on reading."""
        if self._closing or self._eof:
            return
        self._eof = True
        if not self._buffer:
            self._end.shutdown()

    def is_closing(self) -> bool:
        """Return whether the connection is closed, or will be."""
        # Closing the loop ends its connections, so that asyncio does not warn about open ones.
        return self._closing or self._loop.is_closed()

    def close(self) -> None:
        """Hang up once everything written is sent."""
        if self._closing:
            return
        self._closing = True
        self._end.watch(None)
        if not self._buffer:
            self._lose(None)

    def abort(self) -> None:
        """Drop what is not sent yet, and hang up."""
        self._force_close(None)

    def reset(self) -> None:
        """Drop what is not sent yet, and reset the connection: the peer receives RST."""
        self.abort()
        self._end.reset()

    def __repr__(self) -> str:
        state = "closed" if self._lost else "closing" if self._closing else "open"
        return f"<{type(self).__name__} {state} {self._end.address} to {self._end.remote}>"

    def _when_peer_leaves(self, call: Callable[[], object]) -> None:
        """Call this when FIN or RST arrives, though reading is paused.

        Elsewhere a program asks the socket, which is polled; a simulation has no socket.
        """
        self._end.on_peer_left = call
        if self._end.peer_has_left():
            self._loop.call_soon(call)

    def _start_reading(self) -> None:
        if self.is_reading():
            self._end.watch(lambda: self._read())

    def _read_data(self) -> None:
        data = self._receive(MOST_AT_ONCE)
        if data:
            self._call("data_received", data)

    def _read_into_buffer(self) -> None:
        try:
            buffer = self._protocol.get_buffer(-1)
            if not len(buffer):
                raise RuntimeError("get_buffer() returned an empty buffer")
        except Exception as error:
            self._fail(error, "Fatal error: protocol.get_buffer() call failed.")
            return
        data = self._receive(len(buffer))
        if data:
            buffer[: len(data)] = data
            self._call("buffer_updated", len(data))

    def _receive(self, most: int) -> bytes:
        """Return the next bytes for the protocol.

        When there are none, handle the end of the stream or the error, and return b"".
        """
        try:
            data = self._end.receive(most)
        except OSError as error:
            self._fail(error, "Fatal read error on socket transport")
            return b""
        if not data:
            self._end.watch(None)
            if not self._call("eof_received"):
                self.close()
        return data

    def _call(self, method: str, *args: object) -> object:
        """Call the protocol and return its result. If it raises, lose the connection."""
        try:
            return getattr(self._protocol, method)(*args)
        except Exception as error:
            self._fail(error, f"Fatal error: protocol.{method}() call failed.")
            return True

    def _send_buffer(self) -> None:
        """Send as much as the peer has room for, and the rest when it reports room."""
        self._end.on_writable = None
        while self._buffer:
            try:
                sent = self._end.send(self._buffer[0])
            except OSError as error:
                self._fail(error, "Fatal write error on socket transport")
                return
            if not sent:
                self._end.on_writable = self._resume_sending
                return
            self._buffer_size -= sent
            self._buffer[0] = self._buffer[0][sent:]
            if not self._buffer[0]:
                self._buffer.popleft()

    def _resume_sending(self) -> None:
        self._send_buffer()
        if self._lost:
            return
        self._maybe_resume_protocol()  # the protocol may write more
        if self._buffer:
            return
        if self._closing:
            self._lose(None)
        elif self._eof:
            self._end.shutdown()

    def _fail(self, error: Exception, message: str) -> None:
        """Lose the connection because of `error`."""
        if not isinstance(error, OSError):  # a network error is ordinary, any other is a bug
            context = {"message": message, "exception": error, "transport": self}
            self._loop.call_exception_handler({**context, "protocol": self._protocol})
        self._force_close(error)

    def _force_close(self, error: Exception | None) -> None:
        if self._lost:
            return
        self._buffer.clear()
        self._buffer_size = 0
        self._closing = True
        self._end.on_writable = None
        self._end.watch(None)
        self._lose(error)

    def _lose(self, error: Exception | None) -> None:
        self._lost = True
        self._loop.call_soon(self._connection_lost, error)

    def _connection_lost(self, error: Exception | None) -> None:
        try:
            self._protocol.connection_lost(error)
        finally:
            self._end.close()
            if self._server is not None:
                self._server._detach(*self._server_arguments())

    def _server_arguments(self) -> tuple["SimulatedTransport", ...]:
        # Until Python 3.12 an `asyncio.Server` counts its connections; since 3.13 it keeps them.
        return (self,) if sys.version_info >= (3, 13) else ()
