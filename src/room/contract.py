"""The contract between the judge and the program that is judged: what can be said, on either side.

A `Command` goes to the program's side, a `Reply` or a `WorldFailure` comes back, and `Note`s
travel with both. This file imports neither side, and both sides import it:

    worlds/   the judge's side: opens worlds, and sends commands to them
    child/    the program's side: performs commands on the learner's server
    wire.py   what of this travels between processes, as JSON lines

A `Worlds` serves one program again and again, each time in a fresh `World`: the program's module is
executed again, on a new loop, so that nothing is left of the room before.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ClassVar, NamedTuple, Protocol

from simnet import Event

HOST = "127.0.0.1"
"""The address at which every program is served, simulated or not."""

KERNEL_BUFFER = 65536
"""Bytes that a real socket's buffers are asked to hold; a simulated one holds as many."""

LONGEST_MESSAGE = 20_000  # characters of what a failure says
LONGEST_NOTE = 4000  # characters of what a note says
LONGEST_NAME = 4096  # characters of a path, a class, a level; as long as a path can be
MOST_NOTES = 500  # in a reply
MOST_EVENTS = 20_000  # in a room

Serve = Callable[[tuple[str, int], Any], Coroutine[Any, Any, Any]]
"""A chapter's `serve(bind, ssl_options)`: starts a server and returns it."""


class Note(NamedTuple):
    """`kind` is "exception", "log", "never awaited", "blocked", "warning", "leftover", "waiting",
    "idle thread" (it is left over and does no harm) or "slow import" (with the seconds as message).
    """

    kind: str
    message: str
    type: str = ""  # an exception's class; of "waiting", the call: "on_disconnect", "data loop"
    level: str = ""  # a log record's: "INFO"
    file: str = ""  # in the program's own code, where that is known
    line: int = 0


class SocketState(NamedTuple):
    """A connection as the server's socket has seen it, in raw bytes (the TLS world counts them)."""

    received: int
    sent: int
    waits: bool  # there is more to send than the network takes
    finish: str  # "eof" when the server has shut down its sending side, "close" when it has closed


Command = Mapping[str, Any]
"""What a client does, or time does. "do" names it, the rest are its operands:

    {"do": "connect", "client": "alice", "latency": 0.012}     seconds each way
    {"do": "send", "client": "alice", "pieces": [b"hel", b"lo\\n"]}     each piece is one read
    {"do": "eof" | "close" | "reset" | "pause" | "resume", "client": "alice"}
    {"do": "at once", "acts": [...]}     commands of several clients, which arrive at one moment
    {"do": "sleep", "seconds": 3.0}      {"do": "stop"}
    {"do": "look"}      nothing happens, and the notes say where the program waits
"""


class Reply(NamedTuple):
    """What came of a command, after which the world is at rest."""

    time: float  # virtual seconds since the room was opened
    events: tuple[Event, ...] = ()  # since the last reply, in the order of arrival
    notes: tuple[Note, ...] = ()  # since the last reply
    butterflies: Mapping[str, str] = {}  # key: "pending", "done", "cancelled" or what else it is
    printed: str = ""  # what the program printed, where it prints to a pipe of ours
    address: str = ""  # "ip:port" of the client, in the reply to "connect"
    sockets: Mapping[int, SocketState] = {}  # per port of the client; on a stage of sockets


class World(Protocol):
    """One room's program and network. After a `WorldFailure` it can only be closed."""

    def perform(self, command: Command) -> Reply: ...

    def close(self) -> None: ...


class Worlds(Protocol):
    """Opens a world for each room on one program. Close it when no more rooms are wanted."""

    def open(self) -> World: ...

    def close(self) -> None: ...


class WorldFailure(Exception):
    """The program cannot be talked to any more, or never could.

    `kind` is one of KINDS, `message` one sentence for the learner, `file` and `line` the place in
    the learner's code where it is known ("" and 0 where not), `type` the class of the exception
    behind it, `notes` what was noticed before. What is too long is cut: an exception's message can
    have millions of characters, and a text is made of it for each test.
    """

    KINDS: ClassVar = frozenset(
        {
            *("missing", "syntax", "import", "raised", "no serve", "not async"),
            *("serve raised", "serve waits", "not served", "stalled", "no tls", "hang"),
            *("exit", "crash", "processes", "runs on", "memory", "flood", "took too long"),
            *("broken", "bad reply"),
        }
    )
    """What each of them means, and what is said about it, is in failure/advice.py."""

    def __init__(
        self,
        kind: str,
        message: str,
        file: str = "",
        line: int = 0,
        type: str = "",
        notes: tuple[Note, ...] = (),
    ) -> None:
        super().__init__(message[:LONGEST_MESSAGE])
        self.kind = kind
        self.message = message[:LONGEST_MESSAGE]
        self.file = file[:LONGEST_NAME]
        self.line = line
        self.type = type[:LONGEST_NAME]
        self.notes = notes
        self.printed = ""
