"""What the kernel does: listening ports, the two ends of a connection, and bytes on their way.

An `Endpoint` is what a program would know as a connected socket. It sends, receives, shuts down
and closes; it never calls a protocol, that is the transport's part. The rules are those of TCP on
Linux, because the scenarios in tests/simnet compare the two:

- The bytes that were sent to an end and not read there yet never exceed its receive buffer. That
  is all of flow control: a reader that stops makes `send` of its peer take nothing.
- `shutdown` sends FIN: no more will be written. `close` sends it too, unless bytes lie unread:
  then the peer gets RST, and learns that some of what it sent was never seen.
- Bytes that reach a closed end are answered with RST.
- What had arrived before a RST can still be read.

Everything that travels waits in one heap, ordered by arrival. The loop takes from it when
no callback is ready, so each arrival is dealt with completely before the next one is let in.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from errno import EADDRINUSE, ECONNREFUSED, ECONNRESET, EPIPE
from math import inf
from socket import AF_INET, SOCK_STREAM

from simnet.trace import Trace
from simnet.weather import Weather

Address = tuple[str, int]  # host, port

RECEIVE_BUFFER = 64 * 1024  # bytes, the most that TCP can offer without window scaling (RFC 9293)
FIRST_FREE_PORT = 49152  # where the range for dynamic ports begins (RFC 6335)
ANY_HOST = "0.0.0.0"


class Network:
    """Every port, every connection and everything on its way, for one loop."""

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
        """When the next thing arrives, in virtual seconds; infinity when nothing is on its way."""
        return self._arrivals[0][0] if self._arrivals else inf

    def take(self, within: float | None = None) -> list[asyncio.Handle]:
        """What arrives next, as callbacks to run: one, or all of the next `within` seconds.

        Of several, each is of another connection: two pieces of one connection stay two reads.
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

    def at(
        self, time: float, context: Context, callback: Callable[..., object], *args: object
    ) -> None:
        """Have `callback` run when the clock gets to `time`. Equal times keep their order."""
        self._count += 1
        handle = asyncio.Handle(callback, args, self.loop, context)
        owner = id(getattr(callback, "__self__", callback))
        heapq.heappush(self._arrivals, (time, self._count, handle, owner))

    def bind(self, host: str | None, port: int) -> "Listener":
        """Take an address to listen on; port 0 picks a free one.

        Raises OSError (EADDRINUSE) when somebody has it.
        """
        address = self._address(host or ANY_HOST, port)
        for taken, number in self.listeners:
            if number == address[1] and (taken == address[0] or ANY_HOST in (taken, address[0])):
                raise _in_use(address)
        self.listeners[address] = listener = Listener(self, address)
        return listener

    async def connect(self, host: str, port: int, local: Address | None) -> "Endpoint":
        """The connecting end of a new connection, one round trip later.

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
        self.at(self.loop.time() + latency, context, self._knock, end, answered)
        try:
            await answered
        except BaseException:
            end.close()
            raise
        return end

    def _knock(self, end: "Endpoint", answered: "asyncio.Future[None]") -> None:
        """Deal with a request to connect that has reached the other side."""
        there, back = end.remote, self.loop.time() + end.latency
        listener = self.listeners.get(there) or self.listeners.get((ANY_HOST, there[1]))
        if listener is None or listener.accept is None:
            self.at(back, end.context, self._refuse, end, answered)
            return
        self.trace.record(self.loop.time(), end.address, there, "connect")
        self.at(back, end.context, _welcome, answered)
        end.peer.context = listener.context
        listener.context.run(listener.accept, end.peer)

    def _refuse(self, end: "Endpoint", answered: "asyncio.Future[None]") -> None:
        self.trace.record(self.loop.time(), end.remote, end.address, "refused")
        end.broken = ConnectionRefusedError(ECONNREFUSED, f"Connect call failed {end.remote}")
        if not answered.done():
            answered.set_exception(end.broken)

    def _address(self, host: str, port: int) -> Address:
        """The address as it will be known, with a port of its own where none was asked for."""
        host = "127.0.0.1" if host == "localhost" else host
        if port:
            return host, port
        listening = {port for _, port in self.listeners}
        self._last_port += 1
        while self._last_port in listening or (host, self._last_port) in self.connected:
            self._last_port += 1
        return host, self._last_port


class Listener:
    """An address that a server holds: as much of a socket as `asyncio.Server` asks for."""

    family, type, proto = AF_INET, SOCK_STREAM, 0

    def __init__(self, network: Network, address: Address) -> None:
        self._network = network
        self._address = address
        self.accept: Callable[[Endpoint], None] | None = None  # None: bound, not listening yet
        self.context = copy_context()

    def getsockname(self) -> Address:
        return self._address

    def fileno(self) -> int:
        return -1  # there is no file behind it

    def listen(self, backlog: int) -> None:
        """Called by `asyncio.Server`, which then calls the loop's `_start_serving`."""

    def close(self) -> None:
        self.accept = None
        self._network.listeners.pop(self._address, None)


class Endpoint:
    """One end of a connection.

    `watch` says whom to call when there is something to `receive`, once for each piece.
    `on_writable` is called when the peer has made room or has broken off; None means nobody.
    `on_peer_left` is called when FIN or RST arrives, also while nobody reads.
    Callbacks run in `context`, the context variables of whoever made this end.
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
        self.broken: OSError | None = None  # set when RST has arrived
        self._network = network
        self._on_readable: Callable[[], None] | None = None
        self._inbox: deque[bytes] = deque()  # arrived and not read
        self._unread = 0  # bytes sent to this end and not read: in the inbox or still on their way
        self._outbox: list[bytes] = []  # sent at this moment, not departed yet
        self._last_arrival = 0.0  # of what this end has sent
        self._fin = ""  # the kind of FIN that has arrived: "eof" or "close"
        self._said = ""  # what this end has sent last: "eof", "close" or "reset"
        self._closed = False

    def send(self, data: memoryview) -> int:
        """Send what the peer has room for and return how much that is; 0 means wait.

        What would fit into an empty receive buffer goes whole or waits, so that calm weather can
        promise that one write is one read. Raises ConnectionResetError or BrokenPipeError when the
        peer has broken off.
        """
        if self.broken is not None:
            raise self.broken
        piece = bytes(data[:RECEIVE_BUFFER])
        if len(piece) > RECEIVE_BUFFER - self.peer._unread:
            return 0
        self.peer._unread += len(piece)
        if not self._outbox:
            self._soon(self._depart)
        self._outbox.append(piece)
        return len(piece)

    def receive(self, most: int) -> bytes:
        """The next piece that arrived, at most `most` bytes of it; b"" at the end of the stream.

        Raises ConnectionResetError when there is no more because the peer has broken off.
        """
        if not self._inbox:
            if self.broken is not None and not self._fin:
                raise self.broken
            self._note(self._fin)
            return b""
        piece = self._inbox.popleft()
        data, rest = piece[:most], piece[most:]
        if rest:
            self._inbox.appendleft(rest)
        self._unread -= len(data)
        self._note("data", data)
        if self.peer.on_writable is not None:
            self._launch(self.peer._make_room)
        return data

    def watch(self, on_readable: Callable[[], None] | None) -> None:
        """Call `on_readable` from now on, for what lies unread first; None stops it."""
        self._on_readable = on_readable
        if on_readable is not None and self._has_news():
            self._soon(self._poll)

    def peer_has_left(self) -> bool:
        """Whether FIN or RST has arrived."""
        return bool(self._fin or self.broken)

    def shutdown(self) -> None:
        """Send FIN after what was sent: nothing more will be written."""
        self._say("eof")

    def close(self) -> None:
        """Hang up: FIN, or RST when bytes lie unread here."""
        self._leave("reset" if self._inbox else "close")

    def reset(self) -> None:
        """Hang up with RST, as a socket with SO_LINGER 0 does when it is closed."""
        self._leave("reset")

    def _leave(self, kind: str) -> None:
        if self._closed:
            return
        self._closed = True
        self._network.connected.discard(self.address)
        if self.broken is None:
            self._say(kind)

    def _say(self, kind: str) -> None:
        """Send FIN or RST, each at most once, and no FIN after either."""
        if self._said and (kind != "reset" or self._said == "reset"):
            return
        self._said = kind
        self._soon(self._launch, self.peer._end, kind)

    def _soon(self, callback: Callable[..., object], *args: object) -> None:
        self._network.at(self._network.loop.time(), self.context, callback, *args)

    def _depart(self) -> None:
        writes, self._outbox = self._outbox, []
        for piece in self._network.weather.travel(writes):
            self._launch(self.peer._arrive, piece)

    def _launch(self, callback: Callable[..., object], *args: object) -> None:
        """Have something arrive at the peer, never before what was launched earlier."""
        due = self._network.loop.time() + self.latency + self._network.weather.delay()
        self._last_arrival = max(due, self._last_arrival)
        self._network.at(self._last_arrival, self.peer.context, callback, *args)

    def _arrive(self, piece: bytes) -> None:
        if self._closed:
            self._say("reset")
            return
        self._inbox.append(piece)
        self._poll()

    def _end(self, kind: str) -> None:
        """Deal with the FIN or RST that has arrived."""
        if self._closed:
            return
        if kind == "reset":
            self._break()
        else:
            self._fin = kind
            self._poll()
        if self.on_peer_left is not None:
            self.on_peer_left()

    def _break(self) -> None:
        self._note("reset")
        # Linux tells a program that could have seen the end of the stream of a broken pipe instead.
        if self._fin:
            self.broken = BrokenPipeError(EPIPE, "Broken pipe")
        else:
            self.broken = ConnectionResetError(ECONNRESET, "Connection reset by peer")
        self._poll()
        self._make_room()

    def _poll(self) -> None:
        """Let the program read one piece; what is left waits until it has dealt with that."""
        if self._on_readable is None or not self._has_news():
            return
        self._on_readable()
        if self._has_news():
            self._soon(self._poll)

    def _has_news(self) -> bool:
        return bool(self._inbox) or self.peer_has_left()

    def _make_room(self) -> None:
        if self.on_writable is not None:
            self.on_writable()

    def _note(self, kind: str, data: bytes = b"") -> None:
        network = self._network
        network.trace.record(network.loop.time(), self.remote, self.address, kind, data)


def _welcome(answered: "asyncio.Future[None]") -> None:
    if not answered.done():
        answered.set_result(None)


def _in_use(address: Address) -> OSError:
    text = f"error while attempting to bind on address {address}: address already in use"
    return OSError(EADDRINUSE, text)
