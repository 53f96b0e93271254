"""One conversation in which a bit of everything happens. Its trace is the same everywhere.

    python tests/simnet/storyline.py

This prints the trace. `storyline.json` is what it printed once. Every Python has to print the same
bytes, in any process, whatever its hash seed. When the format changes on purpose, print it again.
"""

import asyncio
import contextlib
import json
import sys

from simnet import SimulatedLoop, Trace, choppy

HOST, PORT = "127.0.0.1", 8001


class Chat:
    """A server on streams, with sets of names, queues, timers and tasks, in no special order."""

    def __init__(self) -> None:
        self.queues: dict[str, asyncio.Queue[bytes]] = {}

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = "?"
        sending = None
        try:
            writer.write(b"Nickname: ")
            name = (await asyncio.wait_for(reader.readline(), 5.0)).decode().strip()
            self.queues[name] = asyncio.Queue()
            self.tell({*self.queues} - {name}, f"{name} has joined")
            sending = asyncio.create_task(self.send(self.queues[name], writer))
            while line := await reader.readline():
                self.tell({*self.queues} - {name}, f"{name}: {line.decode().strip()}")
            await asyncio.sleep(0.25)
        except (TimeoutError, ConnectionError) as error:
            self.tell({*self.queues}, f"{name} is lost: {type(error).__name__}")
        finally:
            self.queues.pop(name, None)
            if sending:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
            writer.close()

    def tell(self, names: set[str], text: str) -> None:
        for name in sorted(names):
            self.queues[name].put_nowait(text.encode() + b"\n")

    async def send(self, queue: "asyncio.Queue[bytes]", writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(await queue.get())
            await writer.drain()


async def client(name: str, lines: int) -> None:
    reader, writer = await asyncio.open_connection(HOST, PORT)
    await reader.readuntil(b": ")
    writer.write(f"{name}\n".encode())
    for number in range(lines):
        await asyncio.sleep(0.1)
        writer.write(f"line {number} of ".encode())
        writer.write(f"{name}\n".encode() * (1 + number * 3))
        await writer.drain()
    if name == "mallory":
        writer.transport.reset()
        return
    writer.write_eof()
    await reader.read()
    writer.close()


async def story() -> None:
    server = await asyncio.start_server(Chat().talk, HOST, PORT)
    async with server, asyncio.TaskGroup() as group:
        group.create_task(client("alice", 3))
        group.create_task(client("bob", 5))
        group.create_task(client("mallory", 2))
        _, silent = await asyncio.open_connection(HOST, PORT)
        await asyncio.sleep(6.0)
        silent.close()
    with contextlib.suppress(ConnectionRefusedError):
        await asyncio.open_connection(HOST, PORT)


def trace() -> Trace:
    """Return the trace of the story in choppy weather, seed 7."""
    loop = SimulatedLoop(choppy(7))
    loop.trace.names[f"{HOST}:{PORT}"] = "server"
    loop.run_until_complete(story())
    loop.close()
    return loop.trace


def trace_as_json() -> str:
    """Return the trace as JSON, one line for each event, with its bytes as latin-1 text."""
    story_trace = trace()
    rows = ",\n".join(
        json.dumps([*event[:4], event.data.decode("latin-1")]) for event in story_trace
    )
    return f'{{"names": {json.dumps(story_trace.names)}, "events": [\n{rows}\n]}}\n'


if __name__ == "__main__":
    sys.stdout.write(trace_as_json())
