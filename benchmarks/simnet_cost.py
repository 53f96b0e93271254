"""What a conversation costs on the simulated network, and how the cost grows.

    python benchmarks/simnet_cost.py

A conversation is what a test of a chapter does: a server, two clients, 14 calls (connect, send,
close), and after each the network comes to rest. Then the number of clients and of messages grows
tenfold, twice; the cost of one should stay as it is, so the last column stays near 1.
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
    """Passes on what one client says to all of them."""

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
    """Seconds of the processor, whatever else the machine does; the first run is left out."""
    run()
    return statistics.median(timed(run) for _ in range(REPEATS))


def timed(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def table(what: str, counts: Iterable[int], run: Callable[[int], object]) -> None:
    """One line a count; the ratio is the cost of one against the line above."""
    before = 0.0
    for count in counts:
        taken = median(lambda count=count: run(count))
        each = taken / count
        ratio = f"{each / before:8.2f}" if before else ""
        print(f"{count:>6} {what:27}{taken * 1e3:>7.2f} ms{each * 1e6:>9.1f} us{ratio}")
        before = each


def conversation(weather: Weather) -> None:
    """Two clients meet, say four things each, and leave: 14 calls."""
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
    """Every client says so many things to an echo server."""
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
    connecting = loop.create_task(loop.create_connection(asyncio.Protocol, HOST, PORT))
    loop.settle()
    return connecting.result()[0]


if __name__ == "__main__":
    main()
