"""A real server with TLS on a loopback port, in a child process; the clients are here.

After each command the two sides take turns until nothing moves anymore. The child reports how many
raw bytes its sockets have sent, and the clients read that many. The judge then announces what the
clients sent in answer, and the child waits for it (child/sockets.py). TLS runs in memory, so that a
client can count the bytes on the wire, finish sending and go on reading, or reset the connection.

What the child reports is trusted only within limits: clients connect to this machine only and wait
briefly, and the number of turns and what a client reads are bounded.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import monotonic

from room.contract import (
    HOST,
    KERNEL_BUFFER,
    MOST_EVENTS,
    Command,
    Note,
    Reply,
    SocketState,
    WorldFailure,
)
from room.limit import Limit
from room.worlds.launch import Directly, Launcher
from room.worlds.process import DEADLINE, OneProcess, StudentProcess
from simnet import Event

ARRIVES = 2.0  # seconds to wait for a connection, or for bytes that have been sent already
MOST_TURNS = 500  # for one command; three million bytes take 23
MOST_TAKEN = 2**16  # raw bytes in one read
MOST_RECEIVED = 32 * 2**20  # raw bytes for one client


class Tls:
    """Opens worlds with TLS for the program at `file`. Implements `Worlds`.

    `certificate`, `key` and `authority` are PEM files: the server's certificate and its private
    key, and the authority that the clients trust. `deadline` is in seconds of CPU or sleep, for
    each answer. `limit` is for all answers together. `launcher` starts the server's process.
    """

    def __init__(
        self,
        file: Path,
        certificate: Path,
        key: Path,
        authority: Path,
        deadline: float = DEADLINE,
        limit: Limit | None = None,
        launcher: Launcher | None = None,
    ) -> None:
        self.process = OneProcess(file, "sockets", deadline, limit, launcher)
        readable = (launcher or Directly()).readable
        self._pair = [str(readable(certificate)), str(readable(key))]
        self._context = ssl.create_default_context(cafile=str(authority))

    def open(self) -> TlsWorld:
        """Return a world for one room. Raises `WorldFailure` if no process can be started."""
        return TlsWorld(self.process.running(), self._pair, self._context)

    def close(self) -> None:
        """End the child process."""
        self.process.end()


class TlsWorld:
    """Holds one room's clients, and sends commands to its server. Implements `World`."""

    def __init__(
        self, process: StudentProcess, certificate: list[str], context: ssl.SSLContext
    ) -> None:
        self._process = process
        self._certificate = certificate
        self._context = context
        self._server: tuple[str, int] = ("", 0)
        self._clients: dict[str, TlsClient] = {}
        self._time = 0.0
        self._turns = 0  # of this command
        self._recorded = 0  # events in this room
        self._events: list[Event] = []
        self._notes: list[Note] = []
        self._butterflies: Mapping[str, str] = {}

    def perform(self, command: Command) -> Reply:
        """Perform a command, take turns until nothing moves, and report. Raises `WorldFailure`."""
        self._turns = 0
        address = self._act(command)
        reply = Reply(
            self._time,
            tuple(self._events),
            tuple(self._notes),
            self._butterflies,
            self._process.printed(),
            address,
        )
        self._events.clear()
        self._notes.clear()
        return reply

    def close(self) -> None:
        """Drop every client. The server stays until the next "open"."""
        for client in self._clients.values():
            client.drop()

    def _act(self, command: Command) -> str:
        match command["do"]:
            case "open":
                reply = self._ask({**command, "certificate": self._certificate})
                self._server = _server_at(reply.address)
            case "connect":
                return self._connect(command["client"])
            case "sleep":
                self._settle({"do": "sleep", "seconds": command["seconds"]})
            case "stop":
                self._stop()
            case "look" | "prove":
                self._ask(command)
            case "at once":
                for act in command["acts"]:
                    self._client_acts(self._clients[act["client"]], act)
                self._settle({"do": "settle"})
            case _:
                self._client_acts(self._clients[command["client"]], command)
                self._settle({"do": "settle"})
        return ""

    def _connect(self, name: str) -> str:
        try:
            client = TlsClient(name, self._server, self._context)
        except ConnectionRefusedError:
            self._record("server", name, "refused")
            return ""
        except TimeoutError as error:
            message = f"no connection within {ARRIVES:g} seconds: nobody accepts it"
            raise WorldFailure("hang", message) from error
        except OSError as error:
            message = f"a client cannot connect: {error.strerror}"
            raise WorldFailure("not served", message) from error
        self._clients[name] = client
        self._record(name, "server", "connect")
        while not client.shake():
            if not self._settle({"do": "settle"}):
                message = "serve does not speak TLS: the handshake of a client gets no answer"
                raise WorldFailure("no tls", message)
        self._settle({"do": "settle"})
        return f"{HOST}:{client.port}"

    def _client_acts(self, client: TlsClient, command: Command) -> None:
        match command["do"]:
            case "send":
                for number, piece in enumerate(command["pieces"]):
                    if number:  # the piece before has to arrive as a read of its own
                        self._settle({"do": "settle"})
                    client.write(piece)
                    self._record(client.name, "server", "data", piece)
            case "pause":
                client.paused = True
            case "resume":
                client.paused = False
            case "eof" | "close" as how:
                client.finish(how)
                self._record(client.name, "server", how)
            case "reset":
                client.reset()
                self._record(client.name, "server", "reset")

    def _stop(self) -> None:
        self._settle({"do": "stop"})
        for client in self._clients.values():
            client.finish("close")
        self._settle({"do": "settle"})
        self._settle({"do": "leave"})

    def _settle(self, command: Command) -> bool:
        """Take turns until nothing is in flight. Returns whether anything moved on this side."""
        moved = self._flush()
        while True:
            sockets = self._ask(command).sockets
            read = self._read(sockets)
            wrote = self._flush()
            moved = moved or read or wrote
            if not wrote and not (read and any(state.waits for state in sockets.values())):
                return moved
            command = {"do": "settle"}

    def _flush(self) -> bool:
        """Let every client send. Returns whether any did."""
        return sum(client.flush() for client in self._clients.values()) > 0

    def _read(self, sockets: Mapping[int, SocketState]) -> bool:
        """Let every client read what was sent to it. Returns whether there was anything."""
        before = sum(client.received for client in self._clients.values())
        for client in self._clients.values():
            if client.port in sockets:
                for kind, data in client.read(sockets[client.port]):
                    self._record("server", client.name, kind, data)
        return sum(client.received for client in self._clients.values()) > before

    def _ask(self, command: Command) -> Reply:
        self._turns += 1
        if self._turns > MOST_TURNS:
            message = "the program sends without an end: the clients never have read all of it"
            raise WorldFailure("flood", message)
        sent = {client.port: [client.sent, client.ended] for client in self._clients.values()}
        reply = self._process.ask({**command, "sent": sent})
        self._time = reply.time
        self._notes.extend(reply.notes)
        self._butterflies = reply.butterflies
        return reply

    def _record(self, source: str, target: str, kind: str, data: bytes = b"") -> None:
        self._recorded += 1
        if self._recorded > MOST_EVENTS:
            raise WorldFailure("flood", f"the program made more than {MOST_EVENTS:,} events")
        self._events.append(Event(self._time, source, target, kind, data))


class TlsClient:
    """A client's connection: TLS in memory, over a socket that does not block."""

    def __init__(self, name: str, server: tuple[str, int], context: ssl.SSLContext) -> None:
        self.name = name
        self.sent = 0  # raw bytes
        self.received = 0
        self.ended = False  # it will send nothing more
        self.paused = False
        self._socket = _connected(server)
        self.port: int = self._socket.getsockname()[1]
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server[0])
        self._unsent = b""
        self._then = ""  # "eof" or "close", once everything is sent
        self._gone = False  # the socket is closed
        self._over = ""  # how the server finished sending, once the client has read that

    def shake(self) -> bool:
        """Go on with the handshake. Returns True when it is complete."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError as error:
            raise _no_tls(error) from error
        return True

    def write(self, data: bytes) -> None:
        """Encrypt data for the next `flush`, unless this client has finished sending."""
        if data and not self.ended and not self._then:
            self._tls.write(data)

    def finish(self, how: str) -> None:
        """Send TLS's close_notify, then shut down the sending side ("eof") or both ("close")."""
        if not self._then and not self._gone:
            with contextlib.suppress(ssl.SSLError):  # "want read": we do not wait for the answer
                self._tls.unwrap()
        self._then = how

    def reset(self) -> None:
        """Break the connection: no close_notify, and RST instead of FIN."""
        linger_for_nothing = struct.pack("ii", 1, 0)
        with contextlib.suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_for_nothing)
        self.drop()

    def drop(self) -> None:
        """Close the socket at once."""
        self._socket.close()
        self._gone = self.ended = True

    def flush(self) -> bool:
        """Send what the network accepts. Returns whether it accepted anything."""
        if self._gone:
            return False
        self._unsent += self._outgoing.read()
        try:
            sent = self._socket.send(self._unsent) if self._unsent else 0
        except BlockingIOError:
            return False
        except OSError:  # the server has hung up; what it sent before has to be read first
            sent = len(self._unsent)
            self.ended = True
        self._unsent = self._unsent[sent:]
        self.sent += sent
        return self._finished() or bool(sent)

    def read(self, state: SocketState) -> Iterator[tuple[str, bytes]]:
        """Yield what the server has sent by now, as kinds of events with their data."""
        if self._gone:
            return
        if self.paused:  # bytes stay where they are, but a reset is noticed
            yield from self._server_finished("reset" if self._was_reset() else "")
            return
        over = self._receive(state)
        try:
            while data := self._tls.read(2**16):
                yield "data", data
            over = over or "eof"
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            over = over or "eof"
        except ssl.SSLError as error:
            raise _no_tls(error) from error
        yield from self._server_finished(over)

    def _receive(self, state: SocketState) -> str:
        """Read exactly the raw bytes that were sent. Returns how the server finished, or ""."""
        until = monotonic() + ARRIVES
        try:
            while self.received < state.sent:
                raw = self._take(min(state.sent - self.received, MOST_TAKEN), until)
                if not raw:
                    break
                self._incoming.write(raw)
            if state.finish and not self._over:
                while self._take(MOST_TAKEN, until):
                    pass
            return state.finish
        except ConnectionError:
            return "reset"

    def _was_reset(self) -> bool:
        poll = select.poll()
        poll.register(self._socket, 0)
        return any(events & select.POLLERR for _, events in poll.poll(0))

    def _take(self, most: int, until: float) -> bytes:
        raw = self._arrived(most, until)
        self.received += len(raw)
        if self.received > MOST_RECEIVED:
            message = f"the program sent more than {MOST_RECEIVED:,} bytes to {self.name}"
            raise WorldFailure("flood", message)
        return raw

    def _arrived(self, most: int, until: float) -> bytes:
        try:
            return self._socket.recv(most)
        except BlockingIOError:
            pass
        if select.select([self._socket], [], [], max(0.0, until - monotonic()))[0]:
            return self._socket.recv(most)
        message = f"the end of {self.name}'s connection does not arrive: another process holds it"
        raise WorldFailure("hang", message)

    def _server_finished(self, how: str) -> Iterator[tuple[str, bytes]]:
        if how and how != self._over and self._over not in ("close", "reset"):
            self._over = how
            yield how, b""

    def _finished(self) -> bool:
        """End the connection as planned, once all is sent. Returns whether this call did it."""
        if self._unsent or not self._then:
            return False
        if self._then == "close":
            self.drop()
            return True
        if self.ended:
            return False
        self.ended = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        return True


def _server_at(address: str) -> tuple[str, int]:
    """Return the server's address: always on this machine, whatever the child reports."""
    host, _, port = address.rpartition(":")
    if host == HOST and port.isascii() and port.isdigit() and 0 < int(port[:6]) < 2**16:
        return HOST, int(port)
    message = "the program wrote to the judge's own pipe: an address at which nobody can listen"
    raise WorldFailure("bad reply", message)


def _connected(server: tuple[str, int]) -> socket.socket:
    connecting = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    connecting.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL_BUFFER)
    connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connecting.settimeout(ARRIVES)
    try:
        connecting.connect(server)
    except OSError:
        connecting.close()
        raise
    connecting.setblocking(False)
    return connecting


def _no_tls(error: ssl.SSLError) -> WorldFailure:
    reason = getattr(error, "verify_message", "") or error.reason or str(error)
    return WorldFailure("no tls", f"the connection is not proper TLS: {reason}")
