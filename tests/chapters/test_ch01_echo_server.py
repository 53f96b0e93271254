"""Chapter 1: the echo server."""

import pytest

EVERY_BYTE = bytes(range(256))


@pytest.mark.task("1.1")
def test_what_is_sent_comes_back(room):
    """An echo server sends back what it is sent: that, once, and whenever something is sent."""
    alice = room.connect()
    first, second = room.text(), room.text()
    alice.send(f"{first}\n")
    alice.expect(f"{first}\n")
    alice.send(f"{second}\n")
    alice.expect(f"{second}\n")


@pytest.mark.task("1.1")
def test_every_byte_comes_back_as_it_was(room):
    """Bytes are sent back unmodified, whether or not they are text."""
    alice = room.connect()
    alice.send(b"\r\n  \x00\xff  \r\n")
    alice.expect(b"\r\n  \x00\xff  \r\n")
    alice.send(EVERY_BYTE)
    alice.expect(EVERY_BYTE)


@pytest.mark.task("1.1")
def test_each_client_gets_its_own_bytes_back(room):
    """Several clients are served at once, and each gets back what it sent itself."""
    alice, bob, carol = room.connect(), room.connect(), room.connect()
    for_bob, for_carol = room.text(), room.text()
    bob.send(for_bob)
    carol.send(for_carol)
    carol.expect(for_carol)
    bob.expect(for_bob)
    alice.expect_silence()


@pytest.mark.task("1.1")
def test_a_client_that_has_finished_sending_still_gets_its_bytes(room):
    """A client that has finished sending gets what it is owed; then the server hangs up."""
    alice = room.connect()
    last_words = room.text()
    alice.send(last_words)
    alice.half_close()
    alice.expect(last_words)
    alice.expect_closed()


@pytest.mark.task("1.2")
def test_quit_is_answered_with_goodbye(room):
    """Who says quit is told `Goodbye.`, and then the server hangs up."""
    alice = room.connect()
    alice.send("quit\n")
    alice.expect("Goodbye.\n")
    alice.expect_closed()


@pytest.mark.task("1.2")
def test_quit_with_a_carriage_return_counts_too(room):
    """Some clients end a line with a carriage return and a newline. They may quit, too."""
    alice = room.connect()
    alice.send("quit\r\n")
    alice.expect("Goodbye.\n")
    alice.expect_closed()


@pytest.mark.task("1.2")
def test_only_the_one_who_quits_leaves(room):
    """When one client quits, the others hear nothing of it, and are still served."""
    alice, bob = room.connect(), room.connect()
    alice.send("quit\n")
    alice.expect("Goodbye.\n")
    alice.expect_closed()
    bob.expect_silence()
    bob.send("quit\n")
    bob.expect("Goodbye.\n")
    bob.expect_closed()
