"""What your code gets to do while a connection lives, and in which order.

A life begins when a client may be talked to (accepted; if encrypted, after the handshake), goes
through these states, and never goes back:

    state    begins with                             what runs
    OPEN     a client                                on_connection, and the data loop it starts
    ENDING   end of file or a reset, with            on_disconnect, once, in a task of its own;
             everything handled that had arrived;    then what still runs is cancelled
             stop(); an exception in your code
    OVER     all of that                             nothing

A reset counts as an end of file. In both cases what had arrived is handled first. Nobody can know
how long that takes, so it is bounded: a data handler that makes no progress is cancelled.
"""

from __future__ import annotations

import asyncio
import enum
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, cast

from bfnet.tasks import cancelled, ended, is_meant_to_end_us

if TYPE_CHECKING:
    from bfnet.connection import Connection

PATIENCE = 1.0
"""Seconds without any progress that your code gets to finish after its client has gone."""


class State(enum.Enum):
    """See the table above."""

    OPEN = enum.auto()
    ENDING = enum.auto()
    OVER = enum.auto()


class Life:
    """Calls the handler for one connection."""

    __slots__ = (
        "_all_handled",
        "_connection",
        "_data_loop",
        "_greeting",
        "_handler",
        "_peer_finished",
        "ending",
        "state",
    )

    def __init__(self, connection: Connection) -> None:
        self.state = State.OPEN
        self._connection = connection
        self._handler = connection.handler
        self._peer_finished = False
        self._all_handled: asyncio.Future[None] | None = None  # the data loop waits for the end
        self._data_loop: asyncio.Task[None] | None = None
        self.ending: asyncio.Task[None] | None = None  # runs on_disconnect
        self._greeting: asyncio.Task[None] | None = self._task(
            self.call("on_connection", self._handler.on_connection, connection.butterfly),
            "on_connection",
        )
        self._greeting.add_done_callback(self._greeted)

    # OPEN

    def _greeted(self, greeting: asyncio.Task[None]) -> None:
        self._greeting = None
        self._end_if_all_is_handled()

    def begin_handling(self) -> asyncio.Task[None]:
        """Start the data loop. Raises `RuntimeError` if it runs already."""
        butterfly = self._connection.butterfly
        if self._data_loop is not None and not self._data_loop.done():
            raise RuntimeError(f"{butterfly!r} is handled already: begin_handling only once")
        self._data_loop = self._task(
            self.call("the data loop", self._connection.net.handle, butterfly), "data loop"
        )
        if self.state is State.OVER:
            self._data_loop.cancel()
        return self._data_loop

    async def everything_is_handled(self) -> None:
        """The data loop has read all that there will ever be. Wait for the end."""
        if self.state is State.OVER:
            return
        self._all_handled = self._handler.loop.create_future()
        self._end_if_all_is_handled()
        await self._all_handled

    async def call(
        self, name: str, function: Callable[..., Awaitable[object]], *arguments: object
    ) -> None:
        """Await code of yours. If it raises, log it once, and close this connection only.

        A cancellation that nobody has asked this task for comes from something that it awaited,
        and counts as a failure: your code ends there, with work undone.
        """
        try:
            await function(*arguments)
        except BaseException as error:
            if is_meant_to_end_us(error):
                raise
            self._handler.logger.error(
                "%s failed for %s, which is closed", name, self._connection, exc_info=error
            )
            self.end()

    # From OPEN to ENDING

    def peer_has_finished(self) -> None:
        """No more will arrive. What has arrived is handled first."""
        if self._peer_finished:
            return
        self._peer_finished = True
        self._connection.butterfly._finish()
        self._end_if_all_is_handled()
        if self.state is State.OPEN:
            self._connection.when_nothing_moves(PATIENCE, self.end)

    def inbox_was_read(self) -> None:
        """If that was the last of it, whoever has read it gets this turn of the loop to use it."""
        if self._peer_finished:
            self._handler.loop.call_soon(self._end_if_all_is_handled)

    def _end_if_all_is_handled(self) -> None:
        if self.state is not State.OPEN or not self._peer_finished:
            return
        butterfly = self._connection.butterfly
        if butterfly._inbox and (self._greeting is not None or butterfly._reader is not None):
            return  # on_connection may still read it, or a task of yours that it has woken
        if self._data_loop is None or self._data_loop.done() or self._all_handled is not None:
            self.end()

    def end(self) -> None:
        """Hang up and see off. Does nothing the second time."""
        if self.state is State.OPEN:
            self.state = State.ENDING
            self._cancel_greeting()
            self._connection.hang_up()
            self.ending = self._task(self._see_off(), "on_disconnect")

    def _cancel_greeting(self) -> None:
        if self._greeting is None:
            return
        coroutine = cast(Coroutine[Any, Any, None], self._greeting.get_coro())
        if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
            # It begins in any case: what on_connection counts up, on_disconnect may count down.
            self._handler.loop.call_soon(self._greeting.cancel)
        else:
            self._greeting.cancel()  # now: it must not wake up and take the end for an answer

    # ENDING

    async def _see_off(self) -> None:
        try:
            if self._greeting is not None:
                await ended(self._greeting, self._handler.logger)
            await self.call("on_disconnect", self._say_goodbye)
        finally:
            await cancelled(self._data_loop, self._handler.logger)
            self.state = State.OVER
            if self._all_handled is not None and not self._all_handled.done():
                self._all_handled.set_result(None)
            self.forget_if_gone()

    async def _say_goodbye(self) -> None:
        await self._handler.on_disconnect(self._connection.butterfly)
        self._mention_a_live_data_loop()

    def _mention_a_live_data_loop(self) -> None:
        task = self._data_loop
        if task is not None and not task.done() and not task.cancelling():
            self._handler.logger.warning(
                "on_disconnect left the %s running: bfnet cancels it", task.get_name()
            )

    async def cut_short(self) -> None:
        """Cancel an on_disconnect that does not end."""
        await cancelled(self.ending, self._handler.logger)

    # OVER

    def forget_if_gone(self) -> None:
        """Called when this is over, and when the socket is closed: the later of the two counts."""
        if self.state is State.OVER and self._connection.lost:
            self._connection.net.forget(self._connection)

    def _task(self, coroutine: Coroutine[Any, Any, None], role: str) -> asyncio.Task[None]:
        # Not `loop.create_task`: an eager task factory (from Python 3.12 on) would run your code
        # here and now, in the middle of ours.
        name = f"{role} of {self._connection}"
        return asyncio.Task(coroutine, loop=self._handler.loop, name=name)
