"""Every limit and every timeout of a server, with its default."""

from __future__ import annotations

from dataclasses import dataclass, field

try:
    import resource
except ImportError:  # Windows and the browser
    resource = None  # type: ignore[assignment]

CONNECTIONS_IF_UNKNOWN = 500


def _connections_to_afford() -> int:
    if resource is None:
        return CONNECTIONS_IF_UNKNOWN
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return CONNECTIONS_IF_UNKNOWN
    return max(files - max(files // 8, 32), files // 2, 1)


@dataclass(slots=True)
class Limits:
    """How much clients may take of a server, and how long each step may last.

    A net has its own: `net.limits`. A new value counts from the next time that it is looked at.
    Sizes are in bytes, times in seconds. The most that one `read` returns is set elsewhere: it is
    `buffer_size`, an argument of `ButterflyHandler.get_handler`.
    """

    most_connections: int = field(default_factory=_connections_to_afford)
    """How many connections all nets of the process may have together.

    By default what the process's limit on open files (`ulimit -n`) allows, less an eighth and at
    least 32; 500 where that cannot be known. Beyond it: newcomers are closed at once. A warning is
    logged when that begins, and one when it is over.
    """

    handshake_timeout: float = 10.0
    """How long a client may take for its TLS handshake.

    Beyond it: the client is disconnected, with a line in the log at level INFO. Neither
    `on_connection` nor `on_disconnect` is called.
    """

    most_owed: int = 1024 * 1024
    """How many bytes may wait for a client that reads more slowly than it is written to.

    Beyond it: the client is disconnected, what it is owed is dropped, and a warning is logged. A
    single write may be longer, because the limit is only checked before bytes are added.
    """

    most_owed_together: int = 64 * 1024 * 1024
    """How many bytes may wait for all clients together that read more slowly than they are sent.

    Beyond it: the client that is owed the most is disconnected, as one that is owed too much by
    itself, until it is enough. A warning is logged for each.
    """

    drain_above: int = 65536
    """How many bytes may wait in the outbox before `drain` passes them on early.

    Beyond it: `drain` passes them on at once. It waits if the client is too slow to take them.
    """

    idle_timeout: float | None = None
    """How long a client may stay without a byte in either direction; None: as long as it likes.

    People in a quiet room are idle for hours, so there is no default. A client whose machine was
    switched off is idle, too, and so is one that has left behind more bytes than were taken in: no
    system reports either. Set it before clients come. Beyond it: within half as long again,
    the client is hung up on, with a line in the log at level INFO.
    """

    finish_timeout: float = 1.0
    """How long your code may go on without any progress after its client has left.

    Progress is a byte that your code reads from the client, or one that is sent to it. Beyond it:
    your code is cancelled, and `on_disconnect` is called.
    """

    cancel_timeout: float = 1.0
    """How long a cancelled task may take to end.

    Beyond it: an error is logged that names the task and the line where it waits. The task is
    cancelled once more, and nothing waits for it any longer.
    """

    flush_timeout: float = 5.0
    """How long a client that the server has hung up on may leave what it is owed untaken.

    The server sends what it owes and says that this was all. Progress is a byte that the client's
    system takes. Beyond it: the client is disconnected, and what it is still owed is dropped.
    """

    linger_timeout: float = 0.5
    """How long a client that has taken everything may wait before it closes, too.

    Beyond it: the server closes. That takes nothing from the client, unless it sends on.
    """

    close_timeout: float = 10.0
    """How long `net.close()` and `handler.stop()` wait for the connections to end by themselves.

    Beyond it: the remaining connections are dropped, and each `on_disconnect` that still runs is
    cancelled.
    """
