"""Chapter 6: everybody hears everybody."""

import pytest

EVERY_BYTE = bytes(range(256))


@pytest.mark.task("6.1")
def test_the_others_read_what_one_says(room):
    """What somebody says is written to the others: the nickname of who speaks, a colon and a space,
    then what was said, and no newline that was not said. The others are in `handler.butterflies`,
    whose values are pairs. (Call each of them `other`, for `butterfly` is who speaks.)
    """
    first = room.name()
    alice = room.join(first)
    bob = room.join()
    line, other_line = f"{room.text()}\n", f"{room.text()}\n"
    alice.send(line)
    bob.expect(f"{first}: {line}")
    alice.send(other_line)
    bob.expect(f"{first}: {other_line}")
    alice.received()  # whether who speaks reads it too is the next test's affair


@pytest.mark.task("6.1")
def test_who_speaks_does_not_read_it_again(room):
    """Who speaks is left out, and nobody else is: what you type is on your screen already."""
    alice = room.join()
    bob = room.join()
    alice.received()
    alice.send(f"{room.text()}\n")
    alice.expect_silence()
    bob.received()


@pytest.mark.task("6.1")
def test_everyone_else_reads_it(room):
    """Everyone but the sender reads it, each once, whoever came first."""
    first, second, third = room.name(), room.name(), room.name()
    alice = room.join(first)
    bob = room.join(second)
    carol = room.join(third)
    alice.received()
    bob.received()
    line, other_line, last_line = f"{room.text()}\n", f"{room.text()}\n", f"{room.text()}\n"
    bob.send(line)
    alice.expect(f"{second}: {line}")
    carol.expect(f"{second}: {line}")
    alice.send(other_line)
    bob.expect(f"{first}: {other_line}")
    carol.expect(f"{first}: {other_line}")
    carol.send(last_line)
    alice.expect(f"{third}: {last_line}")
    bob.expect(f"{third}: {last_line}")


@pytest.mark.task("6.1")
def test_what_is_said_arrives_as_it_came(room):
    """What is said is passed on byte for byte, once and under one name: with its newline or without
    one, whether it is one line, or two, or no text at all.
    """
    nick = room.name()
    alice = room.join(nick)
    bob = room.join()
    alice.received()
    alice.send("  two\r\nlines\n")
    bob.expect(f"{nick}:   two\r\nlines\n")
    alice.send("\n")
    bob.expect(f"{nick}: \n")
    alice.send("no newline")
    bob.expect(f"{nick}: no newline")
    alice.send(EVERY_BYTE)
    bob.expect(f"{nick}: ".encode() + EVERY_BYTE)


@pytest.mark.task("6.1")
def test_who_is_alone_may_speak(room):
    """Who is alone is heard by nobody, and is still here afterwards. Who comes later is not told
    what was said before.
    """
    alice = room.join()
    alice.send(f"{room.text()}\n")
    alice.expect_silence()
    bob = room.join()
    bob.expect_silence()
    alice.received()


@pytest.mark.task("6.1")
def test_who_has_no_name_yet_reads_nothing(room):
    """Who is still asked for a name is not in the room: nothing that is said there is written to
    that client, and its answer is a name, and nothing that it says.
    """
    first, late = room.name(), room.name()
    alice = room.join(first)
    slow = room.connect(late)
    slow.expect("Nickname: ")
    alice.send(f"{room.text()}\n")
    slow.expect_silence()
    slow.send(f"{late}\n")
    alice.expect(f"{late} has joined the room\n")
    slow.expect_silence()
    line = f"{room.text()}\n"
    alice.send(line)
    slow.expect(f"{first}: {line}")


@pytest.mark.task("6.1")
def test_the_others_go_on_when_somebody_has_gone(room):
    """When somebody has gone, the others are told, and go on talking."""
    first, second, third = room.name(), room.name(), room.name()
    alice = room.join(first)
    bob = room.join(second)
    carol = room.join(third)
    alice.received()
    bob.received()
    alice.close()
    bob.expect(f"{first} has left the room.\n")
    carol.expect(f"{first} has left the room.\n")
    line = f"{room.text()}\n"
    carol.send(line)
    bob.expect(f"{third}: {line}")
    carol.expect_silence()


@pytest.mark.task("6.1")
def test_last_words_are_heard(room):
    """Who says something and hangs up at once is heard, and has left after that."""
    nick = room.name()
    alice = room.join(nick)
    bob = room.join()
    line = f"{room.text()}\n"
    alice.received()
    alice.send(line)
    alice.half_close()
    bob.expect(f"{nick}: {line}{nick} has left the room.\n")
    alice.expect_closed()
