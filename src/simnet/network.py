"""What the kernel does: listening ports, the two ends of a connection, and bytes in flight.

An `Endpoint` is what a program knows as a connected socket. It sends, receives, shuts down and
closes. It never calls a protocol, because that is the transport's job. The rules are those of TCP
on Linux; the scenarios in tests/simnet compare the two:

- The bytes sent to an end and not yet read there never exceed its receive buffer. That is all of
  flow control: when a reader stops, its peer's `send` takes nothing.
- `shutdown` sends FIN: no more will be written. `close` sends FIN too, unless unread bytes are
  left. Then the peer receives RST, and learns that some of what it sent was never read.
- Bytes that reach a closed end are answered with RST.
- What arrived before a RST can still be read.

Everything in flight waits in one heap, ordered by arrival. The loop takes from it when no callback
is ready, so each arrival is handled completely before the next.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from errno import EADDRINUSE, ECONNREFUSED, ECONNRESET, EPIPE
from math import inf
from socket import AF_INET, SOCK_STREAM
from typing import Literal

from simnet.trace import Trace
from simnet.weather import Weather

Address = tuple[str, int]  # host, port
Ending = Literal["eof", "close", "reset"]  # FIN of a shutdown, FIN of a close, RST

RECEIVE_BUFFER = 64 * 1024  # bytes, the most that TCP can offer without window scaling (RFC 9293)
FIRST_FREE_PORT = 49152  # the first of the dynamic ports (RFC 6335)
ANY_HOST = "0.0.0.0"


class Network:
    """The ports and connections of one loop, and everything in flight between them."""

    def __init__(self, loop: asyncio.AbstractEventLoop, weather: Weather, trace: Trace) -> None:
        self.loop = loop
        self.weather = weather
        self.trace = trace
        self.listeners: dict[Address, Listener] = {}
        self.connected: set[Address] = set()  # the addresses that clients connected from
        self._arrivals: list[tuple[float, int, asyncio.Handle, int]] = []
        self._count = 0
        self._last_port = FIRST_FREE_PORT - 1

    def next_arrival(self) -> float:
        """Return the virtual time of the next arrival, or infinity when nothing is in flight."""
        return self._arrivals[0][0] if self._arrivals else inf

    def take_arrivals(self, within: float | None = None) -> list[asyncio.Handle]:
        """Remove the next arrival, or all of the next `within` seconds, and return their callbacks.

        It takes at most one arrival of each connection, so two pieces of one stay two reads.
        """
        first, _, handle, owner = heapq.heappop(self._arrivals)
        taken, owners = [handle], {owner}
        while within is not None and self.next_arrival() - first <= within:
            if self._arrivals[0][3] in owners:
                break
            _, _, handle, owner = heapq.heappop(self._arrivals)
            taken.append(handle)
            owners.add(owner)
        return taken

    def call_at(
        self, time: float, context: Context, callback: Callable[..., object], *args: object
    ) -> None:
        """Call `callback` when the clock reaches `time`. Calls at equal times keep their order."""
        self._count += 1
        handle = asyncio.Handle(callback, args, self.loop, context)
        owner = id(getattr(callback, "__self__", callback))
        heapq.heappush(self._arrivals, (time, self._count, handle, owner))

    def bind(self, host: str | None, port: int) -> "Listener":
        """Take an address to listen on; port 0 picks a free one.

        Raises OSError (EADDRINUSE) when the address is taken.
        """
        address = self._address(host or ANY_HOST, port)
        for taken, number in self.listeners:
            if number == address[1] and (taken == address[0] or ANY_HOST in (taken, address[0])):
                raise _in_use(address)
        self.listeners[address] = listener = Listener(self, address)
        return listener

    async def connect(self, host: str, port: int, local: Address | None) -> "Endpoint":
        """Connect, which takes one round trip, and return the connecting end.

        Raises ConnectionRefusedError when nobody listens there, OSError (EADDRINUSE) when `local`
        is taken.
        """
        there = self._address(host, port)
        here = self._address(*(local or ("127.0.0.1", 0)))
        if here in self.connected:
            raise _in_use(here)
        self.connected.add(here)
        latency, context = self.weather.latency(), copy_context()
        end = Endpoint(self, here, there, latency, context)
        end.peer = Endpoint(self, there, here, latency, context)
        end.peer.peer = end
        answered: asyncio.Future[None] = self.loop.create_future()
        self.call_at(self.loop.time() + latency, context, self._answer, end, answered)
        try:
            await answered
        except BaseException:
            end.close()
            raise
        return end

    def _answer(self, end: "Endpoint", answered: "asyncio.Future[None]") -> None:
        """Accept or refuse a request to connect that has reached the other side."""
        there, back = end.remote, self.loop.time() + end.latency
        listener = self.listeners.get(there) or self.listeners.get((ANY_HOST, there[1]))
        if listener is None or listener.accept is None:
            self.call_at(back, end.context, self._refuse, end, answered)
            return
        self.trace.record(self.loop.time(), end.address, there, "connect")
        self.call_at(back, end.context, _confirm, answered)
        end.peer.context = listener.context
        listener.context.run(listener.accept, end.peer)

    def _refuse(self, end: "Endpoint", answered: "asyncio.Future[None]") -> None:
        self.trace.record(self.loop.time(), end.remote, end.address, "refused")
        end.broken = ConnectionRefusedError(ECONNREFUSED, f"Connect call failed {end.remote}")
        if not answered.done():
            answered.set_exception(end.broken)

    def _address(self, host: str, port: int) -> Address:
        """Return the address as a socket reports it, with a free port in place of 0."""
        host = "127.0.0.1" if host == "localhost" else host
        if port:
            return host, port
        listening = {port for _, port in self.listeners}
        self._last_port += 1
        while self._last_port in listening or (host, self._last_port) in self.connected:
            self._last_port += 1
        return host, self._last_port


class Listener:
    """An address that a server listens on, with as much of a socket as `asyncio.Server` uses."""

    family, type, proto = AF_INET, SOCK_STREAM, 0

    def __init__(self, network: Network, address: Address) -> None:
        self._network = network
        self._address = address
        self.accept: Callable[[Endpoint], None] | None = None  # None: bound, not listening
        self.context = copy_context()

    def getsockname(self) -> Address:
        """Return the host and port that are listened on."""
        return self._address

    def fileno(self) -> int:
        """Return -1, because no file is behind it."""
        return -1

    def listen(self, backlog: int) -> None:
        """Do nothing: `asyncio.Server` calls the loop's `_start_serving` next."""

    def close(self) -> None:
        """Stop listening and free the address."""
        self.accept = None
        self._network.listeners.pop(self._address, None)


class Endpoint:
    """One end of a connection.

    `watch` sets the callback for when there is something to `receive`; it is called once for each
    piece. `on_writable`, if set, is called when the peer has made room or reset the connection, and
    `on_peer_left` when FIN or RST arrives, also while nobody reads.
    Callbacks run in `context`, the context variables of the code that made this end.
    """

    peer: "Endpoint"

    def __init__(
        self, network: Network, address: Address, remote: Address, latency: float, context: Context
    ) -> None:
        self.address = address
        self.remote = remote
        self.latency = latency
        self.context = context
        self.on_writable: Callable[[], None] | None = None
        self.on_peer_left: Callable[[], object] | None = None
        self.broken: OSError | None = None  # set when RST arrives
        self._network = network
        self._on_readable: Callable[[], None] | None = None
        self._inbox: deque[bytes] = deque()  # arrived and not read
        self._unread = 0  # bytes sent to this end and not read: in the inbox or in flight
        self._outbox: list[bytes] = []  # sent at this moment, not departed yet
        self._last_arrival = 0.0  # when the last of what this end sent arrives at the peer
        self._received_fin: Ending | None = None
        self._sent_ending: Ending | None = None
        self._closed = False

    def send(self, data: memoryview) -> int:
        """Send what the peer has room for and return the number of bytes; 0 means wait.

        Data that would fit into an empty receive buffer is sent whole or not at all. So calm
        weather can promise that one write is one read. Raises ConnectionResetError or
        BrokenPipeError when the peer has reset the connection.
        """
        if self.broken is not None:
            raise self.broken
        piece = bytes(data[:RECEIVE_BUFFER])
        if len(piece) > RECEIVE_BUFFER - self.peer._unread:
            return 0
        self.peer._unread += len(piece)
        if not self._outbox:
            self._call_soon(self._depart)
        self._outbox.append(piece)
        return len(piece)

    def receive(self, most: int) -> bytes:
        """Return at most `most` bytes of the next piece, or b"" at the end of the stream.

        Call it only when `watch` reports something to read. Raises ConnectionResetError when there
        is nothing left to read because the peer reset the connection.
        """
        if not self._inbox:
            if self._received_fin is None:
                assert self.broken is not None  # otherwise there is nothing to read
                raise self.broken
            self._record(self._received_fin)
            return b""
        piece = self._inbox.popleft()
        data, rest = piece[:most], piece[most:]
        if rest:
            self._inbox.appendleft(rest)
        self._unread -= len(data)
        self._record("data", data)
        if self.peer.on_writable is not None:
            self._send_to_peer(self.peer._report_room)
        return data

    def watch(self, on_readable: Callable[[], None] | None) -> None:
        """Call `on_readable` from now on, first for what is already unread; None stops that."""
        self._on_readable = on_readable
        if on_readable is not None and self._is_readable():
            self._call_soon(self._report_readable)

    def peer_has_left(self) -> bool:
        """Whether FIN or RST has arrived."""
        return bool(self._received_fin or self.broken)

    def shutdown(self) -> None:
        """Send FIN after the bytes sent so far: no more will be written."""
        self._send_ending("eof")

    def close(self) -> None:
        """Hang up: send FIN, or RST when unread bytes are left here."""
        self._hang_up("reset" if self._inbox else "close")

    def reset(self) -> None:
        """Hang up with RST, as closing a socket with SO_LINGER 0 does."""
        self._hang_up("reset")

    def _hang_up(self, ending: Ending) -> None:
        if self._closed:
            return
        self._closed = True
        self._network.connected.discard(self.address)
        if self.broken is None:
            self._send_ending(ending)

    def _send_ending(self, ending: Ending) -> None:
        """Send FIN or RST, each at most once, and no FIN after a RST."""
        if self._sent_ending and (ending != "reset" or self._sent_ending == "reset"):
            return
        self._sent_ending = ending
        self._call_soon(self._send_to_peer, self.peer._receive_ending, ending)

    def _call_soon(self, callback: Callable[..., object], *args: object) -> None:
        self._network.call_at(self._network.loop.time(), self.context, callback, *args)

    def _depart(self) -> None:
        writes, self._outbox = self._outbox, []
        for piece in self._network.weather.travel(writes):
            self._send_to_peer(self.peer._receive_piece, piece)

    def _send_to_peer(self, callback: Callable[..., object], *args: object) -> None:
        """Call `callback` when this arrives at the peer, after everything sent before it."""
        due = self._network.loop.time() + self.latency + self._network.weather.delay()
        self._last_arrival = max(due, self._last_arrival)
        self._network.call_at(self._last_arrival, self.peer.context, callback, *args)

    def _receive_piece(self, piece: bytes) -> None:
        if self._closed:
            self._send_ending("reset")
            return
        self._inbox.append(piece)
        self._report_readable()

    def _receive_ending(self, ending: Ending) -> None:
        if self._closed:
            return
        if ending == "reset":
            self._break()
        else:
            self._received_fin = ending
            self._report_readable()
        if self.on_peer_left is not None:
            self.on_peer_left()

    def _break(self) -> None:
        self._record("reset")
        # On Linux, a program that could have read the end of the stream gets a broken pipe instead.
        if self._received_fin:
            self.broken = BrokenPipeError(EPIPE, "Broken pipe")
        else:
            self.broken = ConnectionResetError(ECONNRESET, "Connection reset by peer")
        self._report_readable()
        self._report_room()

    def _report_readable(self) -> None:
        """Let the program read one piece, and the next one after it has handled that."""
        if self._on_readable is None or not self._is_readable():
            return
        self._on_readable()
        if self._is_readable():
            self._call_soon(self._report_readable)

    def _is_readable(self) -> bool:
        return bool(self._inbox or self.peer_has_left())

    def _report_room(self) -> None:
        if self.on_writable is not None:
            self.on_writable()

    def _record(self, kind: str, data: bytes = b"") -> None:
        network = self._network
        network.trace.record(network.loop.time(), self.remote, self.address, kind, data)


def _confirm(answered: "asyncio.Future[None]") -> None:
    if not answered.done():
        answered.set_result(None)


def _in_use(address: Address) -> OSError:
    text = f"error while attempting to bind on address {address}: address already in use"
    return OSError(EADDRINUSE, text)
