"""Defines every message between the judge and the program that is judged.

A `Command` goes to the program's side. The answer is a `Reply` or a `WorldFailure`, and both carry
`Note`s. This file imports neither side, and both sides import it:

    worlds/   the judge's side: opens worlds, and sends commands to them
    child/    the program's side: performs commands on the learner's server
    wire.py   turns commands and replies into JSON lines, and back

A `Worlds` serves one program many times, each time in a fresh `World`: it executes the program's
module again, on a new loop, so that nothing is left of the room before.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

from simnet import Event

HOST = "127.0.0.1"
"""The address at which every program is served, simulated or not."""

KERNEL_BUFFER = 65536
"""Bytes that a real socket's buffers are asked to hold; a simulated one holds as many."""

LONGEST_MESSAGE = 20_000  # characters in the message of a failure
LONGEST_NOTE = 4000  # characters in the message of a note
LONGEST_NAME = 4096  # characters in a path, a class or a level; a path can be that long
MOST_NOTES = 500  # in a reply
MOST_EVENTS = 20_000  # in a room

PROOF_KINDS = ("never awaited", "blocked", "leftover")
PROOF_TYPES = (
    *("AttributeError", "KeyError", "TypeError", "NameError", "ValueError", "IndexError"),
    *("RuntimeError", "OSError", "AssertionError", "ZeroDivisionError"),
)
"""What the judge has reported, to see whether a report arrives (child/proof.py)."""

Serve = Callable[[tuple[str, int], Any], Coroutine[Any, Any, Any]]
"""A chapter's `serve(bind, ssl_options)`: starts a server and returns it."""


class Note(NamedTuple):
    """Something that the program did and that its clients cannot see.

    `kind` is "exception", "log", "never awaited", "blocked", "warning", "leftover", "waiting",
    "reached", "idle thread" (left over, but harmless), "slow import" (its message has the
    seconds) or "proof" (one that the judge asked for cannot be given).
    """

    kind: str
    message: str
    type: str = ""  # an exception's class; for "waiting", the call: "on_disconnect", "data loop"
    level: str = ""  # of a log record: "INFO"
    file: str = ""  # in the program's own code; "" if unknown
    line: int = 0
    calls: tuple[int, ...] = ()  # lines of the file that led to it, innermost last; not on the wire


class SocketState(NamedTuple):
    """The raw bytes that went through a server's socket. The TLS world compares them."""

    received: int
    sent: int
    waits: bool  # the server has more to send than the network accepts
    finish: str  # "eof" once the server has shut down its sending side, "close" once it has closed


Command = Mapping[str, Any]
"""One action of a client, of time or of the judge. "do" names it, the other keys are operands:

    {"do": "open", "guard": True, "undo": True}     begins a room; for both, see child/original.py
    {"do": "connect", "client": "alice", "latency": 0.012}     seconds each way
    {"do": "send", "client": "alice", "pieces": [b"hel", b"lo\\n"]}     each piece is one read
    {"do": "eof" | "close" | "reset" | "pause" | "resume", "client": "alice"}
    {"do": "at once", "acts": [...]}     commands of several clients that arrive at one moment
    {"do": "sleep", "seconds": 3.0}      {"do": "stop"}
    {"do": "look"}      nothing happens; the notes of the reply say where the program waits
    {"do": "prove", "token": "5f1c"}      nothing happens; the notes are those of child/proof.py
"""


class Reply(NamedTuple):
    """The result of a command. After it, the world is at rest."""

    time: float  # virtual seconds since the room was opened
    events: tuple[Event, ...] = ()  # since the last reply, in the order of arrival
    notes: tuple[Note, ...] = ()  # since the last reply
    butterflies: Mapping[str, str] = {}  # for each key a state, as Room.butterflies has it
    printed: str = ""  # by the program, if it prints to a pipe of ours
    address: str = ""  # "ip:port" of the client, in the reply to "connect"
    sockets: Mapping[int, SocketState] = {}  # by the client's port; only on the socket stage
    holders: Mapping[str, str] = {}  # the butterfly's "ip:port" for each key; not on the wire


class World(Protocol):
    """One room's program and network. After a `WorldFailure` it can only be closed."""

    def perform(self, command: Command) -> Reply:
        """Perform a command and return its result. Raises `WorldFailure`."""

    def close(self) -> None:
        """Release the world without checking anything."""


@runtime_checkable
class Worlds(Protocol):
    """Opens a world for each room on one program. Close it after the last room."""

    def open(self) -> World:
        """Return a world for one room. Raises `WorldFailure` if none can be started."""

    def close(self) -> None:
        """End what serves the worlds, such as a child process."""


class WorldFailure(Exception):
    """The program no longer answers, or never did.

    `kind` is one of KINDS. `message` is one sentence for the learner. `file` and `line` are the
    place in the learner's code ("" and 0 if unknown), `type` is the class of the exception that
    caused this, and `notes` were collected before it. Long texts are cut: the message of an
    exception can have millions of characters, and every test puts it into a text.
    """

    KINDS: ClassVar = frozenset(
        {
            *("missing", "syntax", "import", "raised", "no serve", "not async"),
            *("serve raised", "serve waits", "not served", "stalled", "no tls", "hang"),
            *("exit", "crash", "processes", "runs on", "memory", "flood", "took too long"),
            *("broken", "no process", "bad reply", "hides"),
        }
    )
    """failure/advice.py says what each kind means, and words the advice."""

    OF_THE_JUDGE: ClassVar = frozenset(
        {
            *("no process", "hang", "crash", "flood", "took too long"),
            *("no tls", "bad reply", "hides"),
        }
    )
    """What only the judge can find out. A program that reports it has made it up."""

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
