"""The stage of a scenario: it makes the connections and keeps what each protocol saw.

What a protocol saw is the list of its callbacks, in order, as text or as bytes. Consecutive bytes
are joined, because nobody promises how a stream is cut into reads.
"""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any

from simnet import SimulatedLoop, Weather

HOST = "127.0.0.1"
LONGEST = 20.0  # real seconds until a scenario on sockets is abandoned


class Recorder(asyncio.Protocol):
    """A protocol that records its callbacks."""

    def __init__(self) -> None:
        self.seen: list[bytearray | str] = []
        self.transport: Any = None
        self._noted = asyncio.Event()

    def note(self, what: bytearray | str) -> None:
        last = self.seen[-1] if self.seen else ""
        if isinstance(what, bytearray) and isinstance(last, bytearray):
            last += what
        else:
            self.seen.append(what)
        self._noted.set()

    async def saw(self, what: str) -> None:
        """Wait until `what` is recorded."""
        while what not in self.seen:
            self._noted.clear()
            await self._noted.wait()

    async def received(self, amount: int) -> None:
        """Wait until `amount` bytes have arrived."""
        while sum(len(part) for part in self.seen if isinstance(part, bytearray)) < amount:
            self._noted.clear()
            await self._noted.wait()

    async def ended(self) -> None:
        """Wait for connection_lost, for whatever reason."""
        while not any(isinstance(it, str) and it.startswith("lost") for it in self.seen):
            self._noted.clear()
            await self._noted.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.note("made")

    def data_received(self, data: bytes) -> None:
        self.note(bytearray(data))

    def eof_received(self) -> bool | None:
        self.note("eof")
        return None

    def pause_writing(self) -> None:
        self.note("pause")

    def resume_writing(self) -> None:
        self.note("resume")

    def connection_lost(self, exc: Exception | None) -> None:
        self.note(f"lost: {type(exc).__name__}")


class BufferedRecorder(asyncio.BufferedProtocol, Recorder):  # type: ignore[misc]
    """A recorder with a buffer of its own, of 10 bytes."""

    def __init__(self) -> None:
        super().__init__()
        self._buffer = bytearray(10)

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self.data_received(bytes(self._buffer[:nbytes]))

    def data_received(self, data: bytes) -> None:
        if len(data) > 10:
            self.note("past the buffer")
        super().data_received(data)


class Stage:
    """A scenario's tools: `serve`, `connect`, `reset`, and `tell` to record anything else."""

    def __init__(self) -> None:
        self.accepted: list[Any] = []
        self.connected: list[Any] = []
        self.told: list[str] = []
        self.complaints: list[str] = []  # exceptions that reached the loop's handler
        self.server: asyncio.Server
        self._somebody_came = asyncio.Event()
        self.port = 0

    async def serve(self, factory: Callable[[], Any]) -> None:
        def make() -> Any:
            self.accepted.append(factory())
            self._somebody_came.set()
            return self.accepted[-1]

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, it: self.complaints.append(repr(it["exception"])))
        self.server = await loop.create_server(make, HOST, 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def connect(self, factory: Callable[[], Any] = Recorder) -> Any:
        loop = asyncio.get_running_loop()
        _, protocol = await loop.create_connection(factory, HOST, self.port)
        self.connected.append(protocol)
        return protocol

    async def pair(self, server: Callable[[], Any], client: Callable[[], Any] = Recorder) -> Any:
        """Serve, connect, and return both protocols once both are made."""
        await self.serve(server)
        protocol = await self.connect(client)
        await self.everybody_is_in(1)
        return self.accepted[0], protocol

    async def everybody_is_in(self, clients: int) -> None:
        while len(self.accepted) < clients:
            self._somebody_came.clear()
            await self._somebody_came.wait()
        for protocol in self.accepted:
            await protocol.saw("made")

    async def everything_arrives(self) -> None:
        """Wait until what is in flight has arrived, where no reader can report it.

        Loopback sockets deliver during the write, and virtual time costs nothing. So this wait is
        never too short, and the result is not a matter of luck.
        """
        await asyncio.sleep(0.1)

    def tell(self, what: object) -> None:
        self.told.append(str(what))

    def reset(self, protocol: Any) -> None:
        """Reset the connection."""
        protocol.transport.reset()

    def outcome(self) -> dict[str, Any]:
        return {
            "accepted": [protocol.seen for protocol in self.accepted],
            "connected": [protocol.seen for protocol in self.connected],
            "told": self.told,
            "complaints": self.complaints,
        }


class RealStage(Stage):
    """A stage on real sockets, where asyncio has no method to send RST."""

    def reset(self, protocol: Any) -> None:
        hang_up_with_rst = struct.pack("ii", 1, 0)
        sock = protocol.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, hang_up_with_rst)
        protocol.transport.abort()


def play_simulated(scenario: Any, weather: Weather) -> dict[str, Any]:
    """Return what the protocols of `scenario` see on the simulated network."""
    stage = Stage()
    with asyncio.Runner(loop_factory=lambda: SimulatedLoop(weather)) as runner:
        runner.run(_play(scenario, stage))
    return stage.outcome()


def play_real(scenario: Any) -> dict[str, Any]:
    """Return what they see on asyncio's own loop, on sockets."""
    stage = RealStage()

    async def in_time() -> None:
        async with asyncio.timeout(LONGEST):
            await _play(scenario, stage)

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(in_time())
    return stage.outcome()


async def _play(scenario: Any, stage: Stage) -> None:
    await scenario(stage)
    for protocol in [*stage.connected, *stage.accepted]:
        await protocol.ended()
    if hasattr(stage, "server"):
        stage.server.close()
