"""Everyday scenarios: echo, broadcast, half-close, many clients, a change of protocol."""

import asyncio
import errno
from typing import Any

from scenarios.stage import HOST, BufferedRecorder, Recorder, Stage

ALL_BYTES = bytes(range(256))


class Echo(Recorder):
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.transport.write(data)


class BufferedEcho(BufferedRecorder):
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.transport.write(data)


async def echo(stage: Stage) -> None:
    _, client = await stage.pair(Echo)
    for word in (b"one\n", b"two\n", ALL_BYTES):
        client.transport.write(word)
    client.transport.writelines([b"three\n", bytearray(b"four\n"), memoryview(b"five\n")])
    await client.received(8 + 256 + 16)
    client.transport.close()


async def echo_through_a_buffer_of_ten_bytes(stage: Stage) -> None:
    _, client = await stage.pair(BufferedEcho, BufferedRecorder)
    client.transport.write(ALL_BYTES)
    await client.received(256)
    client.transport.write(b"and more")
    await client.received(256 + 8)
    client.transport.close()


async def broadcast(stage: Stage) -> None:
    class Hub(Recorder):
        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            for other in stage.accepted:
                if other is not self:
                    other.transport.write(data)

    await stage.serve(Hub)
    clients = [await stage.connect() for _ in range(5)]
    await stage.everybody_is_in(5)
    said = 0
    for number, client in enumerate(clients):
        client.transport.write(b"I am %d\n" % number)
        said += len(b"I am 0\n")
        for other in clients:
            await other.received(said - len(b"I am 0\n") * (clients.index(other) <= number))
    for client in clients:
        client.transport.close()


async def a_client_that_half_closes_gets_its_answer(stage: Stage) -> None:
    class Counter(Recorder):
        def eof_received(self) -> bool:
            super().eof_received()
            self.transport.write(b"%d bytes" % len(self.seen[1]))
            self.transport.close()
            return True

    _, client = await stage.pair(Counter)
    client.transport.write(b"count ")
    client.transport.write(b"this")
    client.transport.write_eof()
    stage.tell(client.transport.can_write_eof())


async def both_sides_half_close(stage: Stage) -> None:
    class Patient(Recorder):
        def eof_received(self) -> bool:
            super().eof_received()
            return True

    server, client = await stage.pair(Patient, Patient)
    client.transport.write_eof()
    await server.saw("eof")
    server.transport.write(b"I still speak")
    server.transport.write_eof()
    await client.saw("eof")
    client.transport.resume_reading()
    await stage.everything_arrives()
    stage.tell([server.transport.is_closing(), client.transport.is_closing()])
    server.transport.close()
    client.transport.close()


async def nothing_is_written_after_write_eof(stage: Stage) -> None:
    _, client = await stage.pair(Recorder)
    client.transport.write_eof()
    client.transport.write_eof()
    try:
        client.transport.write(b"too late")
    except RuntimeError as error:
        stage.tell(error)


async def only_bytes_can_be_written(stage: Stage) -> None:
    _, client = await stage.pair(Recorder)
    try:
        client.transport.write("text")
    except TypeError as error:
        stage.tell(type(error).__name__)
    client.transport.write(b"")
    client.transport.close()


async def many_clients(stage: Stage) -> None:
    await stage.serve(Echo)
    clients = await asyncio.gather(*(stage.connect() for _ in range(60)))
    for number, client in enumerate(clients):
        client.transport.write(b"client %d" % number)
    for client in clients:
        await client.received(len(b"client 0"))
        client.transport.write_eof()
        await client.ended()
    stage.connected.sort(key=lambda client: client.seen[1])
    stage.accepted.sort(key=lambda server: server.seen[1])


async def a_protocol_is_switched_in_flight(stage: Stage) -> None:
    """One protocol reads the first line, another what follows, and a third the rest."""

    class Greeter(Recorder):
        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.seen[-1] == b"upgrade\n":
                successor: Any = BufferedEcho()
                successor.transport = self.transport
                stage.accepted.append(successor)
                self.transport.set_protocol(successor)
                self.transport.write(b"upgraded\n")
                self.note("lost: to another protocol")

    server, client = await stage.pair(Greeter)
    client.transport.write(b"upgrade\n")
    await client.received(9)
    client.transport.write(b"twenty-two and counting")
    await client.received(9 + 23)
    final = Echo()
    final.transport = server.transport
    stage.accepted[1].note("lost: to a third protocol")
    stage.accepted.append(final)
    server.transport.set_protocol(final)
    client.transport.write(b"and plain again")
    await client.received(9 + 23 + 15)
    client.transport.close()


async def streams(stage: Stage) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            stage.tell(line)
            writer.write(line.upper())
            await writer.drain()
        writer.write(await reader.read() + b"bye")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, HOST, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(b"hello\nworld\nno newline")
        stage.tell(await reader.readline())
        stage.tell(await reader.readexactly(3))
        writer.write_eof()
        stage.tell(await reader.readuntil(b"N"))
        stage.tell(await reader.read())
        stage.tell(await reader.read())
        writer.close()
        await writer.wait_closed()


async def nobody_listens(stage: Stage) -> None:
    await stage.serve(Recorder)
    stage.server.close()
    try:
        await stage.connect()
    except OSError as error:
        stage.tell(f"{type(error).__name__} {error.errno == errno.ECONNREFUSED}")


async def a_port_in_use(stage: Stage) -> None:
    await stage.serve(Recorder)
    try:
        await asyncio.get_running_loop().create_server(Recorder, HOST, stage.port)
    except OSError as error:
        stage.tell(error.errno == errno.EADDRINUSE)


async def a_closed_server_keeps_its_connections(stage: Stage) -> None:
    _, client = await stage.pair(Echo)
    stage.server.close()
    stage.tell(stage.server.is_serving())
    client.transport.write(b"still here?")
    await client.received(11)
    client.transport.close()


async def a_closed_server_waits_for_its_connections(stage: Stage) -> None:
    """It waits from Python 3.12 on. In 3.11 neither loop waits."""
    _, client = await stage.pair(Echo)
    stage.server.close()
    asyncio.get_running_loop().call_later(0.05, client.transport.close)
    await stage.server.wait_closed()
    stage.tell(client.seen)


async def both_ends_know_their_addresses(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    here, there = (client.transport.get_extra_info(end) for end in ("sockname", "peername"))
    stage.tell(there == (HOST, stage.port) == server.transport.get_extra_info("sockname"))
    stage.tell(here == server.transport.get_extra_info("peername"))
    client.transport.close()


SCENARIOS = [
    echo,
    echo_through_a_buffer_of_ten_bytes,
    broadcast,
    a_client_that_half_closes_gets_its_answer,
    both_sides_half_close,
    nothing_is_written_after_write_eof,
    only_bytes_can_be_written,
    many_clients,
    a_protocol_is_switched_in_flight,
    streams,
    nobody_listens,
    a_port_in_use,
    a_closed_server_keeps_its_connections,
    a_closed_server_waits_for_its_connections,
    both_ends_know_their_addresses,
]
