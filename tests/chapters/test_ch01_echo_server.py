"""Chapter 1: the echo server."""

import pytest

EVERY_BYTE = bytes(range(256))


@pytest.mark.task("1.1", rule="back")
def test_what_is_sent_comes_back(room):
    """A client receives exactly what it sent, once, each time it sends something."""
    alice = room.connect()
    alice.send("hello\n")
    alice.expect("hello\n")
    alice.send("is anybody there?\n")
    alice.expect("is anybody there?\n")


@pytest.mark.task("1.1", rule="bytes")
def test_every_byte_comes_back_as_it_was(room):
    """Bytes come back unmodified, whether or not they are text."""
    alice = room.connect()
    alice.send(b"\r\n  \x00\xff  \r\n")
    alice.expect(b"\r\n  \x00\xff  \r\n")
    alice.send(b"\n")
    alice.expect(b"\n")
    alice.send(b"\x00")
    alice.expect(b"\x00")
    alice.send(EVERY_BYTE)
    alice.expect(EVERY_BYTE)


@pytest.mark.task("1.1", rule="lines")
def test_words_that_look_like_commands_come_back(room):
    """A line that is not `quit` comes back, whatever it says."""
    alice = room.connect()
    for line in ("I quit smoking\n", "please, quit it\n", "Goodbye.\n", "QUIT\n", "exit\n"):
        alice.send(line)
        alice.expect(line)


@pytest.mark.task("1.1", rule="back")
def test_a_long_message_comes_back_whole(room):
    """A long message comes back whole."""
    alice = room.connect()
    alice.send(EVERY_BYTE * 40)
    alice.expect(EVERY_BYTE * 40)


@pytest.mark.task("1.1", rule="back")
def test_the_same_words_come_back_each_time(room):
    """What a client has sent before comes back again, however often it is sent and however much
    time has passed.
    """
    alice = room.connect()
    text = f"{room.text()}\n"
    for _ in range(room.how_many(1, 10)):
        alice.send(text)
        alice.expect(text)
    room.pause()
    alice.send(text)
    alice.expect(text)


@pytest.mark.task("1.1", rule="nobody-else")
def test_each_client_receives_its_own_bytes(room):
    """Several clients can talk at the same time, and each receives what it sent itself and nothing
    else.
    """
    alice, bob, carol = room.connect(), room.connect(), room.connect()
    dave, erin = room.connect(), room.connect()
    for_bob, for_carol, for_erin = room.text(), room.text(), room.text()
    bob.send(for_bob)
    carol.send(for_carol)
    carol.expect(for_carol)
    bob.expect(for_bob)
    erin.send(for_erin)
    erin.expect(for_erin)
    alice.expect_silence()
    dave.expect_silence()


@pytest.mark.task("1.1", rule="nobody-else")
@pytest.mark.simulated
def test_two_clients_can_talk_at_the_same_moment(room):
    """When two clients send something at the same moment, each receives its own bytes."""
    alice, bob = room.connect(), room.connect()
    with room.at_once():
        alice.send("one\n")
        bob.send("two\n")
    alice.expect("one\n")
    bob.expect("two\n")


@pytest.mark.task("1.1", rule="back")
def test_a_client_that_finished_sending_still_receives_its_bytes(room):
    """When a client finishes sending, it still receives what it sent, and then the server hangs
    up.
    """
    alice = room.connect()
    last_words = room.text()
    alice.send(last_words)
    alice.half_close()
    alice.expect(last_words)
    alice.expect_closed()


@pytest.mark.task("1.2", rule="goodbye")
def test_quit_is_answered_with_goodbye(room):
    """A client that says `quit` receives exactly `Goodbye.` and a newline, and then the server
    hangs up.
    """
    alice = room.connect()
    alice.send("quit\n")
    alice.expect("Goodbye.\n")
    alice.expect_closed()


@pytest.mark.task("1.2", rule="ends")
def test_quit_with_a_carriage_return_counts_too(room):
    """`quit` with a carriage return and a newline is answered the same way."""
    alice = room.connect()
    alice.send("quit\r\n")
    alice.expect("Goodbye.\n")
    alice.expect_closed()


@pytest.mark.task("1.2", rule="only")
def test_only_the_client_that_quits_is_hung_up_on(room):
    """When a client quits, the others receive nothing and are still served."""
    alice, bob, carol = room.connect(), room.connect(), room.connect()
    bob.send("quit\n")
    bob.expect("Goodbye.\n")
    bob.expect_closed()
    alice.expect_silence()
    carol.expect_silence()
    carol.send("quit\n")
    carol.expect("Goodbye.\n")
    carol.expect_closed()
    alice.expect_silence()
    alice.send("quit\n")
    alice.expect("Goodbye.\n")
    alice.expect_closed()


@pytest.mark.task("1.2", rule="lines")
def test_a_longer_line_with_quit_in_it_comes_back(room):
    """A line that says more than `quit` comes back like any other."""
    alice = room.connect()
    alice.send("quite right\n")
    alice.expect("quite right\n")
    alice.send("quit now?\n")
    alice.expect("quit now?\n")
    alice.send("please quit\n")
    alice.expect("please quit\n")


@pytest.mark.task("1.2", rule="lines")
def test_nothing_but_quit_ends_the_connection(room):
    """A client that says anything else stays connected, and can say `quit` later."""
    alice = room.connect()
    alice.send("please quit\n")
    alice.received()  # whatever it is: that is for task 1.1
    alice.send("quite right\n")
    alice.received()
    room.pause()
    alice.send(f"{room.text()}\n")
    alice.received()
    alice.send("quit\n")
    alice.expect("Goodbye.\n")
    alice.expect_closed()
