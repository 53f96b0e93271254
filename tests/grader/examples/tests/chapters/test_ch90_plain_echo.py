"""Graders as a chapter has them: a name that is a sentence, a rule, a conversation."""

import pytest

from room import Room


@pytest.mark.task("90.1")
def test_what_is_sent_comes_back(room: Room) -> None:
    """Whatever a client sends comes back to it, byte for byte."""
    alice = room.connect()
    text = room.text()
    alice.send(text)
    alice.expect(text)
    alice.send(b"\x00\xff\r\n")
    alice.expect(b"\x00\xff\r\n")


@pytest.mark.task("90.1")
def test_each_client_hears_only_its_own_words(room: Room) -> None:
    """The echo goes to whoever sent the bytes, and to nobody else."""
    alice, bob = room.connect("alice"), room.connect("bob")
    alice.send("one\n")
    bob.send("two\n")
    alice.expect("one\n")
    bob.expect("two\n")


@pytest.mark.task("90.2")
def test_the_server_hangs_up_on_a_client_that_has_left(room: Room) -> None:
    """When a client sends no more, the server hangs up."""
    alice = room.connect("alice")
    alice.send("last words\n")
    alice.expect("last words\n")
    alice.close()
    room.connect("bob").expect_silence()
