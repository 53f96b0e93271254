"""What a conversation costs on the simulated network, and how the cost grows.

    python benchmarks/simnet_cost.py

A conversation is like a chapter's test: a server, two clients and 14 calls (connect, send, close),
and after each call the network comes to rest. Then the number of clients, and of messages, grows
tenfold twice. The cost of one should not grow, so the last column should stay near 1.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

from simnet import SimulatedLoop, Weather, calm, choppy

REPEATS = 9
HOST, PORT = "127.0.0.1", 8001


class Hub(asyncio.Protocol):
    """A server that sends what one client sends to all of them."""

    everybody: list[Any]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.everybody.append(transport)

    def data_received(self, data: bytes) -> None:
        for client in self.everybody:
            client.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.everybody.remove(self.transport)


class Echo(asyncio.Protocol):
    """A server that sends back what it receives."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


def main() -> None:
    print(f"{'':34}{'median':>10}{'each':>12}{'ratio':>8}")
    for weather in (calm, choppy):
        taken = median(lambda weather=weather: conversation(weather(0)))
        print(f"14 calls, {weather.__name__ + ' weather':24}{taken * 1e3:>7.2f} ms")
    table("clients, one message each", (10, 100, 1000), lambda count: exchange(count, 1))
    table("messages of one client", (100, 1000, 10_000), lambda count: exchange(1, count))


def median(run: Callable[[], object]) -> float:
    """Return the median of the processor seconds that a run takes; the first is left out."""
    run()
    return statistics.median(timed(run) for _ in range(REPEATS))


def timed(run: Callable[[], object]) -> float:
    """Return the processor seconds of one run, which do not depend on other processes."""
    start = time.process_time()
    run()
    return time.process_time() - start


def table(what: str, counts: Iterable[int], run: Callable[[int], object]) -> None:
    """Print one line for each count. The ratio compares the cost of one with the line above."""
    before = 0.0
    for count in counts:
        taken = median(lambda count=count: run(count))
        each = taken / count
        ratio = f"{each / before:8.2f}" if before else ""
        print(f"{count:>6} {what:27}{taken * 1e3:>7.2f} ms{each * 1e6:>9.1f} us{ratio}")
        before = each


def conversation(weather: Weather) -> None:
    """Let two clients connect, send four lines each, and leave, in 14 calls."""
    loop = SimulatedLoop(weather)
    server = type("Room", (Hub,), {"everybody": []})
    loop.run_until_complete(loop.create_server(server, HOST, PORT))
    clients = [connect(loop) for _ in range(2)]  # 2 calls
    for line in (b"hello\n", b"how are you?\n", b"fine\n", b"bye\n"):
        for client in clients:  # 8 calls
            client.write(line)
            loop.settle()
    for client in clients:  # 4 calls
        client.write_eof()
        loop.settle()
        client.close()
        loop.settle()
    loop.close()


def exchange(clients: int, messages: int) -> None:
    """Let every client send this many messages to an echo server."""
    loop = SimulatedLoop()
    loop.run_until_complete(loop.create_server(Echo, HOST, PORT))
    transports = [connect(loop) for _ in range(clients)]
    for _ in range(messages):
        for transport in transports:
            transport.write(b"a line of ordinary length, such as people write\n")
            loop.settle()
    for transport in transports:
        transport.close()
    loop.settle()
    loop.close()


def connect(loop: SimulatedLoop) -> Any:
    """Connect a client and return its transport."""
    connecting = loop.create_task(loop.create_connection(asyncio.Protocol, HOST, PORT))
    loop.settle()
    return connecting.result()[0]


if __name__ == "__main__":
    main()
