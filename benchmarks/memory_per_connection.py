"""How much memory an idle connection costs the server, plain and over TLS.

python benchmarks/memory_per_connection.py [CONNECTIONS]

The server runs in a process of its own, so that the memory of the clients is not counted.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import resource
import socket
import ssl
import sys
from multiprocessing.connection import Connection

from bfnet import ButterflyHandler
from grader.certificate import development_certificate

PAGE = resource.getpagesize()


def main() -> None:
    connections = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    certificate = development_certificate()
    files = (certificate.certificate, certificate.key, None)
    context = ssl.create_default_context(cafile=certificate.authority)
    print(f"{connections} idle connections, bytes each:")
    print(f"  plain {measure(connections, None, None):8,.0f}")
    print(f"  TLS   {measure(connections, files, context):8,.0f}")


def measure(connections: int, files: object, context: ssl.SSLContext | None) -> float:
    """Return the bytes of resident memory that one more connection costs."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, files))
    server.start()
    port = ours.recv()
    warm_up = [connect(port, context) for _ in range(50)]
    before = ask(ours)
    clients = [connect(port, context) for _ in range(connections)]
    after = ask(ours)
    for client in warm_up + clients:
        client.close()
    ours.send("stop")
    server.join()
    return (after - before) / connections


def connect(port: int, context: ssl.SSLContext | None) -> socket.socket:
    """Connect a client, and wait for one byte of echo, so that the server has accepted it."""
    client = socket.create_connection(("127.0.0.1", port))
    if context is not None:
        client = context.wrap_socket(client, server_hostname="localhost")
    client.sendall(b"x")
    assert client.recv(1) == b"x"
    return client


def ask(server: Connection) -> int:
    """Return the resident memory of the server's process, in bytes."""
    server.send("memory?")
    answer: int = server.recv()
    return answer


def serve(pipe: Connection, files: object) -> None:
    """Run an echo server that sends its port, and then its memory for each question."""
    asyncio.run(_serve(pipe, files))


async def _serve(pipe: Connection, files: object) -> None:
    handler = ButterflyHandler.get_handler()
    net = await handler.create_server(("127.0.0.1", 0), files)  # type: ignore[arg-type]

    @net.any_data
    async def echo(data: bytes, butterfly: object, handler: object) -> None:
        butterfly.write(data)  # type: ignore[attr-defined]

    pipe.send(net.port)
    while await asyncio.to_thread(pipe.recv) != "stop":
        pipe.send(resident())
    await handler.stop()


def resident() -> int:
    """Return the resident memory of this process, in bytes (Linux: man 5 proc_pid_statm)."""
    gc.collect()
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * PAGE


if __name__ == "__main__":
    main()
