"""What a program does that its clients cannot see, noted in every world."""

import asyncio
import threading
import time

import pytest

from room import Room, open_room

BFNET = """
import asyncio, logging, os, threading
from bfnet import ButterflyHandler

class Handler(ButterflyHandler):
    async def on_connection(self, butterfly):
        {on_connection}
        await super().on_connection(butterfly)

async def serve(bind, ssl_options):
    handler = Handler.get_handler(log_level=logging.DEBUG)
    net = await handler.create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        {on_data}

    return net
"""


@pytest.fixture
def bfnet(program):
    def write(on_connection="pass", on_data="pass"):
        return program(BFNET.format(on_connection=on_connection, on_data=on_data))

    return write


def of_kind(kind, room):
    return [note for note in room.notes if note.kind == kind]


def test_an_exception_with_its_line(room_of, bfnet, line_of):
    path = bfnet(on_data="int(data)")
    room = room_of(path)
    alice = room.connect()
    alice.send("x")
    alice.expect_closed()
    [note] = of_kind("exception", room)
    assert note.type == "ValueError"
    assert note.message == "invalid literal for int() with base 10: b'x'"
    assert (note.file, note.line) == (str(path), line_of(path, "int(data)"))
    room.stop()


def test_an_exception_in_a_task_that_nobody_awaits(room_of, bfnet):
    path = bfnet(on_data="asyncio.ensure_future(asyncio.wait_for(1, 1))")
    room = room_of(path)
    room.connect().send("x")
    room.stop()
    [note] = of_kind("exception", room)
    assert note.type == "TypeError"


def test_an_exception_of_a_plain_server(room_of, echo, line_of):
    path = echo(on_data="[][1]")
    room = room_of(path)
    room.connect().send("x")
    room.stop()
    [note] = of_kind("exception", room)
    assert note.type == "IndexError"
    assert (note.file, note.line) == (str(path), line_of(path, "[][1]"))


def test_a_forgotten_await_with_its_line(room_of, bfnet, line_of):
    path = bfnet(on_data="butterfly.read()")
    room = room_of(path)
    room.connect().send("x")
    [note] = of_kind("never awaited", room)
    assert note.message == "coroutine 'Butterfly.read' was never awaited"
    assert (note.file, note.line) == (str(path), line_of(path, "butterfly.read"))
    room.stop()


def test_a_forgotten_await_that_is_dropped_later(room_of, bfnet, line_of):
    path = bfnet(on_data="forgotten = butterfly.read()")
    room = room_of(path)
    room.connect().send("x")
    [note] = of_kind("never awaited", room)
    assert (note.file, note.line) == (str(path), line_of(path, "forgotten"))
    room.stop()


def test_a_forgotten_await_that_is_found_at_the_end(room_of, bfnet, line_of):
    path = bfnet(on_data="box = []; box += [box, butterfly.read()]")
    room = room_of(path)
    room.connect().send("x")
    room.stop()
    [note] = of_kind("never awaited", room)
    assert (note.file, note.line) == (str(path), line_of(path, "box"))


def test_log_records(room_of, bfnet):
    room = room_of(bfnet(on_connection="self.logger.debug('%s%s', 'he', 'llo')"))
    room.connect()
    assert ("DEBUG", "hello") in room.log()
    room.stop()


def test_a_log_record_that_cannot_be_formatted(room_of, bfnet):
    room = room_of(bfnet(on_connection="self.logger.info('%d', 'x')"))
    room.connect()
    assert "cannot be formatted" in room.log()[-1][1]
    room.stop()


def test_butterflies_come_and_go(room_of, bfnet):
    room = room_of(bfnet())
    alice, bob = room.connect(), room.connect()
    assert room.butterflies() == {alice.address: "pending", bob.address: "pending"}
    alice.close()
    assert room.butterflies() == {bob.address: "pending"}
    room.stop()
    assert room.butterflies() == {}


def test_futures_that_are_done(room_of, bfnet):
    done = "done = asyncio.Future(); done.set_result(1); gone = asyncio.Future(); gone.cancel(); "
    lost = "lost = asyncio.Future(); lost.set_exception(OSError('lost')); "
    add = "handler.butterflies.update({b'a': (0, done), 'b': (0, gone), 'c': (0, lost), 3: 4})"
    room = room_of(bfnet(on_data=done + lost + add))
    room.forgive("OSError")
    alice = room.connect()
    alice.send("x")
    assert room.butterflies() == {
        alice.address: "pending",
        "a": "done",
        "b": "cancelled",
        "c": "failed",
        "a key of type int": "not (butterfly, future)",
    }
    room.close()


def test_a_registry_that_is_none(room_of, bfnet):
    room = room_of(bfnet(on_data="handler.butterflies = 3"))
    room.connect().send("x")
    assert room.butterflies() == {}
    room.close()


def test_a_task_that_is_left_over(room_of, echo, line_of):
    path = echo(
        at_import="async def linger(): await asyncio.sleep(9)",
        on_data="global task; task = asyncio.create_task(linger())",
    )
    room = room_of(path)
    alice = room.connect()
    alice.send("x")
    alice.expect("x")
    room.stop()
    [note] = of_kind("leftover", room)
    assert note.message == "the task linger still runs: it waits for its sleep to end"
    assert (note.file, note.line) == (str(path), line_of(path, "async def linger"))


def test_a_connection_that_is_left_open(child, echo):
    room = Room(child(echo(on_data="await asyncio.sleep(9)")).open())
    alice = room.connect()
    alice.send("x")
    room.stop()
    messages = [note.message for note in of_kind("leftover", room)]
    assert messages == [
        f"the connection of {alice.address} is still open",
        "the task echo still runs: it waits for its sleep to end",
    ]


def test_leftovers_come_in_the_order_in_which_they_were_made(room_of, echo):
    made = "\n".join(f"async def {name}(): await asyncio.sleep(9)" for name in "abc")
    begin = "global tasks; tasks = [asyncio.ensure_future(wait()) for wait in [c, a, b] * 4]"
    room = room_of(echo(at_import=made, on_data=begin))
    alice = room.connect()
    alice.send("x")
    alice.expect("x")
    room.stop()
    names = [note.message.split()[2] for note in of_kind("leftover", room)]
    assert names == ["c", "a", "b"] * 4


async def sleepy(bind, ssl_options):
    async def talk(reader, writer):
        time.sleep(0.001)  # noqa: ASYNC251  what is not to be done
        threading.Thread(target=time.sleep, args=(0.001,)).start()
        writer.write(await reader.read(100))

    return await asyncio.start_server(talk, *bind)


def test_a_sleep_that_stops_the_event_loop_is_noted_and_one_in_a_thread_is_not():
    with open_room(sleepy) as room:
        alice = room.connect()
        alice.send("hi")
        alice.expect("hi")
        (blocked,) = [note for note in room.notes if note.kind == "blocked"]
    assert blocked.message == "time.sleep(0.001)"
    assert blocked.file == __file__
    assert time.sleep.__name__ == "sleep"


async def in_a_thread(bind, ssl_options):
    async def talk(reader, writer):
        await asyncio.to_thread(time.sleep, 5)
        writer.write(b"rested")

    return await asyncio.start_server(talk, *bind)


def test_a_sleep_in_a_thread_of_asyncio_stops_nobody_and_is_not_noted():
    with open_room(in_a_thread) as room:
        room.connect("alice").expect("rested")
        assert [note for note in room.notes if note.kind == "blocked"] == []
