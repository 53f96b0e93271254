"""Accepting clients: one in each turn of the event loop.

asyncio accepts everyone who waits in one turn, and all their handshakes follow in the next. When
two thousand clients come in a second, those who are in the room wait for seconds. And when no file
descriptor is left, asyncio tries again and again in the same turn, and logs each failure with a
traceback. So bfnet takes the listening sockets that asyncio has bound, and accepts by itself. Those
who wait meanwhile wait in the kernel, where it costs nothing.

An event loop that watches no sockets, such as a simulated one, accepts as it always does.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable

from bfnet.episode import Episode

BACKLOG = 1024
"""How many clients may wait in the kernel. A thousand may come in the same moment."""

RETRY_AFTER = 0.05
"""Seconds between two attempts while no file descriptor is left."""


class Listener:
    """Takes clients from one listening socket."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        logger: logging.Logger,
        listening: socket.socket,
        new_connection: Callable[[], asyncio.BaseProtocol],
        is_full: Callable[[], bool],
    ) -> None:
        """Own `listening` from now on. While `is_full()`, close clients at once."""
        self._loop = loop
        self._logger = logger
        self._listening = listening
        self._new_connection = new_connection
        self._is_full = is_full
        self._connecting: set[asyncio.Task[None]] = set()
        self._retry: asyncio.TimerHandle | None = None
        self._failing = Episode(
            *(loop, logger),
            "nobody can connect for now: %s",
            "clients can connect again: %s attempts to accept one failed",
        )
        listening.setblocking(False)
        listening.listen(BACKLOG)
        loop.add_reader(listening, self._accept)

    def _accept(self) -> None:
        try:
            client, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # it has left again, or another process was faster
        except OSError as error:
            # Most likely no file descriptor is left. The client still waits, so the socket would
            # be ready in each turn: look away for a moment.
            self._failing.incident(error.strerror or error)
            self._loop.remove_reader(self._listening)
            self._retry = self._loop.call_later(RETRY_AFTER, self._try_again)
            return
        if self._is_full():
            client.close()
            return
        task = self._loop.create_task(self._connect(client), name="accepting a client")
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    def _try_again(self) -> None:
        self._retry = None
        self._loop.add_reader(self._listening, self._accept)
        self._accept()

    async def _connect(self, client: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._new_connection, client)
        except Exception as error:  # the system or the memory has nothing left for one more
            client.close()
            self._failing.incident(repr(error))

    async def close(self) -> None:
        """Accept nobody from now on. Return when the clients just accepted are connected."""
        if self._retry is not None:
            self._retry.cancel()
        else:
            self._loop.remove_reader(self._listening)
        self._listening.close()
        self._failing.end()
        if self._connecting:
            await asyncio.wait(self._connecting)


def watches_sockets(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether a `Listener` can work on this loop."""
    try:
        loop.remove_reader(0)
    except NotImplementedError:
        return False
    return True
