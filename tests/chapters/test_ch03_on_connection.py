"""Chapter 3: asking for a name."""

import pytest


@pytest.mark.task("3.1")
def test_a_newcomer_is_asked_for_a_nickname(room):
    """A newcomer is asked at once, with exactly `Nickname: `, a space at its end and no newline."""
    alice = room.connect()
    alice.expect("Nickname: ")


@pytest.mark.task("3.1")
def test_the_answer_is_waited_for(room):
    """The server waits for the answer: nobody has joined, and nobody is hung up on, before."""
    alice = room.connect()
    alice.expect("Nickname: ")
    room.sleep(60)
    alice.expect_silence()
    room.expect_not_logged("has joined")


@pytest.mark.task("3.1")
def test_nobody_waits_for_a_slow_typist(room):
    """Everybody is asked at once, however long the others take to answer."""
    slow = room.connect()
    slow.expect("Nickname: ")
    quick = room.join()
    late = room.connect()
    late.expect("Nickname: ")
    slow.expect_silence()
    quick.expect_silence()


@pytest.mark.task("3.2")
def test_who_has_answered_has_joined(room):
    """When the answer has come, one line in the log, of level INFO, says `NICK has joined`."""
    nick = room.name()
    alice = room.connect(nick)
    alice.expect("Nickname: ")
    alice.send(f"{nick}\n")
    room.expect_logged("INFO", f"{nick} has joined")


@pytest.mark.task("3.2")
def test_a_carriage_return_is_no_part_of_a_name(room):
    """The nickname has no carriage return and no newline in it, whatever the Enter key sends."""
    nick = room.name()
    alice = room.connect(nick)
    alice.expect("Nickname: ")
    alice.send(f"{nick}\r\n")
    room.expect_logged("INFO", f"{nick} has joined")


@pytest.mark.task("3.2")
def test_a_name_may_have_spaces_and_any_letters(room):
    """Everything but carriage returns and newlines is part of the nickname."""
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send(" Zoë van der Meer \n")
    room.expect_logged("INFO", " Zoë van der Meer  has joined")


@pytest.mark.task("3.2")
def test_each_one_joins_under_the_own_name(room):
    """Answers belong to whoever gave them, in whatever order they come."""
    first, second = room.name(), room.name()
    alice = room.connect(first)
    bob = room.connect(second)
    alice.expect("Nickname: ")
    bob.expect("Nickname: ")
    bob.send(f"{second}\n")
    room.expect_logged("INFO", f"{second} has joined")
    alice.send(f"{first}\n")
    room.expect_logged("INFO", f"{first} has joined")


@pytest.mark.task("3.2")
def test_who_leaves_at_the_prompt_has_not_joined(room):
    """Who leaves without an answer has not joined."""
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.close()
    room.expect_not_logged("has joined")
