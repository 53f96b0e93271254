"""More clients than there is room for: those who are in notice nothing, and the log stays short."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from client import until
from test_life import Chat, join

from bfnet import Limits
from bfnet import limits as limits_file

SERVER = Path(__file__).with_name("crowded_server.py")
DESCRIPTORS = 64
SILENT = 150


class Crowded:
    """A server with 64 descriptors in a process of its own."""

    def __init__(self, loop, *most_connections):
        if loop == "uvloop":
            pytest.importorskip("uvloop")
        self._stderr = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed with the server
        self._process = subprocess.Popen(
            [sys.executable, str(SERVER), loop, str(DESCRIPTORS), *most_connections],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
        )
        self._port = int(self._process.stdout.readline())
        self._clients = contextlib.ExitStack()

    def connect(self):
        client = socket.create_connection(("127.0.0.1", self._port), timeout=20)
        return self._clients.enter_context(client)

    def stop(self):
        """How many seconds `stop()` took, and the lines in the log."""
        said, _ = self._process.communicate("\n", timeout=30)
        return float(said), self.log().splitlines()

    def log(self):
        self._stderr.seek(0)
        return self._stderr.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._clients.close()
        self._process.kill()
        self._process.communicate()
        self._stderr.close()


def echo(client, line=b"hello"):
    """How many seconds the answer took."""
    began = time.monotonic()
    client.sendall(line)
    assert client.recv(100) == line
    return time.monotonic() - began


def is_closed(client):
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_newcomers_beyond_the_limit_are_closed_at_once(loop):
    with Crowded(loop) as server:
        inside = [server.connect(), server.connect()]
        for client in inside:
            echo(client)
        silent = [server.connect() for _ in range(SILENT)]
        assert all(is_closed(client) for client in silent[DESCRIPTORS:])
        delays = [echo(client) for _ in range(100) for client in inside]
        assert statistics.median(delays) < 0.05
        for client in silent:
            client.close()
        echo(served(server))
        seconds, log = server.stop()
        assert seconds < 2
        assert [line for line in log if "no certificate" not in line] == [
            "WARNING: newcomers are turned away: this process is at its limit of 32 connections",
            f"WARNING: newcomers are accepted again: {turned_away(log)} were turned away",
        ]


def served(server):
    """A client that the server lets in, as soon as it has noticed that others have left."""
    while True:
        client = server.connect()
        try:
            echo(client)
        except (OSError, AssertionError):
            continue
        return client


def turned_away(log):
    (line,) = [line for line in log if "were turned away" in line]
    return int(line.split(": ")[2].split()[0])


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_without_file_descriptors_newcomers_wait_and_the_others_do_not(loop):
    with Crowded(loop, "10000") as server:
        inside = [server.connect(), server.connect()]
        for client in inside:
            echo(client)
        silent = [server.connect() for _ in range(SILENT)]
        silent[-1].sendall(b"let me in")
        delays = []
        until_then = time.monotonic() + 1.5
        while time.monotonic() < until_then:
            delays += [echo(client) for client in inside]
        assert statistics.median(delays) < 0.05
        for client in silent[:-1]:
            client.close()
        began = time.monotonic()
        assert silent[-1].recv(100) == b"let me in"
        assert time.monotonic() - began < 2
        seconds, log = server.stop()
        assert seconds < 2
        begun, ended = [line for line in log if "no certificate" not in line]
        assert begun == "WARNING: nobody can connect for now: Too many open files"
        assert ended.startswith("WARNING: clients can connect again: ")


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_it_stops_as_fast_as_ever_without_file_descriptors(loop):
    with Crowded(loop, "10000") as server:
        for _ in range(SILENT):
            server.connect()
        while "nobody can connect" not in server.log():
            time.sleep(0.01)
        seconds, log = server.stop()
        assert seconds < 3
        assert len(log) == 3


def test_one_client_is_accepted_in_a_turn_however_many_wait(sockets):
    async def conversation(server):
        with contextlib.ExitStack() as clients:
            for _ in range(100):
                address = ("127.0.0.1", server.net.port)
                clients.enter_context(socket.create_connection(address))
            before = turns = 0
            while before < 100:
                await asyncio.sleep(0)
                turns += 1
                assert len(server.connections) <= before + 1
                before = len(server.connections)
            assert turns >= 100

    sockets.run(conversation)


def test_the_limit_counts_the_connections_of_all_nets(world):
    async def conversation(server):
        second = await world.listen(server.handler)
        server.net.limits.most_connections = second.limits.most_connections = 2
        await join(server, b"alice")
        await join(server, b"bob")
        first, server.net = server.net, second
        carol = await server.connect_without_tls()
        assert await carol.read_all() == b""
        server.net = first
        (alice, *_) = server.clients
        alice.close()
        await until(lambda: len(server.connections) == 1)
        await join(server, b"dave")

    world.run(conversation, Chat)
    messages = [m for m in world.caplog.messages if "newcomers" in m]
    assert messages == [
        "newcomers are turned away: this process is at its limit of 2 connections",
        "newcomers are accepted again: 1 were turned away",
    ]


@pytest.mark.parametrize(
    ("files", "connections"),
    [(64, 32), (256, 224), (1024, 896), (1048576, 917504), (16, 8), (1, 1)],
)
def test_the_default_leaves_file_descriptors_to_spare(monkeypatch, files, connections):
    monkeypatch.setattr("resource.getrlimit", lambda _: (files, files))
    assert Limits().most_connections == connections


def test_the_default_is_500_where_the_limit_on_files_is_not_known(monkeypatch):
    monkeypatch.setattr("resource.getrlimit", lambda _: (-1, -1))
    assert Limits().most_connections == 500
    monkeypatch.setattr(limits_file, "resource", None)
    assert Limits().most_connections == 500
