"""The loop on real sockets, in virtual time: what is announced is waited for, however late it is.

On a loopback interface bytes arrive as soon as they are sent. Here another thread sends them, after
the loop has begun to wait.
"""

import asyncio
import socket
import threading

import pytest

from room.child.sockets import StandingLoop


class Listener(asyncio.Protocol):
    def __init__(self):
        self.heard = b""
        self.transports = []

    def connection_made(self, transport):
        self.transports.append(transport)

    def data_received(self, data):
        self.heard += data

    def eof_received(self):
        self.heard += b"<eof>"


class Network:
    """A loop that serves one protocol, and a client of it."""

    def __init__(self):
        self.loop = StandingLoop({})
        self.protocol = Listener()
        serving = self.loop.create_task(
            self.loop.create_server(lambda: self.protocol, "127.0.0.1", 0)
        )
        self.loop.settle()
        self.server = serving.result()
        self.client = socket.create_connection(self.server.sockets[0].getsockname())
        self.port = self.client.getsockname()[1]

    def settle_while(self, call, received, ended):
        """Settle with so much announced; the call is made only when the loop already waits."""
        self.loop.expect({str(self.port): [received, ended]})
        threading.Timer(0.05, call).start()
        self.loop.settle()


@pytest.fixture
def network():
    network = Network()
    yield network
    network.client.close()
    network.server.close()
    network.loop.expect({})
    network.loop.settle()
    for transport in network.protocol.transports:
        transport.close()
    network.loop.settle()
    network.loop.close()


def test_bytes_that_are_announced_are_waited_for(network):
    network.settle_while(lambda: network.client.sendall(b"late"), received=4, ended=False)
    assert network.protocol.heard == b"late"


def test_an_end_of_file_that_is_announced_is_waited_for(network):
    network.settle_while(lambda: network.client.shutdown(socket.SHUT_WR), received=0, ended=True)
    assert network.protocol.heard == b"<eof>"


def test_a_connection_is_waited_for_that_is_not_accepted_yet(network):
    network.loop.settle()
    late = socket.socket()
    late.bind(("127.0.0.1", 0))
    network.port = late.getsockname()[1]
    address = network.server.sockets[0].getsockname()
    network.settle_while(lambda: late.connect(address), received=0, ended=False)
    assert network.port in network.loop.states()
    late.close()


def test_what_a_protocol_does_not_read_is_not_waited_for(network):
    network.loop.settle()
    network.protocol.transports[0].pause_reading()
    network.client.sendall(b"unread")
    network.loop.expect({str(network.port): [6, False]})
    network.loop.settle()
    assert network.protocol.heard == b""


def test_the_clock_stands_still_until_it_is_told_to_move(network):
    rang = []
    network.loop.call_later(1, rang.append, "one")
    network.loop.call_later(2, rang.append, "two")
    network.loop.settle()
    assert (network.loop.time(), rang) == (0.0, [])
    network.loop.advance(1.5)
    assert (network.loop.time(), rang) == (1.5, ["one"])


def test_timers_due_at_one_moment_ring_in_the_order_in_which_they_were_set(network):
    rang = []
    for number in range(20):
        network.loop.call_later(1, rang.append, number)
    network.loop.advance(1)
    assert rang == [*range(20)]


def test_an_executor_runs_here_and_now(network):
    where = network.loop.run_in_executor(None, threading.current_thread)
    assert where.result() is threading.current_thread()
