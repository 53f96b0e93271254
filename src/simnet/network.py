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
import errno
import heapq
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from math import inf
from socket import AF_INET, SOCK_STREAM

from simnet.trace import Trace
from simnet.weather import Weather

Address = tuple[str, int]

RECEIVE_BUFFER = 64 * 1024  # bytes, the most that TCP can offer without window scaling (RFC 9293)
FIRST_FREE_PORT = 49152  # where the range for dynamic ports begins (RFC 6335)
ANY_HOST = "0.0.0.0"


class Network:
    """Every port, every connection and everything on its way, for one loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, weather: Weather, trace: Trace) -> None:
        self.loop = loop
        self.weather = weather
        self.trace = trace
        self._arrivals: list[tuple[float, int, asyncio.Handle]] = []
        self._count = 0
        self._listeners: dict[Address, Listener] = {}
        self._connected: set[Address] = set()
        self._last_port = FIRST_FREE_PORT - 1

    def next_arrival(self) -> float:
        """When the next thing arrives, in virtual seconds; infinity when nothing is on its way."""
        return self._arrivals[0][0] if self._arrivals else inf

    def take(self) -> asyncio.Handle:
        """What arrives next, as a callback to run."""
        return heapq.heappop(self._arrivals)[2]

    def at(self, time: float, callback: Callable[..., object], *args: object) -> None:
        """Have `callback` run when the clock gets to `time`. Equal times keep their order."""
        self._put(time, asyncio.Handle(callback, args, self.loop))

    def at_in(
        self, context: Context, time: float, callback: Callable[..., object], *args: object
    ) -> None:
        """The same, in the context variables of whoever will read what arrives."""
        self._put(time, asyncio.Handle(callback, args, self.loop, context))

    def clear(self) -> None:
        """Lose everything that is on its way."""
        self._arrivals.clear()

    def bind(self, host: str | None, port: int) -> "Listener":
        """Take an address to listen on; port 0 picks a free one.

        Raises OSError (EADDRINUSE) when somebody has it.
        """
        address = (_numeric(host), port or self._free_port(_numeric(host)))
        for taken in self._listeners:
            same_host = address[0] == taken[0] or ANY_HOST in (address[0], taken[0])
            if taken[1] == address[1] and same_host:
                raise _in_use(address)
        self._listeners[address] = listener = Listener(self, address)
        return listener

    def release(self, address: Address) -> None:
        """Give a listening address back."""
        self._listeners.pop(address, None)

    def hung_up(self, address: Address) -> None:
        """Note that the connected end at `address` was closed."""
        self._connected.discard(address)

    async def connect(self, host: str, port: int, local: Address | None) -> "Endpoint":
        """The connecting end of a new connection, one round trip later.

        Raises ConnectionRefusedError when nobody listens there, OSError (EADDRINUSE) when `local`
        is taken.
        """
        remote = (_numeric(host), port)
        here = (_numeric(local[0]) if local else "127.0.0.1", local[1] if local else 0)
        here = (here[0], here[1] or self._free_port(here[0]))
        if here in self._connected:
            raise _in_use(here)
        self._connected.add(here)
        end, other = _pair(self, here, remote)
        answered: asyncio.Future[None] = self.loop.create_future()
        self.at(self.loop.time() + end.latency, self._knock, other, answered)
        try:
            await answered
        except BaseException:
            end.close()
            raise
        return end

    def _knock(self, accepted: "Endpoint", answered: "asyncio.Future[None]") -> None:
        """Deal with a request to connect that has reached the other side."""
        here, there = accepted.remote, accepted.address
        listener = self._listeners.get(there) or self._listeners.get((ANY_HOST, there[1]))
        back = self.loop.time() + accepted.latency
        if listener is None or listener.accept is None:
            self.at(back, self._refuse, accepted.peer, answered)
            return
        self.trace.record(self.loop.time(), here, there, "connect")
        self.at(back, _answer, answered)
        accepted.context = listener.context
        listener.accept(accepted)

    def _refuse(self, end: "Endpoint", answered: "asyncio.Future[None]") -> None:
        self.trace.record(self.loop.time(), end.remote, end.address, "refused")
        text = f"Connect call failed {end.remote}"
        end.broken = ConnectionRefusedError(errno.ECONNREFUSED, text)
        if not answered.done():
            answered.set_exception(end.broken)

    def _put(self, time: float, handle: asyncio.Handle) -> None:
        self._count += 1
        heapq.heappush(self._arrivals, (time, self._count, handle))

    def _free_port(self, host: str) -> int:
        listening = {port for _, port in self._listeners}
        self._last_port += 1
        while self._last_port in listening or (host, self._last_port) in self._connected:
            self._last_port += 1
        return self._last_port


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
        self._network.release(self._address)


class Endpoint:
    """One end of a connection.

    `watch` says whom to call when there is something to `receive`, once for each piece.
    `on_writable` is called when the peer has made room or has broken off; None means nobody.
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
        self._on_readable: Callable[[], None] | None = None
        self._network = network
        self._inbox: deque[bytes] = deque()  # arrived and not read
        self._unread = 0  # bytes sent to this end and not read: in the inbox or still on their way
        self._outbox: list[bytes] = []  # sent at this moment, not departed yet
        self._last_departure_arrives = 0.0
        self._fin: str | None = None  # the kind of FIN that has arrived: "eof" or "close"
        self._fin_noted = False
        self.broken: OSError | None = None  # set when RST has arrived
        self._said: str | None = None  # the last of "eof", "close", "reset" that this end has sent
        self._deaf = False
        self._closed = False

    def send(self, data: memoryview) -> int:
        """Send what the peer has room for and return how much that is; 0 means wait.

        What would fit into an empty receive buffer goes whole or waits, so that calm weather can
        promise that one write is one read. Raises ConnectionResetError or BrokenPipeError when the
        peer has broken off.
        """
        if self.broken is not None:
            raise self.broken
        room = RECEIVE_BUFFER - self.peer._unread
        if room < min(len(data), RECEIVE_BUFFER):
            return 0
        piece = bytes(data[:RECEIVE_BUFFER])
        self.peer._unread += len(piece)
        if not self._outbox:
            self._soon(self._depart)
        self._outbox.append(piece)
        return len(piece)

    def receive(self, most: int) -> bytes:
        """The next piece that arrived, at most `most` bytes of it; b"" at the end of the stream.

        Raises ConnectionResetError when there is no more because the peer has broken off.
        """
        if self._inbox:
            return self._take_piece(most)
        if self._fin is not None:
            self._note_fin()
            return b""
        assert self.broken is not None, "receive() was called with nothing to read"
        raise self.broken

    def watch(self, on_readable: Callable[[], None] | None) -> None:
        """Call `on_readable` from now on, for what lies unread first; None stops it."""
        self._on_readable = on_readable
        if self._readable():
            self._soon(self._poll)

    def stop_listening(self) -> None:
        """Read no more, ever: what arrives from now on stays unread."""
        self._on_readable = None
        self._deaf = True
        self._note_fin()

    def shutdown(self) -> None:
        """Send FIN after what was sent: nothing more will be written."""
        self._say("eof")

    def close(self) -> None:
        """Hang up: FIN, or RST when bytes lie unread here."""
        if not self._closed:
            self._leave("reset" if self._inbox else "close")

    def reset(self) -> None:
        """Hang up with RST, as a socket with SO_LINGER 0 does when it is closed."""
        if not self._closed:
            self._leave("reset")

    def _leave(self, kind: str) -> None:
        self._closed = True
        self._network.hung_up(self.address)
        if self.broken is None:
            self._say(kind)

    def _say(self, kind: str) -> None:
        """Send FIN or RST, each at most once, and no FIN after either."""
        if self._said == "reset" or (self._said is not None and kind != "reset"):
            return
        self._said = kind
        self._soon(self._launch, self.peer._finish, kind)

    def _soon(self, callback: Callable[..., object], *args: object) -> None:
        self._network.at_in(self.context, self._network.loop.time(), callback, *args)

    def _depart(self) -> None:
        writes, self._outbox = self._outbox, []
        for piece in self._network.weather.travel(writes):
            self._launch(self.peer._arrive, piece)

    def _launch(self, callback: Callable[..., object], *args: object) -> None:
        """Have something arrive at the peer, never before what was launched earlier."""
        due = self._network.loop.time() + self.latency + self._network.weather.delay()
        self._last_departure_arrives = max(due, self._last_departure_arrives)
        self._network.at_in(self.peer.context, self._last_departure_arrives, callback, *args)

    def _arrive(self, piece: bytes) -> None:
        if self._closed:
            self._say("reset")
            return
        self._inbox.append(piece)
        self._poll()

    def _finish(self, kind: str) -> None:
        """Deal with the FIN or RST that has arrived."""
        if kind == "reset":
            self._break()
            return
        self._fin = kind
        if self._deaf:
            self._note_fin()
        self._poll()

    def _break(self) -> None:
        if self._closed:
            return
        self._note("reset")
        # Linux tells a program that had seen the end of the stream of a broken pipe instead.
        if self._fin is None:
            self.broken = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        else:
            self.broken = BrokenPipeError(errno.EPIPE, "Broken pipe")
        self._poll()
        if self.on_writable is not None:
            self.on_writable()

    def _poll(self) -> None:
        """Let the program read one piece; what is left waits until it has dealt with that."""
        if self._on_readable is None or not self._readable():
            return
        self._on_readable()
        if self._on_readable is not None and self._readable():
            self._soon(self._poll)

    def _readable(self) -> bool:
        return bool(self._inbox) or self._fin is not None or self.broken is not None

    def _take_piece(self, most: int) -> bytes:
        piece = self._inbox.popleft()
        data, rest = piece[:most], piece[most:]
        if rest:
            self._inbox.appendleft(rest)
        self._unread -= len(data)
        self._note("data", data)
        if self.peer.on_writable is not None:
            self._launch(self.peer._make_room)
        return data

    def _make_room(self) -> None:
        if self.on_writable is not None:
            self.on_writable()

    def _note_fin(self) -> None:
        """FIN is noted when the program reads it, or arrives where nobody reads any more."""
        if self._fin is not None and not self._fin_noted:
            self._fin_noted = True
            self._note(self._fin)

    def _note(self, kind: str, data: bytes = b"") -> None:
        network = self._network
        network.trace.record(network.loop.time(), self.remote, self.address, kind, data)


def _pair(network: Network, here: Address, there: Address) -> tuple[Endpoint, Endpoint]:
    """The two ends of a connection to be, each knowing the other."""
    latency = network.weather.latency()
    one = Endpoint(network, here, there, latency, copy_context())
    other = Endpoint(network, there, here, latency, copy_context())
    one.peer, other.peer = other, one
    return one, other


def _answer(answered: "asyncio.Future[None]") -> None:
    if not answered.done():
        answered.set_result(None)


def _numeric(host: str | None) -> str:
    if not host:
        return ANY_HOST
    return "127.0.0.1" if host == "localhost" else host


def _in_use(address: Address) -> OSError:
    text = f"error while attempting to bind on address {address}: address already in use"
    return OSError(errno.EADDRINUSE, text)
