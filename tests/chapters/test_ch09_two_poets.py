"""Chapter 9: the server that brings two poets together."""

import pytest


def two_poets(room):
    """Two clients that have both said `poem`, so that `ask_both` is called with them."""
    first, second = room.connect(), room.connect()
    first.send("poem\n")
    first.expect("Wait for a second poet.\n")
    second.send("poem\n")
    return first, second


@pytest.mark.task("9.1", rule="asked")
def test_both_are_asked_at_the_same_time(room):
    """Both poets receive exactly `Your line? ` before either of them has answered, and nothing else
    until one of them answers.
    """
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")
    room.sleep(1)
    first.expect_silence()
    second.expect_silence()


@pytest.mark.task("9.1", rule="thanked")
def test_the_first_poet_is_thanked_at_once(room):
    """When the first poet answers, it receives `Thank you.` and a newline at once, while the other
    still thinks.
    """
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")
    first.send(f"{room.text()}\n")
    first.expect("Thank you.\n")
    second.expect_silence()


@pytest.mark.task("9.1", rule="thanked")
def test_the_second_poet_is_thanked_at_once(room):
    """When the second poet is the quicker one, it receives `Thank you.` and a newline at once."""
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")
    second.send(f"{room.text()}\n")
    second.expect("Thank you.\n")
    first.expect_silence()


@pytest.mark.task("9.1", rule="line")
def test_each_poet_reads_the_line_of_the_other(room):
    """When both have answered, each receives `Your partner wrote: ` and then the other's line."""
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")
    line, other_line = f"{room.text()}\n", f"{room.text()}, naïve\r\n"
    first.send(line)
    first.expect("Thank you.\n")
    room.sleep(3600)
    second.send(other_line)
    second.expect(f"Thank you.\nYour partner wrote: {line}")
    first.expect(f"Your partner wrote: {other_line}")


@pytest.mark.task("9.1", rule="order")
def test_each_poet_reads_the_line_of_the_other_when_the_second_is_quicker(room):
    """Each receives the other's line and not its own, whichever answers first."""
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")
    line, other_line = f"{room.text()}\n", f"{room.text()}\n"
    second.send(other_line)
    second.expect("Thank you.\n")
    first.send(line)
    first.expect(f"Thank you.\nYour partner wrote: {other_line}")
    second.expect(f"Your partner wrote: {line}")


@pytest.mark.task("9.1", rule="line")
def test_lines_stay_as_they_came(room):
    """Each receives the other's line byte for byte, whether or not it is valid UTF-8."""
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")
    first.send(b"  caf\xe9 \r\n")
    first.expect("Thank you.\n")
    second.send(b"\n")
    second.expect(b"Thank you.\nYour partner wrote:   caf\xe9 \r\n")
    first.expect("Your partner wrote: \n")


@pytest.mark.task("9.1", rule="order")
@pytest.mark.simulated
def test_both_can_answer_at_the_same_moment(room):
    """When both answer at the same moment, both are thanked and each receives the other's line."""
    first, second = two_poets(room)
    first.expect("Your line? ")
    second.expect("Your line? ")
    line, other_line = f"{room.text()}\n", f"{room.text()}\n"
    with room.at_once():
        second.send(other_line)
        first.send(line)
    first.expect(f"Thank you.\nYour partner wrote: {other_line}")
    second.expect(f"Thank you.\nYour partner wrote: {line}")


@pytest.mark.task("9.1", rule="line")
def test_two_pairs_write_at_the_same_time(room):
    """Two pairs can write at the same time: neither waits for the other, and each line stays in its
    own pair.
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


@pytest.mark.task("9.1", rule="returns")
def test_the_same_two_can_write_again(room):
    """`ask_both` returns when the poem is done and not before, so the same two can begin another
    poem.
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
