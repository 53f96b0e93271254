"""Chapter 0: the server that shouts, and brings two poets together."""

import pytest


def two_poets(room):
    """Two clients who have both said `poem`, so that `ask_both` is called with them."""
    first, second = room.connect(), room.connect()
    first.send("poem\n")
    first.expect("Wait for a second poet.\n")
    second.send("poem\n")
    return first, second


@pytest.mark.task("0.1")
def test_what_is_said_comes_back_in_capital_letters(room):
    """A client gets back what it said, in capital letters."""
    alice = room.connect()
    text = f"{room.name()} says {room.text()}"
    alice.send(f"{text}\n")
    alice.expect(f"{text.upper()}\n")


@pytest.mark.task("0.1")
def test_every_letter_becomes_a_capital_letter(room):
    """Every letter becomes a capital letter, not only those from a to z: decode the bytes as
    UTF-8, make the text upper case, and encode it again.
    """
    alice = room.connect()
    name = room.name()
    alice.send(f"grüße, {name}\n")
    alice.expect(f"GRÜSSE, {name.upper()}\n")
    alice.send("çà et là\n")
    alice.expect("ÇÀ ET LÀ\n")
    alice.send("привет\n")
    alice.expect("ПРИВЕТ\n")


@pytest.mark.task("0.1")
def test_what_is_no_letter_comes_back_as_it_was(room):
    """Spaces, digits, signs and the ends of lines come back as they were."""
    alice = room.connect()
    text = room.text()
    alice.send(f"  {text}, 3 + 4 = 7 €\t\r\n")
    alice.expect(f"  {text.upper()}, 3 + 4 = 7 €\t\r\n")
    alice.send("one\n\ntwo")
    alice.expect("ONE\n\nTWO")


@pytest.mark.task("0.1")
def test_a_byte_that_is_no_text_is_replaced(room):
    """A byte that is no text by UTF-8 must not disappear, and must not end the conversation: it
    comes back as the replacement character, U+FFFD.
    """
    alice = room.connect()
    text = room.text()
    alice.send(b"caf\xe9\n")
    alice.expect("CAF\ufffd\n")
    alice.send(f"{text}\n")
    alice.expect(f"{text.upper()}\n")


@pytest.mark.task("0.2")
def test_both_are_asked_at_the_same_time(room):
    """Both are asked `Your line? ` before either of them has answered, and nothing else is said
    until one of them answers.
    """
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")


@pytest.mark.task("0.2")
def test_who_answers_is_thanked_at_once(room):
    """Whoever answers is told `Thank you.` at once, while the other is still thinking. (A line that
    is shouted back instead means that `ask_both` has returned too early: await what it begins.)
    """
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")
    first.send(f"{room.text()}\n")
    first.expect("Thank you.\n")
    second.expect_silence()


@pytest.mark.task("0.2")
def test_the_second_may_be_the_quicker_one(room):
    """It does not matter who answers first: the second poet may be the quicker one, and is thanked
    at once. (A line that is shouted back instead means that `ask_both` has returned too early:
    await what it begins.)
    """
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")
    second.send(f"{room.text()}\n")
    second.expect("Thank you.\n")
    first.expect_silence()


@pytest.mark.task("0.2")
def test_each_is_told_what_the_other_wrote(room):
    """When both have answered, each is told `Your partner wrote: ` and the other's line, as it
    came.
    """
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")
    line, other_line = f"{room.text()}\n", f"{room.text()}, naïve\r\n"
    first.send(line)
    first.expect("Thank you.\n")
    second.send(other_line)
    second.expect(f"Thank you.\nYour partner wrote: {line}")
    first.expect(f"Your partner wrote: {other_line}")


@pytest.mark.task("0.2")
def test_each_is_told_the_right_line_when_the_second_was_quicker(room):
    """Each is told the other's line and not its own, whoever was the quicker one."""
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")
    line, other_line = f"{room.text()}\n", f"{room.text()}\n"
    second.send(other_line)
    second.expect("Thank you.\n")
    first.send(line)
    first.expect(f"Thank you.\nYour partner wrote: {other_line}")
    second.expect(f"Your partner wrote: {line}")


@pytest.mark.task("0.2")
def test_two_pairs_write_at_the_same_time(room):
    """A pair that takes its time holds up no other pair, and lines do not stray from pair to
    pair.
    """
    slow, slower = two_poets(room)
    quick, quicker = two_poets(room)
    slow.expect("Your line? ")
    slower.expect("Your line? ")
    quick.expect("Your line? ")
    quicker.expect("Your line? ")
    slow_line, line, other_line = f"{room.text()}\n", f"{room.text()}\n", f"{room.text()}\n"
    slow.send(slow_line)
    slow.expect("Thank you.\n")
    quicker.send(other_line)
    quick.send(line)
    quicker.expect(f"Thank you.\nYour partner wrote: {line}")
    quick.expect(f"Thank you.\nYour partner wrote: {other_line}")
    slow.expect_silence()
    slower.expect_silence()


@pytest.mark.task("0.2")
def test_a_second_poem_may_follow(room):
    """`ask_both` returns when the poem is done and not before, so that the same two may begin
    another.
    """
    first, second = two_poets(room)
    first.send(f"{room.text()}\n")
    second.send(f"{room.text()}\n")
    first.received()
    second.received()
    second.send("poem\n")
    second.expect("Wait for a second poet.\n")
    first.send("poem\n")
    first.expect("Your line? ")
    second.expect("Your line? ")
