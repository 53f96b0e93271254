"""Chapter 8: what breaks the room."""

import pytest

HELP = "Write /to NAME TEXT, with the name of somebody who is here.\n"


@pytest.mark.task("8.1")
def test_a_name_in_one_piece_is_let_in(room):
    """A name that arrives in one piece is let in at once, without what the Enter key sends."""
    first, second = room.name(), room.name()
    alice = room.join(first)
    bob = room.connect()
    bob.expect("Nickname: ")
    bob.send(f"{second}\r\n")
    alice.expect(f"{second} has joined the room\n")
    room.expect_registered(first, second)


@pytest.mark.task("8.1")
def test_a_name_in_two_pieces_is_one_name(room):
    """A name is whole when its newline has come. Until then, read again, and add what comes."""
    nick = room.name()
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send(nick[0])
    room.expect_registered()
    alice.send(nick[1:])
    room.expect_registered()
    alice.send("\n")
    alice.expect_silence()
    room.expect_registered(nick)


@pytest.mark.task("8.1")
@pytest.mark.weather("choppy")
def test_a_name_survives_every_weather(room):
    """The network may cut a name anywhere, also within a letter. The name is the same."""
    nick = f"{room.name()} Żółć"
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send(f"{nick}\r\n")
    alice.expect_silence()
    room.expect_registered(nick)


@pytest.mark.task("8.1")
def test_the_name_ends_at_the_first_newline(room):
    """The name is what stands before the first newline. What came with it, behind the newline, is
    no part of the name.
    """
    nick = room.name()
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send(f"{nick}\n{room.text()}\n")
    alice.received()
    room.expect_registered(nick)


@pytest.mark.task("8.1")
def test_a_name_that_never_ends_is_not_waited_for(room):
    """Who sends 100 bytes (`MOST`) and no newline is not waited for: the loop ends, and the door of
    chapter 7 turns the name away.
    """
    bore = room.connect()
    bore.expect("Nickname: ")
    bore.send("a" * 60)
    bore.expect_silence()
    bore.send("a" * 60)
    bore.expect("That name is not allowed.\n")
    bore.expect_closed()


@pytest.mark.task("8.2")
def test_nobody_else_hears_the_answer(room):
    """The question and the answer are between the server and the one who asks."""
    alice = room.join()
    bob = room.join()
    alice.received()
    alice.send("/who\n")
    room.sleep(5)
    alice.received()
    bob.expect_silence()


@pytest.mark.task("8.2")
def test_who_asks_is_told_a_name_a_second(room):
    """Who sends `/who` is told the name of everybody who is here, in the order in which they came:
    the first at once, and then one a second.
    """
    first, second, third = room.name(), room.name(), room.name()
    alice = room.join(first)
    room.join(second).received()
    room.join(third)
    room.clients[second].received()
    alice.received()
    alice.send("/who\n")
    alice.expect(f"{first}\n")
    room.sleep(1)
    alice.expect(f"{second}\n")
    room.sleep(1)
    alice.expect(f"{third}\n")
    room.sleep(5)
    alice.expect_silence()


@pytest.mark.task("8.2")
def test_the_others_go_on_meanwhile(room):
    """While one is told, the others talk: wait with `await asyncio.sleep(1)`."""
    alice = room.join()
    second = room.name()
    bob = room.join(second)
    alice.received()
    alice.send("/who\n")
    alice.received()
    text = room.text()
    bob.send(f"{text}\n")
    alice.expect(f"{second}: {text}\n")
    room.sleep(5)
    alice.received()


@pytest.mark.task("8.2")
def test_somebody_may_come_while_names_are_told(room):
    """Somebody who comes meanwhile changes the dict, and a loop over the dict fails. Go through a
    copy. Told are those who were here when the question came.
    """
    first, second, late = room.name(), room.name(), room.name()
    alice = room.join(first)
    room.join(second)
    alice.received()
    alice.send("/who\n")
    alice.expect(f"{first}\n")
    room.join(late)
    room.clients[second].received()
    alice.expect(f"{late} has joined the room\n")
    room.sleep(5)
    alice.expect(f"{second}\n")


@pytest.mark.task("8.2")
def test_somebody_may_go_while_names_are_told(room):
    """Somebody who goes meanwhile changes the dict as well. Told are those who were here when the
    question came.
    """
    first, second, third = room.name(), room.name(), room.name()
    alice = room.join(first)
    bob = room.join(second)
    carol = room.join(third)
    alice.received()
    bob.received()
    alice.send("/who\n")
    alice.expect(f"{first}\n")
    bob.close()
    alice.expect(f"{second} has left the room.\n")
    carol.received()
    room.sleep(5)
    alice.expect(f"{second}\n{third}\n")


@pytest.mark.task("8.3")
def test_one_is_told_and_nobody_else(room):
    """After `/to bob hello`, bob gets `alice to you: hello`. Nobody else gets anything. The text
    may have many words: `split(b" ", 2)` leaves it in one piece.
    """
    first, second, text = room.name(), room.name(), room.text()
    alice = room.join(first)
    bob = room.join(second)
    carol = room.join()
    alice.received()
    bob.received()
    alice.send(f"/to {second} {text}\n")
    bob.expect(f"{first} to you: {text}\n")
    alice.expect_silence()
    carol.expect_silence()


@pytest.mark.task("8.3")
def test_a_name_that_nobody_has_is_answered_with_help(room):
    """When nobody has this name, `handler.butterflies[nick]` raises KeyError. That is caught, and
    whoever has typed the command gets a line of help. After the help comes `return`: there is
    nobody to be told.
    """
    alice = room.join()
    alice.send(f"/to {room.name()} {room.text()}\n")
    alice.expect(HELP)


@pytest.mark.task("8.3")
def test_a_command_without_a_text_is_answered_with_help(room):
    """When a word is missing, the three parts of the command are fewer than three, and taking them
    apart raises ValueError. That is caught, and whoever has typed the command gets a line of help.
    """
    nick = room.name()
    alice = room.join(nick)
    alice.send(f"/to {nick}\n")
    alice.expect(HELP)


@pytest.mark.task("8.3")
def test_who_has_mistyped_stays_in_the_room(room):
    """A command that makes no sense costs nobody the connection, and nobody else hears of it."""
    first, second, text = room.name(), room.name(), room.text()
    alice = room.join(first)
    bob = room.join(second)
    alice.received()
    alice.send("/to nobody hello\n")
    alice.received()
    bob.expect_silence()
    alice.send(f"/to {second} {text}\n")
    bob.expect(f"{first} to you: {text}\n")


@pytest.mark.task("8.3")
def test_what_one_is_told_is_cleaned_as_well(room):
    """Every door is watched: a text that goes to one is cleaned, as one that goes to all."""
    first, second, text = room.name(), room.name(), room.text()
    alice = room.join(first)
    bob = room.join(second)
    alice.received()
    alice.send(f"/to {second} \r\x1b[2J{text}\n")
    bob.expect(f"{first} to you: [2J{text}\n")
