"""Scenarios in which a connection ends: by a close, an abort, a reset or an exception."""

import asyncio

from scenarios.stage import Recorder, Stage

PLENTY = 20_000_000  # more than any kernel buffers for one connection


class Patient(Recorder):
    """A protocol that keeps its own half open when the other side closes."""

    def eof_received(self) -> bool:
        super().eof_received()
        return True


async def write_twice(stage: Stage, protocol: Recorder) -> None:
    """Write twice: the peer's kernel answers the first write, and the second one notices."""
    protocol.transport.write(b"anybody?")
    stage.tell(protocol.transport.is_closing())
    await stage.everything_arrives()
    stage.tell(protocol.transport.is_closing())
    protocol.transport.write(b"anybody?")
    stage.tell(protocol.transport.is_closing())


async def the_server_hangs_up_at_once(stage: Stage) -> None:
    class Unwelcoming(Recorder):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            self.transport.write(b"we are closed")
            self.transport.close()
            self.transport.close()

    await stage.pair(Unwelcoming)


async def a_close_with_data_in_flight_loses_nothing(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    server.transport.write(b"x" * PLENTY)
    server.transport.close()
    stage.tell(server.transport.is_closing())
    await client.ended()
    stage.tell(len(client.seen[1]))


async def a_close_while_the_other_side_does_not_read(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    client.transport.pause_reading()
    server.transport.write(b"read me later")
    server.transport.close()
    await server.ended()
    client.transport.resume_reading()


async def an_abort_ends_the_stream(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    client.transport.write(b"good")
    await server.received(4)
    client.transport.abort()
    client.transport.abort()
    stage.tell(client.transport.is_closing())


async def a_reset(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    client.transport.write(b"about to break")
    await server.received(14)
    stage.reset(client)


async def a_reset_while_the_other_side_does_not_read(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    server.transport.pause_reading()
    client.transport.write(b"last words")
    stage.reset(client)
    await client.ended()
    server.transport.resume_reading()


async def a_reset_while_much_is_owed(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    client.transport.pause_reading()
    server.transport.write(b"x" * PLENTY)
    await server.saw("pause")
    stage.reset(client)


async def a_reset_while_a_close_waits_for_its_bytes(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    client.transport.pause_reading()
    server.transport.write(b"x" * PLENTY)
    server.transport.close()
    stage.reset(client)


async def a_close_over_unread_bytes_resets(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    client.transport.pause_reading()
    server.transport.write(b"x" * PLENTY)
    await server.saw("pause")
    await stage.everything_arrives()
    client.transport.close()


async def an_abort_over_unread_bytes_resets(stage: Stage) -> None:
    server, client = await stage.pair(Recorder)
    client.transport.pause_reading()
    server.transport.write(b"x" * PLENTY)
    await server.saw("pause")
    await stage.everything_arrives()
    client.transport.abort()


async def data_that_reaches_a_closed_end_breaks_the_pipe(stage: Stage) -> None:
    server, client = await stage.pair(Patient)
    client.transport.close()
    await server.saw("eof")
    await write_twice(stage, server)


async def data_that_reaches_a_closed_end_unseen(stage: Stage) -> None:
    """The server does not read. It never sees the end of the stream, only the broken pipe."""
    server, client = await stage.pair(Patient)
    server.transport.pause_reading()
    client.transport.close()
    await stage.everything_arrives()
    await write_twice(stage, server)


async def a_reset_after_a_half_close(stage: Stage) -> None:
    server, client = await stage.pair(Patient)
    client.transport.write_eof()
    await server.saw("eof")
    stage.reset(client)
    await stage.everything_arrives()
    await write_twice(stage, server)


async def a_reset_after_a_half_close_unseen(stage: Stage) -> None:
    """The end of the stream arrived first, so that is what a late reader sees."""
    server, client = await stage.pair(Recorder)
    server.transport.pause_reading()
    client.transport.write_eof()
    await stage.everything_arrives()
    stage.reset(client)
    await stage.everything_arrives()
    server.transport.resume_reading()


async def writes_after_the_end_are_dropped(stage: Stage) -> None:
    class Talkative(Recorder):
        def connection_lost(self, exc: Exception | None) -> None:
            self.transport.write(b"one more thing")
            super().connection_lost(exc)

    server, client = await stage.pair(Talkative, Talkative)
    client.transport.write(b"bye")
    client.transport.close()
    client.transport.write(b"not really")
    await server.ended()
    server.transport.write(b"hello?")
    stage.tell([server.transport.get_write_buffer_size(), server.transport.is_reading()])


async def an_exception_in_data_received_ends_it(stage: Stage) -> None:
    class Clumsy(Recorder):
        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            raise ZeroDivisionError("a mistake in a program")

    _, client = await stage.pair(Clumsy)
    client.transport.write(b"x")


async def an_exception_in_eof_received_ends_it(stage: Stage) -> None:
    class Clumsy(Recorder):
        def eof_received(self) -> None:
            super().eof_received()
            raise ZeroDivisionError("a mistake in a program")

    _, client = await stage.pair(Clumsy)
    client.transport.write_eof()


async def an_exception_in_connection_made_is_survived(stage: Stage) -> None:
    class Clumsy(Recorder):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            raise ZeroDivisionError("a mistake in a program")

    server, client = await stage.pair(Clumsy)
    client.transport.write(b"hello")
    await server.received(5)
    client.transport.close()


async def an_exception_in_connection_lost_closes_all_the_same(stage: Stage) -> None:
    class Clumsy(Recorder):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            raise ZeroDivisionError("a mistake in a program")

    server, _ = await stage.pair(Clumsy)
    server.transport.abort()


async def a_buffer_of_no_bytes_ends_it(stage: Stage) -> None:
    class Full(asyncio.BufferedProtocol, Recorder):  # type: ignore[misc]
        def get_buffer(self, sizehint: int) -> bytearray:
            return bytearray()

        def buffer_updated(self, nbytes: int) -> None:
            self.note("never called")

    _, client = await stage.pair(Full)
    client.transport.write(b"x")


SCENARIOS = [
    the_server_hangs_up_at_once,
    a_close_with_data_in_flight_loses_nothing,
    a_close_while_the_other_side_does_not_read,
    an_abort_ends_the_stream,
    a_reset,
    a_reset_while_the_other_side_does_not_read,
    a_reset_while_much_is_owed,
    a_reset_while_a_close_waits_for_its_bytes,
    a_close_over_unread_bytes_resets,
    an_abort_over_unread_bytes_resets,
    data_that_reaches_a_closed_end_breaks_the_pipe,
    data_that_reaches_a_closed_end_unseen,
    a_reset_after_a_half_close,
    a_reset_after_a_half_close_unseen,
    writes_after_the_end_are_dropped,
    an_exception_in_data_received_ends_it,
    an_exception_in_eof_received_ends_it,
    an_exception_in_connection_made_is_survived,
    an_exception_in_connection_lost_closes_all_the_same,
    a_buffer_of_no_bytes_ends_it,
]
