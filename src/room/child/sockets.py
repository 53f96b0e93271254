"""The stage on real sockets: asyncio's own loop, in virtual time.

The judge's clients are real, so bytes can be in flight between them and the program. Both sides
count bytes, to know without sleeping when none are in flight. The selector first looks without
waiting. If nothing is ready, the loop would block. It is at rest once every connection that still
reads has received every byte that the judge sent to it. Then the counts of sent bytes go back, and
the judge reads exactly that much.

The loop's clock stops, except during "sleep", when it jumps from timer to timer. All of this uses
public interfaces: a selector, a `time()`, and a class of sockets that count.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import socket
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

from room.child.audit import Audit
from room.child.notes import Recorder
from room.child.proof import prove
from room.child.stage import Stage
from room.contract import HOST, KERNEL_BUFFER, Command, Serve, SocketState
from simnet import Stalled
from simnet.due import Due
from simnet.loop import call_now
from simnet.stall import waiting

LOOK = 1.0  # seconds to wait for bytes that the judge has sent already
BUSY = 50_000  # passes of the loop without input, after which we call it endless


T = TypeVar("T")


class SocketStage(Stage["StandingLoop"]):
    """Runs one room's program on real sockets. Its clients are in the judge's process."""

    LAST = "leave"

    def __init__(self, load: Callable[[], Serve], audit: Audit | None = None) -> None:
        self._connections: dict[int, CountingSocket] = {}
        super().__init__(StandingLoop(self._connections), load, audit, Recorder())

    def _act(self, command: Command) -> str:
        self._loop.expect(command.get("sent", {}))
        match command["do"]:
            case "open":
                port = self._start_serving((HOST, 0), (*command["certificate"], None))
                return f"{HOST}:{port}"
            case "settle":
                self._loop.settle()
            case "sleep":
                self._loop.advance(command["seconds"])
            case "stop":
                self._stop_serving()
            case "leave":
                self._leave()
            case "look":
                self._recorder.waiting(self._loop)
            case "prove":
                prove(self._recorder, self._loop, self._served, command["token"])
        return ""

    def _sockets(self) -> Mapping[int, SocketState]:
        return self._loop.states()

    def _prepare_to_close(self) -> None:
        self._loop.expect({})

    def _drop_connections(self) -> None:
        for connection in list(self._connections.values()):
            connection.close()

    def _leave(self) -> None:
        for port, connection in self._connections.items():
            if connection.finish != "close":
                self._recorder.open_connection(f"{HOST}:{port}")
        self._look_for_leftovers()


class StandingLoop(asyncio.SelectorEventLoop):
    """A selector loop that stops when it would block, and whose clock we move."""

    def __init__(self, connections: dict[int, CountingSocket]) -> None:
        self._now = 0.0
        self._until = 0.0
        self._connections = connections
        self._listeners: list[CountingListener] = []
        self._sent: Mapping[str, list[int]] = {}
        self._attentive = _AttentiveSelector(self._would_block, self._is_busy)
        super().__init__(self._attentive)

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self._now

    def expect(self, sent: Mapping[str, list[int]]) -> None:
        """Expect these raw bytes. For each client's port: how many, and whether that is all."""
        self._sent = sent

    def settle(self) -> None:
        """Run until the loop would block and everything sent has arrived. Timers wait."""
        self.advance(0.0)

    def advance(self, seconds: float) -> None:
        """Run like `settle`, and let that many virtual seconds pass, timers included."""
        self._until = self._now + seconds
        self.run_forever()

    def states(self) -> dict[int, SocketState]:
        """Return the state of every connection so far, by the client's port."""
        return {port: one.state(self._attentive) for port, one in self._connections.items()}

    def call_at(  # type: ignore[override]  # no *Ts here
        self, when: float, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        """Set a timer, with the two promises of the simulated loop.

        One that is due at once waits too. Those due at one moment run as they were set.
        """
        due = Due(max(when, self._now + 1e-6))
        return super().call_at(due, callback, *args, context=context)

    def run_in_executor(  # type: ignore[override]  # runs at once, without a thread
        self, executor: object, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """Call the function at once, and return a future with its result."""
        return call_now(self, func, *args)

    async def create_server(  # type: ignore[override]  # one of its two overloads
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        host: str | None = None,
        port: int | None = None,
        *,
        ssl: Any = None,
        backlog: int = 100,
        start_serving: bool = True,
        **_about_sockets: Any,
    ) -> asyncio.Server:
        """Create a server as asyncio does, but on one socket that counts."""
        listener = CountingListener(self._connections)
        listener.listen_at((host or HOST, port or 0))
        self._listeners.append(listener)
        return await super().create_server(
            protocol_factory, sock=listener, ssl=ssl, backlog=backlog, start_serving=start_serving
        )

    def _would_block(self, timer: float | None) -> float:
        """Return the seconds to wait when nothing is ready and the next timer is in `timer`."""
        if not self._all_arrived():
            return LOOK
        if timer is not None and self._now + timer <= self._until:
            self._now += timer
            return 0.0
        self._now = self._until
        self.stop()
        return 0.0

    def _is_busy(self) -> NoReturn:
        what = "The loop is busy forever: one of these never stops asking for another turn"
        raise Stalled(f"{what}:", map(waiting, asyncio.all_tasks(self)))

    def _all_arrived(self) -> bool:
        return all(self._arrived(int(port), *sent) for port, sent in self._sent.items())

    def _arrived(self, port: int, sent: int, ended: int) -> bool:
        connection = self._connections.get(port)
        if connection is None:  # not accepted yet
            return not any(listener.fileno() >= 0 for listener in self._listeners)
        if connection.finish == "close":
            return True
        if not self._attentive.watches(connection, selectors.EVENT_READ):
            return True
        return connection.received >= sent and not ended  # after end of file, it is not watched


class CountingSocket(socket.socket):
    """A connection's socket on the server's side, which counts the bytes that go through it."""

    received = 0
    sent = 0
    finish = ""  # "eof" or "close": how the server finished sending

    def recv(self, *args: Any) -> bytes:
        """Receive as a socket does, and count the bytes."""
        data = super().recv(*args)
        self.received += len(data)
        return data

    def recv_into(self, *args: Any) -> int:
        """Receive as a socket does, and count the bytes."""
        count = super().recv_into(*args)
        self.received += count
        return count

    def send(self, *args: Any) -> int:
        """Send as a socket does, and count the bytes."""
        count = super().send(*args)
        self.sent += count
        return count

    def sendmsg(self, *args: Any) -> int:
        """Send as a socket does, and count the bytes."""
        count = super().sendmsg(*args)
        self.sent += count
        return count

    def shutdown(self, how: int) -> None:
        """Shut down as a socket does, and remember that the server finished sending."""
        super().shutdown(how)
        self.finish = self.finish or "eof"

    def close(self) -> None:
        """Close as a socket does, and remember that the server closed."""
        super().close()
        self.finish = "close"

    def state(self, selector: _AttentiveSelector) -> SocketState:
        """Return the counts, and whether the loop waits until it can send more."""
        waits = self.finish != "close" and selector.watches(self, selectors.EVENT_WRITE)
        return SocketState(self.received, self.sent, waits, self.finish)


class CountingListener(socket.socket):
    """A listening socket that puts counting sockets into `connections`, by the client's port."""

    def __init__(
        self, connections: dict[int, CountingSocket], descriptor: int | None = None
    ) -> None:
        # asyncio turns off Nagle's algorithm only if the protocol is given here.
        super().__init__(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, descriptor)
        self._connections = connections

    def dup(self) -> CountingListener:
        """Return another descriptor of the same socket, as bfnet needs. It counts too."""
        return CountingListener(self._connections, os.dup(self.fileno()))

    def listen_at(self, address: tuple[str, int]) -> None:
        """Set the socket's options and bind it to an address."""
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted sockets inherit the buffer.
        self.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)
        self.bind(address)

    def accept(self) -> tuple[socket.socket, Any]:
        """Accept a connection as a counting socket."""
        plain, address = super().accept()
        counting = CountingSocket(plain.family, plain.type, plain.proto, plain.detach())
        self._connections[address[1]] = counting
        return counting, address


class _AttentiveSelector(selectors.DefaultSelector):
    """Calls `would_block` before it waits, and `busy` when it has not had to wait for long."""

    def __init__(
        self, would_block: Callable[[float | None], float], busy: Callable[[], None]
    ) -> None:
        super().__init__()
        self._would_block = would_block
        self._busy = busy
        self._passes = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        self._passes += 1
        if self._passes == BUSY:
            self._busy()
        if timeout == 0 and not ready:
            return ready
        self._passes = 0
        if ready:
            return ready
        return super().select(self._would_block(timeout))

    def watches(self, watched: socket.socket, events: int) -> bool:
        key = self.get_map().get(watched.fileno())
        return key is not None and bool(key.events & events)
