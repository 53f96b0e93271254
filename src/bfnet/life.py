"""What your code gets to do while a connection lives, and in which order.

A life begins when the client can be talked to: once it is accepted or, with TLS, once the handshake
is over. It goes through these states and never back:

    state     begins with                              what runs
    open      a client                                 on_connection, and the data loop it starts
    ending    end of file or a reset, after            on_disconnect, once, in a task of its own;
              everything that had arrived is           then what still runs is cancelled
              handled; stop(); an exception in
              your code
    over      all of that is done                      nothing

A reset counts as an end of file. In both cases what had arrived is handled first. Nobody can know
how long that takes, so there is a bound: a data handler that makes no progress is cancelled.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, cast

from bfnet.butterfly import Butterfly, link_of
from bfnet.connection import Connection, Settings
from bfnet.limits import Limits
from bfnet.tasks import cancelled, ended, is_meant_to_end_us, where_it_waits
from bfnet.watchdog import Watchdog


class Handler(Settings, Protocol):
    """What is called when a client comes and when it leaves. `handler.py` has the real one."""

    async def on_connection(self, butterfly: Butterfly, /) -> None:
        """Welcome a client that has connected."""

    async def on_disconnect(self, butterfly: Butterfly, /) -> None:
        """Forget a client that has left."""


class Owner(Protocol):
    """What a life needs of the hub that its connection belongs to. `hub.py` has the real one."""

    limits: Limits

    @property
    def handler(self) -> Handler:
        """Return the handler of the server."""

    def handle(self, butterfly: Butterfly, /) -> Coroutine[Any, Any, None]:
        """Return the data loop, to be run: see `Net.handle`."""

    def forget(self, connection: Connection) -> None:
        """Drop the last reference to a connection of which nothing is left."""


class Life:
    """Calls the handler for one connection."""

    __slots__ = (
        "_all_handled",
        "_connection",
        "_data_loop",
        "_ending",
        "_greeting",
        "_is_over",
        "_owner",
        "_watchdog",
    )

    def __init__(self, connection: Connection, owner: Owner) -> None:
        self._connection = connection
        self._owner = owner
        self._data_loop: asyncio.Task[None] | None = None
        self._all_handled: asyncio.Future[None] | None = None  # the data loop waits for the end
        self._watchdog: Watchdog | None = None  # after the end of file
        self._ending: asyncio.Task[None] | None = None  # runs on_disconnect
        self._is_over = False
        self._greeting: asyncio.Task[None] | None = self._task(
            self.call("on_connection", owner.handler.on_connection, connection.butterfly),
            "on_connection",
        )
        self._greeting.add_done_callback(self._greeted)

    # Open

    def _greeted(self, greeting: asyncio.Task[None]) -> None:
        self._greeting = None
        self.update()

    def begin_handling(self) -> asyncio.Task[None]:
        """Start the data loop. Raises `RuntimeError` if it runs already."""
        butterfly = self._connection.butterfly
        if self._data_loop is not None and not self._data_loop.done():
            raise RuntimeError(
                f"{butterfly!r} is already being handled: call begin_handling only once"
            )
        self._data_loop = self._task(
            self.call("the data loop", self._owner.handle, butterfly), "data loop"
        )
        if self._is_over:
            self._data_loop.cancel()
        return self._data_loop

    async def everything_is_handled(self) -> None:
        """Wait for the end: the data loop has read everything that will ever arrive."""
        if self._is_over:
            return
        self._all_handled = self._owner.handler.loop.create_future()
        self.update()
        await self._all_handled

    async def call(
        self, name: str, function: Callable[..., Awaitable[object]], *arguments: object
    ) -> None:
        """Await code of yours. If it raises, log that once, and close this connection only.

        A cancellation that nobody has requested of this task comes from something that it awaited.
        It counts as a failure: your code ends there, with work undone.
        """
        try:
            await function(*arguments)
        except BaseException as error:
            if is_meant_to_end_us(error, self._tasks()):
                raise
            self._owner.handler.logger.error(
                "%s failed for %s, which is closed", name, self._connection, exc_info=error
            )
            self.end()

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [t for t in (self._greeting, self._data_loop, self._ending) if t is not None]

    # From open to ending

    def update(self) -> None:
        """Do what follows if the connection was lost, nothing more arrives, or all was read."""
        if self._ending is not None:
            self._forget_once_lost()
        elif self._connection.finished:
            self._end_if_all_is_handled()

    def _end_if_all_is_handled(self) -> None:
        connection = self._connection
        # on_connection may still read it, or a task of yours that it has woken.
        reader = self._greeting is not None or connection.is_being_read()
        if self._is_handling() or (connection.inbox and reader):
            self.wait_for_progress()
        else:
            self.end()

    def _is_handling(self) -> bool:
        loop = self._data_loop
        return loop is not None and not loop.done() and self._all_handled is None

    def wait_for_progress(self) -> None:
        """Go on while your code makes progress, because the client has left. Then end."""
        if self._watchdog is None and self._ending is None:
            loop, seconds = self._owner.handler.loop, self._owner.limits.finish_timeout
            self._watchdog = Watchdog(loop, seconds, self._connection.progress, self.end)

    def end(self) -> None:
        """Hang up, and let the handler see the client off. Does nothing the second time."""
        if self._ending is not None:
            return
        if self._watchdog is not None:
            self._watchdog.cancel()
        self._cancel_greeting()
        self._connection.hang_up()
        self._ending = self._task(self._see_off(), "on_disconnect")

    def _cancel_greeting(self) -> None:
        if self._greeting is None:
            return
        coroutine = cast(Coroutine[Any, Any, None], self._greeting.get_coro())
        if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
            # It begins in any case: what on_connection counts up, on_disconnect may count down.
            self._owner.handler.loop.call_soon(self._greeting.cancel)
        else:
            self._greeting.cancel()  # now: it must not wake up and take the end for an answer

    # Ending

    async def _see_off(self) -> None:
        within, logger = self._owner.limits.cancel_timeout, self._owner.handler.logger
        try:
            if self._greeting is not None:
                await ended(self._greeting, within, logger)
            await self.call("on_disconnect", self._say_goodbye)
        finally:
            await cancelled(self._data_loop, within, logger)
            self._is_over = True
            if self._all_handled is not None and not self._all_handled.done():
                self._all_handled.set_result(None)
            self._forget_once_lost()

    async def _say_goodbye(self) -> None:
        await self._owner.handler.on_disconnect(self._connection.butterfly)
        task = self._data_loop
        if task is not None and not task.done() and not task.cancelling():
            self._owner.handler.logger.warning(
                "on_disconnect left the %s running: bfnet cancels it", task.get_name()
            )

    def is_ended_by(self, task: asyncio.Task[Any] | None) -> bool:
        """Whether `task` is the one that runs on_disconnect."""
        return task is not None and self._ending is task

    async def give_up(self) -> None:
        """Drop the client and cancel on_disconnect: the time for a polite end is over."""
        self._connection.abort()
        if self._ending is not None and not self._ending.done():
            self._owner.handler.logger.warning(
                "on_disconnect of %s is cut off at %s: it took more than %s seconds",
                *(self._connection, where_it_waits(self._ending)),
                self._owner.limits.close_timeout,
            )
        await cancelled(self._ending, self._owner.limits.cancel_timeout, self._owner.handler.logger)
        self._owner.forget(self._connection)

    # Over

    def _forget_once_lost(self) -> None:
        """Let go of the connection, once this is over and the socket is closed, too."""
        if self._is_over and self._connection.lost:
            self._owner.forget(self._connection)

    def _task(self, coroutine: Coroutine[Any, Any, None], role: str) -> asyncio.Task[None]:
        # Not `loop.create_task`: an eager task factory (from Python 3.12 on) would run your code
        # here and now, in the middle of ours.
        name = f"{role} of {self._connection}"
        return asyncio.Task(coroutine, loop=self._owner.handler.loop, name=name)


def life_of(butterfly: Butterfly) -> Life:
    """Return the life of a butterfly. One that your code has met is alive, or has been."""
    life = cast(Connection, link_of(butterfly)).life
    assert isinstance(life, Life)
    return life
