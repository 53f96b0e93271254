"""What stands on the program's side of a room: a simulated loop, the program's `serve` on it,
scripted clients.

A stage performs one command and brings the network to rest. It chooses nothing: latencies, and how
bytes are cut on their way, come with the commands, and what the clients received is for the judge
to compare.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from room.notes import Notebook, butterflies_of, text_of, where_raised, where_waiting
from room.student import Serve
from room.wire import Answer
from room.witness import Witness
from room.worlds import Command, Reply, WorldFailure
from simnet import SimulatedLoop, Stalled, Weather
from simnet.transport import SimulatedTransport

if TYPE_CHECKING:
    from room.socket_stage import StandingLoop

HOST = "127.0.0.1"
SERVER_PORT = 8001
FIRST_CLIENT_PORT = 50001


class Stage:
    """`load` gives the program's `serve` when the room opens; it may raise `WorldFailure`.

    In a process of its own, `witness` objects to what outlives the server.
    """

    LAST = "stop"  # the command after which no other comes

    def __init__(self, load: Callable[[], Serve], witness: Witness | None = None) -> None:
        self._load = load
        self._witness = witness
        self._notebook = Notebook()
        self._weather = _Dictated()
        self._loop = SimulatedLoop(weather=self._weather)
        self._loop.set_exception_handler(self._notebook.loop_complained)
        self._served: Any = None
        self._port = 0
        self._clients: dict[str, SimulatedTransport] = {}
        self._told = 0  # events of the trace that the judge has

    def perform(self, command: Command) -> Reply:
        """Do it, let everything arrive, and tell. Raises `WorldFailure`."""
        with self._notebook.collecting(), failures_told(self._notebook):
            address = self._act(command)
        return self._reply(address)

    def answer(self, command: Command) -> Answer:
        return Answer(self.perform(command))

    def close(self) -> None:
        """Drop everything without a word, whatever state it is in."""
        if self._loop.is_closed() or self._loop.is_running():  # it hangs, in a thread
            return
        with self._notebook.collecting():
            cancel_all(self._loop)
            self._loop.close()

    def _act(self, command: Command) -> str:
        match command["do"]:
            case "open":
                self._open()
            case "connect":
                return self._connect(command["client"], command["latency"])
            case "sleep":
                self._loop.advance(command["seconds"])
            case "stop":
                self._stop()
                return ""
            case "look":
                self._notebook.waiting(self._loop)
                return ""
            case what:
                self._client_does(what, command)
        self._loop.settle()
        return ""

    def _open(self) -> None:
        serve = self._load()
        serving = self._loop.create_task(call_serve(serve, (HOST, SERVER_PORT), None))
        self._loop.settle()
        self._served = served_by(serving, serve)
        self._port = port_of(self._served)
        self._loop.trace.names[f"{HOST}:{self._port}"] = "server"

    def _connect(self, client: str, latency: float) -> str:
        port = FIRST_CLIENT_PORT + len(self._clients)
        address = f"{HOST}:{port}"
        self._loop.trace.names[address] = client
        self._weather.next_latency = latency
        connecting = self._loop.create_task(
            self._loop.create_connection(_Listener, HOST, self._port, local_addr=(HOST, port))
        )
        self._loop.settle()
        if connecting.exception() is None:
            self._clients[client] = connecting.result()[0]
        return address

    def _client_does(self, what: str, command: Command) -> None:
        transport = self._clients[command["client"]]
        match what:
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
        self._loop.create_task(stop_serving(self._served))
        self._loop.settle()
        for transport in self._clients.values():
            if not transport.is_closing():
                transport.write_eof()
        self._loop.settle()
        for client in self._kept():
            self._notebook.open_connection(client)
        for transport in self._clients.values():
            transport.close()
        self._loop.settle()
        self._notebook.leftovers(self._loop)
        if self._witness:
            self._witness.check_that_nothing_runs_on()

    def _kept(self) -> list[str]:
        """The addresses of clients who have said goodbye in vain: the server does not hang up."""
        gone = set()
        for event in self._loop.trace:
            if event.kind in ("close", "reset"):
                gone |= {event.source, event.target}
            elif event.kind == "eof":
                gone.add(event.target)
        names = self._loop.trace.names
        return [address for address, name in names.items() if name in self._clients.keys() - gone]

    def _reply(self, address: str) -> Reply:
        trace = self._loop.trace
        events = tuple(trace[self._told :])
        self._told = len(trace)
        butterflies = butterflies_of(self._served)
        return Reply(self._loop.time(), events, self._notebook.take(), butterflies, address=address)


async def call_serve(serve: Serve, bind: tuple[str, int], ssl_options: Any) -> Any:
    return await serve(bind, ssl_options)


def served_by(serving: asyncio.Task[Any], serve: Serve) -> Any:
    """What `serve` returned; raises `WorldFailure` when it raised or still waits."""
    if not serving.done():
        file, line = where_waiting(serving)
        message = "serve does not return: it has to end with `return net`, and wait for nobody"
        raise WorldFailure("serve waits", message, file, line)
    error = serving.exception()
    if error is None:
        return serving.result()
    file, line = where_raised(error)
    if not file:  # called with the wrong arguments
        file, line = serve.__code__.co_filename, serve.__code__.co_firstlineno
    kind = type(error).__name__
    which = "memory" if isinstance(error, MemoryError) else "serve raised"
    raise WorldFailure(which, f"serve raised {kind}: {text_of(error)}", file, line, kind) from error


def port_of(served: Any) -> int:
    """Where a `Net` or an `asyncio.Server` listens; raises `WorldFailure` if it does not."""
    port = getattr(served, "port", None)
    if isinstance(port, int):
        return port
    for listening in getattr(served, "sockets", None) or ():
        return int(listening.getsockname()[1])
    if served is None:
        message = "serve returned None: it has to end with `return net`"
    else:
        message = f"serve returned a {type(served).__name__} that listens on no port"
    raise WorldFailure("not served", message)


async def stop_serving(served: Any) -> None:
    """Stop a handler as bfnet means it, or close a plain server."""
    handler = getattr(served, "handler", None)
    if handler is not None:
        await handler.stop()
        return
    served.close()


def cancel_all(loop: SimulatedLoop | StandingLoop) -> None:
    """Let every task see its end, whatever it makes of that."""
    for task in asyncio.all_tasks(loop):
        task.cancel()
    with suppress(Exception, SystemExit):
        loop.settle()


@contextmanager
def failures_told(notebook: Notebook) -> Iterator[None]:
    """Turn whatever the program lets out of its loop into a `WorldFailure`, with the notes so
    far.
    """
    try:
        yield
        if note := notebook.out_of_memory():
            message = "the program ran out of memory"
            raise WorldFailure("memory", message, note.file, note.line, note.type)
    except WorldFailure as failure:
        failure.notes = notebook.take()
        raise
    except Stalled as error:
        place = next(((task.file, task.line) for task in error.tasks), ("", 0))
        raise WorldFailure("stalled", str(error), *place, notes=notebook.take()) from error
    except SystemExit as error:
        message = "the program called sys.exit() while somebody was connected"
        raise WorldFailure("exit", message, *where_raised(error), notes=notebook.take()) from error


class _Listener(asyncio.Protocol):
    """A client's end: takes what comes, and stays when the server has finished sending."""

    def eof_received(self) -> bool:
        return True


class _Dictated(Weather):
    """Calm weather in which the judge says how far away each client is."""

    def __init__(self) -> None:
        super().__init__()
        self.next_latency = 0.0

    def latency(self) -> float:
        return self.next_latency
