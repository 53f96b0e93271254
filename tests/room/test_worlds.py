"""The same conversation in every world: simulated here, simulated in a child process, real TLS."""

from pathlib import Path
from textwrap import dedent, indent

import pytest

from room import Room, RoomFailure
from room.in_process import InProcess

START = """
import asyncio, logging, ssl

def context(ssl_options):
    if ssl_options is None:
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*ssl_options)
    return made
"""
SERVE = """
async def serve(bind, ssl_options):
    return await asyncio.start_server(talk, *bind, ssl=context(ssl_options))
"""


@pytest.fixture
def talk(program):
    """Writes a plain asyncio server whose connection handler has this body."""

    def write(body, serve=SERVE):
        handler = "async def talk(reader, writer):" + indent(dedent(body), "    ")
        return program("\n".join([START, handler, serve]))

    return write


def test_everyone_gets_their_own_echo(room_of, echo):
    room = room_of(echo())
    alice, bob = room.connect("alice"), room.connect("bob")
    alice.send("hi\n")
    alice.expect("hi\n")
    bob.expect_silence()
    bob.send(b"\xff\x00")
    bob.expect(b"\xff\x00")
    alice.expect_silence()
    room.stop()


def test_each_piece_is_one_read(room_of, talk):
    room = room_of(
        talk("""
            while data := await reader.read(100):
                writer.write(b"<" + data + b">")
        """)
    )
    alice = room.connect("alice")
    alice.send("one", "two\n", "three")
    alice.expect("<one><two\n><three>")
    room.stop()


def test_in_choppy_weather_the_same_bytes_arrive_in_other_reads(room_of, talk):
    room = room_of(
        talk("""
            while data := await reader.read(100):
                writer.write(b"<" + data + b">")
        """),
        seed=1,
        weather="choppy",
    )
    alice = room.connect("alice")
    alice.send("one", "two\n", "three")
    received = alice.received()
    assert received != b"<one><two\n><three>"
    assert received.replace(b"><", b"") == b"<onetwo\nthree>"
    room.stop()


SLOW = """
import asyncio
from bfnet import ButterflyHandler

async def serve(bind, ssl_options):
    net = await ButterflyHandler.get_handler().create_server(bind, ssl_options)

    @net.any_data
    async def answer(data, butterfly, handler):
        await asyncio.sleep(0.5)
        butterfly.write(data)

    return net
"""


def test_a_client_that_finishes_sending_still_hears_the_answer(room_of, program):
    room = room_of(program(SLOW))
    alice = room.connect("alice")
    alice.send("slow\n")
    alice.half_close()
    alice.expect_silence()
    room.sleep(0.6)
    alice.expect("slow\n")
    alice.expect_closed()
    room.stop()


def test_a_server_that_hangs_up_is_seen_to(room_of, talk):
    room = room_of(
        talk("""
            writer.write(b"bye\\n")
            writer.close()
        """)
    )
    alice = room.connect("alice")
    alice.expect("bye\n")
    alice.expect_closed()
    room.stop()


def test_a_silent_server_that_hung_up_is_not_silent(room_of, talk):
    room = room_of(talk("\nwriter.close()"))
    alice = room.connect("alice")
    with pytest.raises(RoomFailure, match="hung up"):
        alice.expect_silence()


def test_when_nothing_comes_the_place_is_told_where_the_program_waits(room_of, talk, line_of):
    program = talk("""
        writer.write(await reader.readexactly(10))
    """)
    room = room_of(program)
    alice = room.connect("alice")
    alice.send("hi\n")
    with pytest.raises(RoomFailure) as caught:
        alice.expect("hi\n")
    line = line_of(program, "readexactly")
    assert f"program.py, line {line} for bytes from" in " ".join(str(caught.value).split())
    room.close()


def test_timers_run_only_while_the_room_sleeps(room_of, talk):
    room = room_of(
        talk("""
            await asyncio.sleep(3)
            writer.write(b"three\\n")
            await asyncio.sleep(0.5)
            writer.write(b"and a half\\n")
        """)
    )
    alice = room.connect("alice")
    alice.expect_silence()
    room.sleep(2.9)
    alice.expect_silence()
    room.sleep(0.2)
    alice.expect("three\n")
    room.sleep(100)
    alice.expect("and a half\n")
    room.stop()


def test_a_timer_that_is_due_at_once_is_a_timer(room_of, talk):
    room = room_of(
        talk("""
            asyncio.get_running_loop().call_later(0, writer.write, b"late")
        """)
    )
    alice = room.connect("alice")
    alice.expect_silence()
    room.sleep(0.001)
    alice.expect("late")
    room.stop()


def test_whoever_stops_reading_loses_nothing(room_of, talk):
    room = room_of(
        talk("""
            await reader.readline()
            writer.write(b"x" * 3_000_000)
            await writer.drain()
            writer.write(b"drained")
        """)
    )
    alice, bob = room.connect("alice"), room.connect("bob")
    alice.stop_reading()
    alice.send("go\n")
    alice.expect_silence()
    bob.send("go\n")
    assert len(bob.received()) == 3_000_007
    alice.expect_silence()
    alice.resume_reading()
    assert alice.received().endswith(b"xdrained")
    room.stop()


def test_a_server_that_reads_late_reads_everything(room_of, talk):
    room = room_of(
        talk("""
            await asyncio.sleep(1)
            data = await reader.readexactly(2_000_000)
            writer.write(data[-3:])
        """)
    )
    alice = room.connect("alice")
    alice.send(b"x" * 1_999_997 + b"end")
    alice.expect_silence()
    room.sleep(2)
    alice.expect("end")
    room.stop()


def test_a_reset_reaches_the_program(room_of, talk):
    room = room_of(
        talk("""
            try:
                await reader.read()
            except ConnectionResetError:
                logging.getLogger("test").warning("alice vanished")
        """)
    )
    room.connect("alice").reset()
    assert room.log() == [("WARNING", "alice vanished")]
    room.stop()


CHAT = Path(__file__).parents[2] / "solutions" / "ch06_relay.py"


def test_the_chat_server_in_every_world(room_of):
    room = room_of(CHAT)
    alice, bob = room.name(), room.name()
    first = room.join(alice)
    second = room.join(bob)
    first.expect(f"{bob} has joined the room\n")
    second.expect_silence()
    text = room.text()
    first.send(text)
    second.expect(f"{alice}: {text}")
    room.connect().expect("Nickname: ")
    second.reset()
    first.expect(f"{bob} has left the room.\n")
    room.stop()


def test_a_seed_gives_the_same_conversation_in_the_child(child):
    def events(worlds):
        room = Room(worlds.open(), seed=7, weather="choppy")
        first, second = room.join(), room.join()
        first.send(room.text(), room.text())
        first.received(), second.received()
        room.stop()
        return room.events

    assert events(InProcess(CHAT)) == events(child(CHAT))


def test_a_path_may_be_relative(worlds, echo, monkeypatch):
    path = echo()
    monkeypatch.chdir(path.parent)
    Room(worlds(Path(path.name)).open()).stop()


def test_a_room_that_is_left_in_the_middle_disturbs_nobody(worlds, echo):
    in_the_end = "try: await asyncio.sleep(9)\n        finally: writer.write(b'x'); print('end')"
    made = worlds(echo(on_data=in_the_end))
    first = Room(made.open())
    first.connect().send("x")
    first.close()
    second = Room(made.open())
    second.connect()
    second.stop()
    assert "Exception ignored" not in second.printed


@pytest.mark.parametrize("kind", ["child", "tls"])
def test_what_a_room_has_left_behind_goes_with_it(kind, request, echo):
    left = "class Left:\n    def __del__(self): print('gone')\nleft = Left(); left.itself = left"
    made = request.getfixturevalue(kind)(echo(at_import=left))
    for _ in range(3):
        room = Room(made.open())
        room.stop()
        assert room.printed == "gone\n"


def test_after_the_server_has_closed_nobody_gets_in(room_of, talk):
    serve = """
async def serve(bind, ssl_options):
    global server
    server = await asyncio.start_server(talk, *bind, ssl=context(ssl_options))
    return server
"""
    room = room_of(talk("\nserver.close()", serve))
    room.connect("alice")
    with pytest.raises(RoomFailure, match="refused"):
        room.connect("bob")


def test_a_client_that_half_closed_and_then_closed_leaves_nothing_over(room_of, echo):
    room = room_of(echo())
    alice = room.connect("alice")
    alice.stop_reading()
    alice.half_close()
    alice.close()
    room.stop()
    assert [note for note in room.notes if note.kind == "leftover"] == []


def test_a_client_that_does_not_read_notices_a_reset_all_the_same(room_of, talk):
    room = room_of(
        talk("""
            await reader.readline()
            writer.transport.abort()
        """)
    )
    alice = room.connect("alice")
    alice.stop_reading()
    alice.send("bye\n")
    alice.send("are you there?\n")
    assert [event.kind for event in room.events if event.target == "alice"] == ["reset"]
    room.close()
