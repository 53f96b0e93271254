"""Starts a program's server, performs commands on it, and closes it: what both stages share.

A stage is the program's side of a room. It performs one command at a time and brings its loop to
rest. It chooses nothing: latencies, and how bytes are cut in flight, come with the commands. The
judge compares what the clients received.

    simulated.py   a simulated loop, and scripted clients on it
    sockets.py     real sockets; the clients are in the judge's process
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import CodeType
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from room.child.audit import Audit
from room.child.notes import Recorder, butterflies_of, holders_of
from room.child.places import text_of, where_raised, where_waiting
from room.contract import Command, Note, Reply, Serve, SocketState, WorldFailure
from simnet import Event, Stalled

NOT_ASYNC = "serve is not async: it has to begin with `async def serve`"


class RestingLoop(Protocol):
    """An event loop that a stage moves from outside, in virtual time."""

    def time(self) -> float:
        """Return the virtual time in seconds."""

    def settle(self) -> None:
        """Run until nothing is left to do at this moment."""

    def advance(self, seconds: float) -> None:
        """Run for that many virtual seconds, timers included."""


Loop = TypeVar("Loop", bound=RestingLoop)


class Stage(Generic[Loop]):
    """Runs one room's program on its loop.

    `load` returns the program's `serve` when the room opens; it may raise `WorldFailure`. In a
    child process, `audit` reports anything that outlives the server.
    """

    LAST: ClassVar[str]
    """The last command of a room."""

    def __init__(
        self, loop: Loop, load: Callable[[], Serve], audit: Audit | None, recorder: Recorder
    ) -> None:
        self._loop = loop
        self._load = load
        self._audit = audit
        self._recorder = recorder
        self._served: Any = None
        self._as_asyncio.set_exception_handler(recorder.loop_complained)

    def perform(self, command: Command) -> Reply:
        """Perform a command, let everything arrive, and report. Raises `WorldFailure`."""
        with self._recorder.collecting(), failures_reported(self._recorder):
            address = self._act(command)
        return Reply(
            self._loop.time(),
            self._new_events(),
            self._recorder.take(),
            butterflies_of(self._served),
            address=address,
            sockets=self._sockets(),
            holders=holders_of(self._served),
        )

    def close(self) -> None:
        """Drop everything without checking anything, whatever state it is in."""
        if self._as_asyncio.is_closed() or self._as_asyncio.is_running():  # it hangs in a thread
            return
        with self._recorder.collecting():
            self._prepare_to_close()
            for task in asyncio.all_tasks(self._as_asyncio):
                task.cancel()
            with suppress(Exception, SystemExit):  # whatever the program does then
                self._loop.settle()
            self._drop_connections()
            self._as_asyncio.close()

    # What each stage does in its own way

    def _act(self, command: Command) -> str:
        """Perform a command. Returns the address of a new server or client, or ""."""
        raise NotImplementedError

    def _new_events(self) -> tuple[Event, ...]:
        return ()

    def _sockets(self) -> Mapping[int, SocketState]:
        return {}

    def _prepare_to_close(self) -> None:
        """Do what is necessary before the tasks are cancelled."""

    def _drop_connections(self) -> None:
        """Drop the connections that are left after the tasks were cancelled."""

    # What each stage uses

    @property
    def _as_asyncio(self) -> asyncio.AbstractEventLoop:
        assert isinstance(self._loop, asyncio.AbstractEventLoop)
        return self._loop

    def _start_serving(self, bind: tuple[str, int], ssl_options: Any) -> int:
        """Call `serve`, and return the port on which it listens. Raises `WorldFailure`."""
        serve = self._load()
        if self._audit:
            self._audit.imported()
        serving = self._as_asyncio.create_task(call_serve(serve, bind, ssl_options))
        self._loop.settle()
        self._served = served_by(serving, serve)
        return port_of(self._served)

    def _stop_serving(self) -> None:
        self._as_asyncio.create_task(stop_serving(self._served))
        self._loop.settle()

    def _look_for_leftovers(self) -> None:
        """Note the tasks and idle threads that are left.

        Raises `WorldFailure` for a working thread or a process.
        """
        self._recorder.leftovers(self._as_asyncio)
        if self._audit:
            for thread, (file, line) in self._audit.check_that_nothing_runs_on():
                self._recorder.add(Note("idle thread", thread, file=file, line=line))


async def call_serve(serve: Serve, bind: tuple[str, int], ssl_options: Any) -> Any:
    """Return what the program's `serve` returns. Raises `WorldFailure` if it is not async."""
    served = serve(bind, ssl_options)
    if not inspect.isawaitable(served):
        raise not_async(serve)
    return await served


def not_async(serve: object) -> WorldFailure:
    """Return the failure of a `serve` that was written without `async`."""
    code = getattr(serve, "__code__", None)
    place = (code.co_filename, code.co_firstlineno) if isinstance(code, CodeType) else ("", 0)
    return WorldFailure("not async", NOT_ASYNC, *place)


def served_by(serving: asyncio.Task[Any], serve: Serve) -> Any:
    """Return what `serve` returned. Raises `WorldFailure` when it raised or still waits."""
    if not serving.done():
        file, line = where_waiting(serving)
        message = "serve does not return: it has to end with `return net`, and wait for nobody"
        raise WorldFailure("serve waits", message, file, line)
    error = serving.exception()
    if error is None:
        return serving.result()
    if isinstance(error, WorldFailure):
        raise error
    file, line = where_raised(error)
    if not file:  # the call itself failed: its parameters are wrong
        file, line = serve.__code__.co_filename, serve.__code__.co_firstlineno
    kind = type(error).__name__
    which = "memory" if isinstance(error, MemoryError) else "serve raised"
    raise WorldFailure(which, f"serve raised {kind}: {text_of(error)}", file, line, kind) from error


def port_of(served: Any) -> int:
    """Return the port of a `Net` or an `asyncio.Server`. Raises `WorldFailure` without one."""
    found = [getattr(served, "port", None)]
    found += [listening.getsockname()[1] for listening in getattr(served, "sockets", None) or ()]
    for port in found:
        if isinstance(port, int) and not isinstance(port, bool) and 0 < port < 2**16:
            return port
    if served is None:
        message = "serve returned None: it has to end with `return net`"
    else:
        message = f"serve returned a {type(served).__name__} that listens on no port"
    raise WorldFailure("not served", message)


async def stop_serving(served: Any) -> None:
    """Stop the server's bfnet handler, or close a plain server."""
    handler = getattr(served, "handler", None)
    if handler is not None:
        await handler.stop()
        return
    served.close()


@contextmanager
def failures_reported(recorder: Recorder) -> Iterator[None]:
    """Turn whatever the program raises through its loop into a `WorldFailure` with notes."""
    try:
        yield
        if note := recorder.out_of_memory():
            message = "the program ran out of memory"
            raise WorldFailure("memory", message, note.file, note.line, note.type)
    except WorldFailure as failure:
        failure.notes = recorder.take()
        raise
    except Stalled as error:
        place = next(((task.file, task.line) for task in error.tasks), ("", 0))
        raise WorldFailure("stalled", str(error), *place, notes=recorder.take()) from error
    except SystemExit as error:
        message = "the program called sys.exit() while someone was connected"
        raise WorldFailure("exit", message, *where_raised(error), notes=recorder.take()) from error
