"""Scenarios with a lot of data: large writes, a reader that does not keep up, flow control."""

import asyncio

from scenarios.everyday import BufferedEcho, Echo
from scenarios.stage import HOST, Recorder, Stage

PLENTY = 20_000_000  # more than any kernel buffers for one connection


async def a_slow_reader_holds_the_writer_back(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    client.transport.pause_reading()
    client.transport.pause_reading()
    stage.tell(client.transport.is_reading())
    server.transport.write(b"x" * PLENTY)
    await server.saw("pause")
    stage.tell(server.transport.get_write_buffer_size() > 64 * 1024)
    client.transport.resume_reading()
    stage.tell(client.transport.is_reading())
    await client.received(PLENTY)
    await server.saw("resume")
    stage.tell(server.transport.get_write_buffer_size())
    server.transport.close()


async def limits_of_the_write_buffer(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    stage.tell(server.transport.get_write_buffer_limits())
    server.transport.set_write_buffer_limits(high=0)
    stage.tell(server.transport.get_write_buffer_limits())
    client.transport.pause_reading()
    server.transport.write(b"x" * PLENTY)
    server.transport.write(b"y" * 10)
    await server.saw("pause")
    client.transport.resume_reading()
    await client.received(PLENTY + 10)
    await server.saw("resume")
    client.transport.close()


async def what_is_written_while_resuming_comes_last(stage: Stage) -> None:
    class Again(Recorder):
        def resume_writing(self) -> None:
            super().resume_writing()
            self.transport.write(b"the end")

    server, client = await stage.pair(Again)
    client.transport.pause_reading()
    server.transport.write(b"x" * PLENTY)
    await server.saw("pause")
    client.transport.resume_reading()
    await client.received(PLENTY + 7)
    client.transport.close()


async def half_close_waits_for_what_is_buffered(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    server.transport.pause_reading()
    client.transport.write(b"x" * PLENTY)
    client.transport.write_eof()
    await client.saw("pause")
    server.transport.resume_reading()
    await server.ended()
    stage.tell(len(server.seen[1]))


async def a_slow_reader_and_a_close(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    client.transport.pause_reading()
    server.transport.write(b"x" * PLENTY)
    server.transport.close()
    stage.tell(server.transport.is_closing())
    client.transport.resume_reading()
    await client.ended()
    stage.tell(len(client.seen[1]))


async def an_abort_drops_what_is_owed(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    client.transport.pause_reading()
    server.transport.write(b"x" * PLENTY)
    server.transport.abort()
    await server.ended()
    stage.tell(server.transport.get_write_buffer_size())
    client.transport.resume_reading()
    await client.ended()
    stage.tell(0 < len(client.seen[1]) < PLENTY)
    client.seen[1] = b"some of it"


async def large_writes_come_back(stage: Stage) -> None:
    class Unpaused(Recorder):
        """A protocol that does not record pauses, because they depend on buffer sizes."""

        def pause_writing(self) -> None:
            pass

        def resume_writing(self) -> None:
            pass

    class UnpausedEcho(Unpaused, Echo):
        pass

    _, client = await stage.pair(UnpausedEcho, Unpaused)
    sent = 0
    for size in (1, 65_535, 65_536, 65_537, 300_000, 1_000_000):
        client.transport.write(bytes(range(251)) * (size // 251) + b"!" * (size % 251))
        sent += size
        await client.received(sent)
    client.transport.write_eof()


async def large_writes_through_a_small_buffer(stage: Stage) -> None:
    _, client = await stage.pair(BufferedEcho)
    client.transport.write(bytes(range(250)) * 80)
    await client.received(20_000)
    client.transport.close()


async def a_reader_that_pauses_after_every_read(stage: Stage) -> None:
    class Sipping(Recorder):
        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self.transport.pause_reading()
            asyncio.get_running_loop().call_soon(self.transport.resume_reading)

    server, client = await stage.pair(Sipping)
    for _ in range(20):
        client.transport.write(b"0123456789" * 100)
    client.transport.close()
    await server.ended()


async def a_reader_paused_from_the_start(stage: Stage) -> None:
    class Late(Recorder):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            self.transport.pause_reading()

    server, client = await stage.pair(Late)
    client.transport.write(b"early bird")
    client.transport.close()
    await client.ended()
    server.note("now")
    server.transport.resume_reading()


async def drain_waits_for_a_slow_reader(stage: Stage) -> None:
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(20):
            writer.write(b"x" * (PLENTY // 20))
            await writer.drain()
        stage.tell("drained")
        writer.close()
        await writer.wait_closed()
        done.set()

    server = await asyncio.start_server(serve, HOST, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection(HOST, port)
        # What is left is more than any kernel buffers, too: 4 MB and 6 MB on Linux, as they come.
        stage.tell(len(await reader.readexactly(PLENTY // 10)))
        stage.tell(done.is_set())
        stage.tell(len(await reader.read()))
        await done.wait()
        writer.close()
        await writer.wait_closed()


SCENARIOS = [
    a_slow_reader_holds_the_writer_back,
    limits_of_the_write_buffer,
    what_is_written_while_resuming_comes_last,
    half_close_waits_for_what_is_buffered,
    a_slow_reader_and_a_close,
    an_abort_drops_what_is_owed,
    large_writes_come_back,
    large_writes_through_a_small_buffer,
    a_reader_that_pauses_after_every_read,
    a_reader_paused_from_the_start,
    drain_waits_for_a_slow_reader,
]
