"""What a room and its clients promise to a test."""

import asyncio

import pytest

from bfnet import ButterflyHandler
from course import solution
from room import RoomFailure, open_room
from simnet import calm


async def echo(bind, ssl_options):
    async def talk(reader, writer):
        while data := await reader.read(1000):
            writer.write(data)
        writer.close()

    return await asyncio.start_server(talk, *bind)


@pytest.fixture
def room():
    with open_room(echo) as room:
        yield room
        room.close()


def failure_of(expectation, *args):
    with pytest.raises(RoomFailure) as caught:
        expectation(*args)
    return caught.value


def test_expect_is_exact(room):
    alice = room.connect("alice")
    alice.send("hi\n")
    failure = failure_of(alice.expect, "hi")
    assert (failure.client, failure.expected, failure.received) == ("alice", b"hi", b"hi\n")


def test_expect_takes_what_it_expected(room):
    alice = room.connect()
    alice.send("é")
    alice.expect("é".encode())
    alice.expect_silence()


def test_nothing_came(room):
    failure = failure_of(room.connect("alice").expect, "hi")
    assert failure.received == "nothing"


def test_what_is_not_expected_fails_the_test_and_everything_else_does_not(room):
    alice = room.connect("alice")
    alice.send("hello\n")
    alice.expect_not("goodbye\n")
    alice.expect("")
    alice.send("goodbye\n")
    failure = failure_of(lambda: alice.expect_not("goodbye\n"))
    assert failure.expected == "anything but b'goodbye\\n'"


def test_silence_is_broken_by_a_byte(room):
    alice = room.connect()
    alice.send("x")
    failure = failure_of(alice.expect_silence)
    assert (failure.expected, failure.received) == ("silence", b"x")


def test_the_server_has_not_hung_up(room):
    failure = failure_of(room.connect().expect_closed)
    assert failure.expected == "the server to hang up"
    assert failure.received == "nothing more, and the connection stays open"


def test_closed_means_read_to_the_end(room):
    alice = room.connect()
    alice.send("x")
    alice.half_close()
    assert failure_of(alice.expect_closed).received == b"x"


def test_after_leaving_the_server_may_hang_up_in_silence(room):
    alice = room.connect()
    alice.half_close()
    alice.expect_silence()
    alice.expect_closed()


def test_received_takes_what_is_unread(room):
    alice = room.connect()
    alice.send("x")
    assert alice.received() == b"x"
    assert alice.received() == b""


def test_what_is_left_unread_fails_at_the_end(room):
    alice = room.connect("alice")
    alice.send("x")
    failure = failure_of(room.stop)
    assert (failure.client, failure.received) == ("alice", b"x")


def test_a_failure_carries_the_conversation_the_rule_and_the_task(room):
    room.rule, room.hint_task = "An echo server sends back what it gets.", "1.1"
    failure = failure_of(room.connect("alice").expect, "hi")
    assert failure.transcript == "alice -> server  connects"
    assert failure.rule == "An echo server sends back what it gets."
    assert failure.hint_task == "1.1"


def test_a_broken_room_says_again_what_broke_it():
    async def serve(bind, ssl_options):
        async def talk(reader, writer):
            raise SystemExit

        return await asyncio.start_server(talk, *bind)

    room = open_room(serve)
    first = failure_of(room.connect)
    assert first.wrong.kind == "exit"
    assert failure_of(room.sleep, 1) is first


def test_a_second_ada_is_told_from_the_first(room):
    ada, other = room.connect("Ada"), room.connect("Ada")
    other.send("x")
    ada.expect_silence()
    other.expect("x")
    assert other.name == "Ada (2)"


def test_nobody_is_mistaken_for_the_server(room):
    assert room.connect("server").name == "server (2)"


def test_names_are_not_used_twice(room):
    names = [room.name() for _ in range(200)]
    assert len(set(names)) == 200


def test_the_seed_decides_names_texts_and_times():
    def conversation(seed):
        with open_room(echo, seed=seed, weather="choppy") as room:
            alice = room.connect()
            alice.send(room.text())
            alice.received()
            return room.events

    assert conversation(1) == conversation(1)
    assert conversation(1) != conversation(2)


def test_a_client_is_as_far_away_as_the_weather_says():
    with open_room(echo, seed=3) as room:
        room.connect()
        assert room.events[0].time == calm(3).latency()


def test_join_answers_the_prompt():
    async def serve(bind, ssl_options):
        async def talk(reader, writer):
            writer.write(b"Nickname: ")
            writer.write(b"hello " + await reader.readline())

        return await asyncio.start_server(talk, *bind)

    with open_room(serve) as room:
        room.join("alice").expect("hello alice\n")


def test_a_client_knows_its_address(room):
    assert room.connect().address == "127.0.0.1:50001"
    assert room.connect().address == "127.0.0.1:50002"


def test_the_conversation_can_be_read_and_drawn(room):
    room.connect("alice").reset()
    expected = "alice -> server  connects\nalice -> server  resets the connection"
    assert room.transcript() == expected
    assert room.diagram().svg.startswith("<svg")


def test_stopping_twice_is_stopping(room):
    room.stop()
    room.stop()


def fail_in_a_room():
    with open_room(echo) as room:
        room.connect().send("x")
        raise ZeroDivisionError


def test_an_exception_is_not_covered_by_what_is_unread():
    with pytest.raises(ZeroDivisionError):
        fail_in_a_room()


async def serve_greeting(bind, ssl_options):
    """Chapter 2's solution, which logs and registers."""
    return await solution("ch02_custom_handler")(bind, ssl_options)


def test_a_line_of_the_log_is_expected_exactly_once():
    with open_room(serve_greeting) as room:
        alice = room.connect()
        alice.received()
        room.expect_logged("INFO", f"{alice.address} came")
        room.expect_not_logged("went")
        missing = failure_of(lambda: room.expect_logged("INFO", "somebody else came"))
        assert "in the log, once:  INFO somebody else came" in str(missing)
        assert f"  INFO {alice.address} came" in str(missing)
        present = failure_of(lambda: room.expect_not_logged("came"))
        assert "in the log, nowhere:  came" in str(present)


def test_exactly_those_who_are_registered_are_expected():
    with open_room(serve_greeting) as room:
        alice, bob = room.connect(), room.connect()
        alice.received()
        bob.received()
        room.expect_registered(bob.address, alice.address)
        one_too_few = failure_of(lambda: room.expect_registered(alice.address))
        assert f"expected  in butterflies: {alice.address}\n" in str(one_too_few)
        nobody = failure_of(room.expect_registered)
        assert "expected  in butterflies: nobody\n" in str(nobody)


class Reluctant(ButterflyHandler):
    """Says goodbye for five seconds."""

    async def on_disconnect(self, butterfly):
        await asyncio.sleep(5)


async def serve_reluctantly(bind, ssl_options):
    return await Reluctant.get_handler().create_server(bind, ssl_options)


def test_a_method_that_waits_has_not_finished():
    with open_room(serve_reluctantly) as room:
        alice = room.connect()
        room.expect_finished("on_disconnect")
        alice.close()
        late = failure_of(lambda: room.expect_finished("on_disconnect"))
        assert late.expected == "on_disconnect to finish"
        assert "still waiting" in str(late.received)
        room.expect_finished("on_connection")
        room.sleep(5)
        room.expect_finished("on_disconnect")
