"""An asyncio event loop whose clock jumps and whose network is made of Python objects.

An event loop does one thing over and over: run the callbacks that are ready, then wait until
something makes more of them ready. asyncio's own waits in the operating system. This one has
nothing to wait for: it looks up what comes next, an arrival or a timer, sets its clock to that
moment, and goes on. So a conversation with minutes of silence takes microseconds, and the same
program with the same seed does the same things in the same order, always.

Everything above that is asyncio's: tasks, futures, streams, `asyncio.Server`, the bookkeeping in
`BaseEventLoop`. `_run_once`, `_ready`, `_scheduled` and `_start_serving` are names of its own.
There is no public way to replace what they do, and they are the same from Python 3.11 to 3.14.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import partial
from math import inf
from typing import Any, NoReturn, TypeVar

from simnet.network import Address, Endpoint, Listener, Network
from simnet.stall import PLUMBING, report_busy, report_stall
from simnet.trace import Trace
from simnet.transport import SimulatedTransport
from simnet.weather import Weather, calm

# A program may keep the loop busy, `while not done: await asyncio.sleep(0)`, and still has to hear
# from the network. After so many passes with the clock standing still, the next arrival is let in.
PASSES_BEFORE_AN_ARRIVAL = 100
# After so many, a timer is; and when there is none, the loop is reported as busy for ever.
PASSES_BEFORE_A_REPORT = 100_000

# Options of create_server and create_connection that make no difference on this network.
IGNORED = """
    all_errors backlog family flags happy_eyeballs_delay interleave keep_alive proto reuse_address
    reuse_port ssl_handshake_timeout ssl_shutdown_timeout
"""
# What an event loop can do, and this one does not.
REFUSED = """
    add_reader add_signal_handler add_writer connect_accepted_socket connect_read_pipe
    connect_write_pipe create_datagram_endpoint create_unix_connection create_unix_server
    getaddrinfo getnameinfo remove_reader remove_signal_handler remove_writer sendfile sock_accept
    sock_connect sock_recv sock_recv_into sock_recvfrom sock_recvfrom_into sock_sendall
    sock_sendfile sock_sendto start_tls subprocess_exec subprocess_shell
"""

RESOLUTION = 1e-9  # seconds: what is no further apart happens at one moment

ProtocolFactory = Callable[[], asyncio.BaseProtocol]
T = TypeVar("T")


class NotSimulated(NotImplementedError):
    """The program asked the loop for something that the simulated network does not have."""


class SimulatedLoop(asyncio.BaseEventLoop):
    """An event loop in virtual time, on a network of its own.

    Use it like any loop (`run_until_complete`, `asyncio.Runner(loop_factory=SimulatedLoop)`): it
    runs until the work is done, and raises `Stalled` when nothing can ever happen again. Or stand
    outside and move it with `settle` and `advance`.
    """

    simulated = True  # programs may ask: getattr(loop, "simulated", False)
    plumbing = PLUMBING  # packages whose lines a report does not show

    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]
    _stopping: bool

    def __init__(self, weather: Weather | None = None) -> None:
        super().__init__()
        self.weather = weather or calm()
        self.trace = Trace()
        self._network = Network(self, self.weather, self.trace)
        self._now = 0.0
        self._passes = 0  # since the last arrival or timer
        self._until = inf  # the clock goes no further
        self._timers_held = False
        self._together = False  # arrivals of one moment share a turn
        self._rests = False  # when nothing is left to do: return, instead of reporting a stall

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._now

    def settle(self, together: bool = False) -> None:
        """Run until no callback is ready and no byte is in flight.

        Timers are held, even those that become due meanwhile. `together` lets in what arrives from
        several connections at one moment in one turn of the loop, as a selector does that reports
        several sockets; otherwise each arrival is dealt with before the next. Raises `Stalled` when
        the program keeps the loop busy for ever.
        """
        self._together = together
        try:
            self._visit(inf, timers_held=True)
        finally:
            self._together = False

    def depart_in(self, seconds: float, callback: Callable[..., object], *args: object) -> None:
        """Have `callback` send something that many seconds from now, though timers are held."""
        self._network.at(self._now + seconds, copy_context(), callback, *args)

    def advance(self, seconds: float) -> None:
        """Run everything, timers too, until the clock has moved by `seconds`.

        Raises `Stalled` when the program keeps the loop busy for ever.
        """
        end = self._now + seconds
        self._visit(end, timers_held=False)
        self._now = max(self._now, end)

    async def create_server(
        self,
        protocol_factory: ProtocolFactory,
        host: str | Sequence[str] | None = None,
        port: int | None = None,
        *,
        start_serving: bool = True,
        **options: object,
    ) -> asyncio.Server:
        """Listen on a port of the simulated network; 0 or None picks a free one.

        Raises OSError (EADDRINUSE) when the port is taken.
        """
        _check("create_server", options)
        hosts = [host] if host is None or isinstance(host, str) else host
        listeners: Any = [self._network.bind(name, port or 0) for name in hosts]
        server = asyncio.Server(self, listeners, protocol_factory, None, 100, None, None)
        if start_serving:
            await server.start_serving()
        return server

    async def create_connection(  # type: ignore[override]  # one way to call it, not asyncio's five
        self,
        protocol_factory: ProtocolFactory,
        host: str | None = None,
        port: int | None = None,
        *,
        local_addr: Address | None = None,
        **options: object,
    ) -> tuple[SimulatedTransport, asyncio.BaseProtocol]:
        """Connect to a port of the simulated network.

        Raises ConnectionRefusedError when nobody listens there, OSError (EADDRINUSE) when
        `local_addr` is taken.
        """
        _check("create_connection", options)
        if host is None or port is None:
            raise ValueError("create_connection needs a host and a port")
        end = await self._network.connect(host, port, local_addr)
        try:
            protocol = protocol_factory()
            transport = SimulatedTransport(self, end, protocol)
            await asyncio.sleep(0)  # connection_made comes first
        except BaseException:
            end.close()
            raise
        return transport, protocol

    def run_in_executor(  # type: ignore[override]  # the executor does not matter
        self, executor: object, func: Callable[..., T], *args: Any
    ) -> "asyncio.Future[T]":
        """Call `func` here and now: in a thread, the order of things would be a matter of luck."""
        return called_now(self, func, *args)

    def _visit(self, until: float, timers_held: bool) -> None:
        self._rests, self._until, self._timers_held = True, until, timers_held
        try:
            self.run_forever()
        finally:
            self._rests, self._until, self._timers_held = False, inf, False

    def _run_once(self) -> None:
        """One pass: run every callback that is ready; when there is none, let the next event in."""
        if self._ready or self._stopping:
            self._passes += 1
            if self._passes % PASSES_BEFORE_AN_ARRIVAL == 0:
                self._interrupt()
        else:
            self._passes = 0
            if not self._let_in(self._until):
                self._nothing_comes()
        for _ in range(len(self._ready)):
            handle = self._ready.popleft()
            if not handle.cancelled():
                handle._run()

    def _let_in(self, until: float) -> bool:
        """Make the next arrival or timer ready and set the clock to it; False if none may come."""
        while self._scheduled and self._scheduled[0].cancelled():
            self._pop_timer()
        arrival = self._network.next_arrival()
        timer = self._scheduled[0].when() if self._scheduled and not self._timers_held else inf
        if min(arrival, timer) == inf or min(arrival, timer) > until:
            return False
        self._passes = 0
        self._now = max(self._now, min(arrival, timer))
        if arrival <= timer:
            self._ready.extend(self._network.take(RESOLUTION if self._together else None))
            return True
        while self._scheduled and self._scheduled[0].when() <= self._now:
            self._ready.append(self._pop_timer())
        return True

    def _nothing_comes(self) -> None:
        if not self._rests:
            raise report_stall(self, self.plumbing)
        self.stop()

    def _interrupt(self) -> None:
        """Let something happen to a program that does not pause."""
        arrival = self._network.next_arrival()
        if self._let_in(self._now if arrival == inf else min(arrival, self._until)):
            return
        if self._passes < PASSES_BEFORE_A_REPORT or self._let_in(self._until):
            return
        raise report_busy(self._ready, self.plumbing)

    def _pop_timer(self) -> asyncio.TimerHandle:
        timer = heapq.heappop(self._scheduled)
        timer._scheduled = False  # type: ignore[attr-defined]  # asyncio counts those that are
        return timer

    def _write_to_self(self) -> None:
        """Called to wake a loop that sleeps in the operating system. This one never does."""

    def _start_serving(
        self, factory: ProtocolFactory, listener: Listener, _ssl: None, server: Any, *_: object
    ) -> None:
        """Called by `asyncio.Server` for each of its sockets."""
        listener.accept = partial(self._accept, factory, server)

    def _stop_serving(self, listener: Listener) -> None:
        listener.close()

    def _accept(self, factory: ProtocolFactory, server: asyncio.Server, end: Endpoint) -> None:
        try:
            protocol = factory()
        except Exception as error:
            message = "Error on transport creation for incoming connection"
            self.call_exception_handler({"message": message, "exception": error})
            end.close()
            return
        SimulatedTransport(self, end, protocol, server)


def called_now(
    loop: asyncio.AbstractEventLoop, func: Callable[..., T], *args: Any
) -> "asyncio.Future[T]":
    """The result of `func(*args)`, which is called at once, as a future of `loop`."""
    done: asyncio.Future[T] = loop.create_future()
    try:
        done.set_result(func(*args))
    except Exception as error:
        done.set_exception(error)
    return done


def _refuse(name: str) -> Callable[..., NoReturn]:
    def refuse(*_args: object, **_options: object) -> NoReturn:
        raise NotSimulated(
            f"{name} is not simulated: a SimulatedLoop has TCP connections, timers and tasks; "
            "run this part on asyncio's own loop"
        )

    return refuse


for _name in REFUSED.split():
    setattr(SimulatedLoop, _name, _refuse(_name))


def _check(function: str, options: dict[str, object]) -> None:
    for name, value in options.items():
        if name not in IGNORED.split() and value is not None and value is not False:
            raise NotSimulated(
                f"{function}({name}=...) is not simulated: the simulated network carries plain "
                "bytes between a host and a port and another; leave this option out"
            )
