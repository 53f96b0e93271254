"""A storm of connections: how late is what is said in a room while strangers come and go?

Two clients are in the room, over TLS. One says a line every ten milliseconds, on a schedule, and
the other notes when each arrives. Meanwhile a second process opens a number of connections in a
second. Each sends a ClientHello, which costs the server the dear half of a handshake, and leaves.

A delay counts from the moment at which the line was due, so a server that stands still does not
slow the clock down by which it is measured.
"""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import select
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from statistics import median

from benchmarks.relay.machine import LOAD_CORE, pinned_to
from benchmarks.relay.peers import Running

EVERY = 0.01  # seconds between two lines
PATIENCE = 30.0  # seconds for the last of them
OPEN_AT_MOST = 4000  # connections of the storm that are under way


@dataclass(frozen=True)
class Storm:
    """What came of one storm."""

    asked: int
    """Connections that were begun."""
    made: int
    """Connections that the server's kernel took."""
    delays: list[float]
    """Of each line, in seconds."""

    @property
    def p50(self) -> float:
        return median(self.delays)

    @property
    def p99(self) -> float:
        return sorted(self.delays)[int(len(self.delays) * 0.99)]


def storm(server: Running, authority: str, rate: int, seconds: float) -> Storm:
    """Let a storm of `rate` connections a second loose on a server that speaks TLS."""
    context = ssl.create_default_context(cafile=authority)
    speaker, listener = (_join(server.port, context, name) for name in (b"speaker", b"listener"))
    ours, theirs = multiprocessing.Pipe()
    strangers = multiprocessing.get_context("spawn").Process(
        target=_strangers, args=(server.port, rate, seconds, theirs)
    )
    strangers.start()
    ours.recv()  # it is ready
    lines = int(seconds / EVERY)
    delays: list[float] = []
    ours.send("go")
    began = time.monotonic()
    talking = threading.Thread(target=_talk, args=(speaker, began, lines))
    talking.start()
    _listen(listener, began, lines, delays)
    talking.join()
    asked, made = ours.recv()
    strangers.join()
    for client in (speaker, listener):
        client.close()
    return Storm(asked, made, delays)


def join_at_once(server: Running, authority: str, clients: int) -> float:
    """Seconds until so many clients, who all connect in the same moment, have read the prompt."""
    context = ssl.create_default_context(cafile=authority)
    poll = select.epoll()
    began = time.monotonic()
    waiting = {}
    for _ in range(clients):
        client = _connecting(server.port)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
        waiting[client.fileno()] = (client, tls, incoming, outgoing)
        poll.register(client, select.EPOLLOUT)
    done = []
    while waiting:
        for number, events in poll.poll(PATIENCE) or _nobody_comes():
            client, tls, incoming, outgoing = waiting[number]
            if events & select.EPOLLIN:
                incoming.write(client.recv(65536))
            poll.modify(number, select.EPOLLIN)
            try:
                tls.do_handshake()
                prompt = tls.read(100)
            except ssl.SSLWantReadError:
                prompt = b""
            client.sendall(outgoing.read())
            if prompt:
                poll.unregister(number)
                done.append(waiting.pop(number)[0])
    seconds = time.monotonic() - began
    for client in done:
        client.close()
    return seconds


def _nobody_comes() -> list[tuple[int, int]]:
    raise TimeoutError(f"nothing came for {PATIENCE:g} seconds")


def _join(port: int, context: ssl.SSLContext, name: bytes) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    client = context.wrap_socket(plain, server_hostname="localhost")
    client.recv(100)  # the prompt
    client.sendall(name)
    time.sleep(0.2)  # not part of what is measured
    return client


def _talk(speaker: ssl.SSLSocket, began: float, lines: int) -> None:
    for number in range(lines):
        time.sleep(max(0.0, began + number * EVERY - time.monotonic()))
        speaker.sendall(b"%d\n" % number)


def _listen(listener: ssl.SSLSocket, began: float, lines: int, delays: list[float]) -> None:
    rest = b""
    while len(delays) < lines:
        *whole, rest = (rest + listener.recv(65536)).split(b"\n")
        now = time.monotonic()
        for line in whole:
            number = line.removeprefix(b"speaker: ")
            if number.isdigit():
                delays.append(now - (began + int(number) * EVERY))


def _strangers(port: int, rate: int, seconds: float, report: Connection) -> None:
    pinned_to(LOAD_CORE)()
    hello = _client_hello()
    poll = select.epoll()
    open_now: dict[int, socket.socket] = {}
    asked = made = 0
    report.send("ready")
    report.recv()
    began = time.monotonic()
    while (now := time.monotonic() - began) < seconds:
        while asked < now * rate and len(open_now) < OPEN_AT_MOST:
            client = _connecting(port)
            open_now[client.fileno()] = client
            poll.register(client, select.EPOLLOUT)
            asked += 1
        for number, _ in poll.poll(0.001):
            client = open_now.pop(number)
            with contextlib.suppress(OSError):  # it was refused
                client.sendall(hello)
                made += 1
            client.close()
    for client in open_now.values():
        client.close()
    report.send((asked, made))


def _connecting(port: int) -> socket.socket:
    client = socket.socket()
    client.setblocking(False)
    error = client.connect_ex(("127.0.0.1", port))
    assert error in (0, errno.EINPROGRESS), errno.errorcode[error]
    return client


def _client_hello() -> bytes:
    outgoing = ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(
        ssl.MemoryBIO(), outgoing, server_hostname="localhost"
    )
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()
