"""The stage on the simulated network: one loop runs `serve` and scripted clients."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from room.child.audit import Audit
from room.child.notes import Recorder
from room.child.proof import prove
from room.child.stage import Stage
from room.contract import HOST, Command, Serve
from simnet import Event, SimulatedLoop, Weather
from simnet.transport import SimulatedTransport

SERVER_PORT = 8001
FIRST_CLIENT_PORT = 50001


class SimulatedStage(Stage[SimulatedLoop]):
    """Runs one room's program on a simulated loop, with clients on the same loop."""

    LAST = "stop"

    def __init__(self, load: Callable[[], Serve], audit: Audit | None = None) -> None:
        self._weather = _Dictated()
        super().__init__(SimulatedLoop(weather=self._weather), load, audit, Recorder())
        self._port = 0
        self._clients: dict[str, SimulatedTransport] = {}
        self._latencies: dict[str, float] = {}
        self._reported = 0  # events of the trace that the judge has already

    def _act(self, command: Command) -> str:
        match command["do"]:
            case "open":
                self._port = self._start_serving((HOST, SERVER_PORT), None)
                self._loop.trace.names[f"{HOST}:{self._port}"] = "server"
            case "connect":
                return self._connect(command["client"], command["latency"])
            case "sleep":
                self._loop.advance(command["seconds"])
            case "stop":
                self._stop()
                return ""
            case "look":
                self._recorder.waiting(self._loop)
                return ""
            case "prove":
                prove(self._recorder, self._loop, self._served, command["token"])
                return ""
            case "at once":
                self._act_at_once(command["acts"])
            case _:
                self._client_acts(command)
        self._loop.settle()
        return ""

    def _new_events(self) -> tuple[Event, ...]:
        trace = self._loop.trace
        events = tuple(trace[self._reported :])
        self._reported = len(trace)
        return events

    def _connect(self, client: str, latency: float) -> str:
        port = FIRST_CLIENT_PORT + len(self._clients)
        address = f"{HOST}:{port}"
        self._loop.trace.names[address] = client
        self._weather.next_latency = self._latencies[client] = latency
        connecting = self._loop.create_task(
            self._loop.create_connection(_ClientEnd, HOST, self._port, local_addr=(HOST, port))
        )
        self._loop.settle()
        if connecting.exception() is None:
            self._clients[client] = connecting.result()[0]
        return address

    def _act_at_once(self, acts: list[Command]) -> None:
        """Delay the near clients' actions, so that all of them arrive at the same time."""
        farthest = max((self._latencies[act["client"]] for act in acts), default=0.0)
        for act in acts:
            self._loop.depart_in(farthest - self._latencies[act["client"]], self._client_acts, act)
        self._loop.settle(together=True)

    def _client_acts(self, command: Command) -> None:
        transport = self._clients[command["client"]]
        match command["do"]:
            case "send":
                for piece in command["pieces"]:
                    transport.write(piece)
            case "eof":
                transport.write_eof()
            case "close":
                transport.close()
            case "reset":
                transport.reset()
            case "pause":
                transport.pause_reading()
            case "resume":
                transport.resume_reading()

    def _stop(self) -> None:
        left = {name for name, transport in self._clients.items() if transport.is_closing()}
        self._stop_serving()
        for transport in self._clients.values():
            if not transport.is_closing():
                transport.write_eof()
        self._loop.settle()
        for client in self._kept(left):
            self._recorder.open_connection(client)
        for transport in self._clients.values():
            transport.close()
        self._loop.settle()
        self._look_for_leftovers()

    def _kept(self, left: set[str]) -> list[str]:
        """Return the addresses of clients that left, but on which the server does not hang up.

        Clients in `left` closed their connection themselves. If that was after an end of file, the
        trace has no further event for it.
        """
        gone = set(left)
        for event in self._loop.trace:
            if event.kind in ("close", "reset"):
                gone |= {event.source, event.target}
            elif event.kind == "eof":
                gone.add(event.target)
        names = self._loop.trace.names
        return [address for address, name in names.items() if name in self._clients.keys() - gone]


class _ClientEnd(asyncio.Protocol):
    """A client's end, which stays connected when the server has finished sending."""

    def eof_received(self) -> bool:
        return True


class _Dictated(Weather):
    """Calm weather in which the judge chooses the latency of each client."""

    def __init__(self) -> None:
        super().__init__()
        self.next_latency = 0.0

    def latency(self) -> float:
        return self.next_latency
