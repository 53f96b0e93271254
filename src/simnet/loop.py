"""An asyncio event loop whose clock jumps and whose network is made of Python objects.

An event loop does one thing over and over: it runs the callbacks that are ready, then waits until
something makes more of them ready. asyncio's own loop waits in the operating system. This one has
nothing to wait for: it looks up the next arrival or timer, sets its clock to that moment, and goes
on. So a conversation with minutes of silence takes microseconds, and the same program with the same
seed always does the same things in the same order.

Everything above that is asyncio's: tasks, futures, streams, `asyncio.Server`, the bookkeeping in
`BaseEventLoop`. `_run_once`, `_ready`, `_scheduled` and `_start_serving` are its private names.
There is no public way to replace what they do, and they are the same from Python 3.11 to 3.14.
"""

import asyncio
import heapq
import inspect
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from functools import partial
from math import inf
from typing import Any, NamedTuple, NoReturn, TypeVar

from simnet.due import Due
from simnet.network import Address, Endpoint, Listener, Network
from simnet.stall import PLUMBING, report_busy, report_stall
from simnet.trace import Trace
from simnet.transport import SimulatedTransport
from simnet.weather import Weather, calm

# A program can keep the loop busy (`while not done: await asyncio.sleep(0)`) and still has to hear
# from the network. After this many passes without a move of the clock, the next arrival is
# delivered.
PASSES_BEFORE_AN_ARRIVAL = 100
# After this many, the next timer runs. If there is none, the loop is reported as busy forever.
PASSES_BEFORE_A_REPORT = 100_000

# Options of create_server and create_connection that make no difference on this network.
IGNORED = """
    all_errors backlog family flags happy_eyeballs_delay interleave keep_alive proto reuse_address
    reuse_port ssl_handshake_timeout ssl_shutdown_timeout
"""

RESOLUTION = 1e-9  # seconds: arrivals no further apart than this happen at the same moment

ProtocolFactory = Callable[[], asyncio.BaseProtocol]
T = TypeVar("T")


class NotSimulated(NotImplementedError):
    """The program asked the loop for something that the simulated network does not have."""


class _Limits(NamedTuple):
    """How far one run of the loop goes."""

    until: float = inf  # virtual seconds; the clock does not pass this
    holds_timers: bool = False
    joins_arrivals: bool = False  # what arrives at the same moment shares a turn of the loop
    stops_when_idle: bool = False  # otherwise a loop with nothing left to do reports a stall


_UNLIMITED = _Limits()


class SimulatedLoop(asyncio.BaseEventLoop):
    """An event loop in virtual time, on a network of its own.

    Use it like any loop (`run_until_complete`, `asyncio.Runner(loop_factory=SimulatedLoop)`): it
    runs until the work is done, and raises `Stalled` when nothing can ever happen again. Or drive
    it from outside with `settle` and `advance`.
    """

    simulated = True  # programs can ask: getattr(loop, "simulated", False)
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
        self._limits = _UNLIMITED

    def time(self) -> float:
        """Return the virtual seconds since the loop was made."""
        return self._now

    def call_at(  # type: ignore[override]  # no *Ts here
        self, when: float, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        """Set a timer. Of those that are due at one moment, the one set first runs first."""
        return super().call_at(Due(when), callback, *args, context=context)

    def settle(self, together: bool = False) -> None:
        """Run until no callback is ready and no byte is in flight.

        Timers are held, even those that become due during the call. With `together`, arrivals from
        several connections at the same moment are delivered in one turn of the loop, as by a
        selector that reports several sockets. Otherwise each arrival is handled completely before
        the next. Raises `Stalled` when the program keeps the loop busy forever.
        """
        limits = _Limits(holds_timers=True, joins_arrivals=together, stops_when_idle=True)
        self._run_within(limits)

    def depart_in(self, seconds: float, callback: Callable[..., object], *args: object) -> None:
        """Call `callback`, which sends something, in `seconds`, even while timers are held."""
        self._network.call_at(self._now + seconds, copy_context(), callback, *args)

    def advance(self, seconds: float) -> None:
        """Run everything, timers too, until the clock has moved by `seconds`.

        Raises `Stalled` when the program keeps the loop busy forever.
        """
        end = self._now + seconds
        self._run_within(_Limits(until=end, stops_when_idle=True))
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
        `local_addr` is taken, and ValueError without a host and a port.
        """
        _check("create_connection", options)
        if host is None or port is None:
            raise ValueError("create_connection needs a host and a port")
        end = await self._network.connect(host, port, local_addr)
        try:
            protocol = protocol_factory()
            transport = SimulatedTransport(self, end, protocol)
            await asyncio.sleep(0)  # as asyncio does: connection_made is called before we return
        except BaseException:
            end.close()
            raise
        return transport, protocol

    def run_in_executor(  # type: ignore[override]  # the executor is ignored
        self, executor: object, func: Callable[..., T], *args: Any
    ) -> "asyncio.Future[T]":
        """Call `func` at once, without a thread: threads would make the order a matter of luck."""
        return call_now(self, func, *args)

    def _run_within(self, limits: _Limits) -> None:
        self._limits = limits
        try:
            self.run_forever()
        finally:
            self._limits = _UNLIMITED

    def _run_once(self) -> None:
        """Run every callback that is ready. If there is none, make the next event ready first."""
        if self._ready or self._stopping:
            self._passes += 1
            if self._passes % PASSES_BEFORE_AN_ARRIVAL == 0:
                self._interrupt_busy_program()
        else:
            self._passes = 0
            if not self._ready_next_event(self._limits.until):
                self._handle_idle()
        for _ in range(len(self._ready)):
            handle = self._ready.popleft()
            if not handle.cancelled():
                handle._run()

    def _ready_next_event(self, until: float) -> bool:
        """Make the next arrival or timer ready, and set the clock to it; return whether one is due.

        An event after `until` is not due, and neither is a timer while timers are held.
        """
        while self._scheduled and self._scheduled[0].cancelled():
            self._pop_timer()
        limits = self._limits
        arrival = self._network.next_arrival()
        timer = self._scheduled[0].when() if self._scheduled and not limits.holds_timers else inf
        if min(arrival, timer) == inf or min(arrival, timer) > until:
            return False
        self._passes = 0
        self._now = max(self._now, float(min(arrival, timer)))
        if arrival <= timer:
            within = RESOLUTION if limits.joins_arrivals else None
            self._ready.extend(self._network.take_arrivals(within))
            return True
        while self._scheduled and self._scheduled[0].when() <= self._now:
            self._ready.append(self._pop_timer())
        return True

    def _handle_idle(self) -> None:
        if not self._limits.stops_when_idle:
            raise report_stall(self, self.plumbing)
        self.stop()

    def _interrupt_busy_program(self) -> None:
        """Make an event ready although the program never lets the loop run out of callbacks."""
        until = self._limits.until
        arrival = self._network.next_arrival()
        if self._ready_next_event(self._now if arrival == inf else min(arrival, until)):
            return
        if self._passes < PASSES_BEFORE_A_REPORT or self._ready_next_event(until):
            return
        raise report_busy(self._ready, self.plumbing)

    def _pop_timer(self) -> asyncio.TimerHandle:
        timer = heapq.heappop(self._scheduled)
        timer._scheduled = False  # type: ignore[attr-defined]  # asyncio counts the scheduled ones
        return timer

    def _write_to_self(self) -> None:
        """Do nothing: asyncio wakes a loop that sleeps in the operating system; ours never does."""

    def _start_serving(
        self, factory: ProtocolFactory, listener: Listener, _ssl: None, server: Any, *_: object
    ) -> None:
        """Accept connections on `listener`; `asyncio.Server` calls this for each of its sockets."""
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


def call_now(
    loop: asyncio.AbstractEventLoop, func: Callable[..., T], *args: Any
) -> "asyncio.Future[T]":
    """Call `func(*args)` at once and return a finished future of `loop` with its result."""
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


def _unsimulated() -> Iterator[str]:
    """Yield what event loops can do and a `SimulatedLoop` cannot.

    `AbstractEventLoop` names it all. `BaseEventLoop` leaves some of it to a subclass, and does the
    rest of the I/O itself, in coroutines. Its only coroutines without I/O are named shutdown_*.
    """
    for name in dir(asyncio.AbstractEventLoop):
        if name.startswith(("_", "shutdown_")) or name in vars(SimulatedLoop):
            continue
        method = getattr(asyncio.BaseEventLoop, name)
        is_missing = method is getattr(asyncio.AbstractEventLoop, name)
        if is_missing or inspect.iscoroutinefunction(method):
            yield name


for _name in [*_unsimulated()]:
    setattr(SimulatedLoop, _name, _refuse(_name))


def _check(function: str, options: dict[str, object]) -> None:
    for name, value in options.items():
        if name not in IGNORED.split() and value is not None and value is not False:
            raise NotSimulated(
                f"{function}({name}=...) is not simulated: the simulated network carries plain "
                "bytes between a host and a port and another; leave this option out"
            )
