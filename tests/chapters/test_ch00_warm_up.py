"""Chapter 0: the server that shouts, and asks before it pours tea."""

import pytest


@pytest.mark.task("0.1", rule="capitals")
def test_what_is_said_comes_back_in_capital_letters(room):
    """A client receives exactly what it sent, in capital letters."""
    alice = room.connect()
    alice.send("good morning\n")
    alice.expect("GOOD MORNING\n")
    alice.send("good evening\n")
    alice.expect("GOOD EVENING\n")


@pytest.mark.task("0.1", rule="letters")
def test_every_letter_becomes_a_capital_letter(room):
    """Every letter of a text in UTF-8 becomes a capital letter, not only the letters a to z."""
    alice = room.connect()
    alice.send("grüße\n")
    alice.expect("GRÜSSE\n")
    alice.send("çà et là\n")
    alice.expect("ÇÀ ET LÀ\n")
    alice.send("привет\n")
    alice.expect("ПРИВЕТ\n")


@pytest.mark.task("0.1", rule="rest")
def test_everything_else_comes_back_as_it_was(room):
    """Spaces, digits, punctuation, capital letters and the ends of lines come back as they were."""
    alice = room.connect()
    alice.send("  It is: 3 + 4 = 7 €\t\r\n")
    alice.expect("  IT IS: 3 + 4 = 7 €\t\r\n")
    alice.send("one\n\ntwo")
    alice.expect("ONE\n\nTWO")
    alice.send("GOOD MORNING, ÖMER\n")
    alice.expect("GOOD MORNING, ÖMER\n")
    alice.send("\ufeffa\x00b\x1b\n")
    alice.expect("\ufeffA\x00B\x1b\n")
    alice.send("\n")
    alice.expect("\n")


@pytest.mark.task("0.1", rule="replaced")
def test_what_cannot_be_decoded_is_replaced(room):
    """A byte that is not valid UTF-8 comes back as the replacement character, U+FFFD, and the
    connection stays open.
    """
    alice = room.connect()
    alice.send(b"caf\xe9\n")
    alice.expect("CAF\ufffd\n")
    alice.send(b"\xff\n")
    alice.expect("\ufffd\n")
    alice.send("and cake\n")
    alice.expect("AND CAKE\n")


@pytest.mark.task("0.1", rule="capitals")
def test_every_line_is_answered(room):
    """Every client receives a whole answer to everything it sends, even to a long line and to a
    line that was sent before.
    """
    clients = [room.connect(), room.connect(), room.connect(), room.connect()]
    speaker = room.pick(clients)
    text = f"{room.name()} says {room.text()}"
    speaker.send(f"{text}\n")
    speaker.expect(f"{text.upper()}\n")
    room.pause()
    speaker.send(f"{text}\n")
    speaker.expect(f"{text.upper()}\n")
    speaker.send("la " * 3000 + "la\n")
    speaker.expect("LA " * 3000 + "LA\n")


@pytest.mark.task("0.2", rule="asked")
def test_the_client_is_asked_about_milk(room):
    """A client that orders tea receives exactly `milk? `, with a space at the end and no newline,
    and nothing else until it answers.
    """
    alice = room.connect()
    alice.send("tea\n")
    alice.expect("milk? ")


@pytest.mark.task("0.2", rule="answer")
def test_the_order_is_repeated_with_the_answer(room):
    """When the client answers, it receives its order, then `milk: `, then its answer."""
    alice = room.connect()
    alice.send("tea\n")
    alice.expect("milk? ")
    alice.send("yes\n")
    alice.expect("tea\nmilk: yes\n")


@pytest.mark.task("0.2", rule="answer")
def test_the_order_and_the_answer_stay_as_they_came(room):
    """The order and the answer come back byte for byte, whether or not they are valid UTF-8."""
    alice = room.connect()
    alice.send(b"tea  \xe9\r\n")
    alice.expect("milk? ")
    alice.send(b"  caf\xe9 \xff\r\n")
    alice.expect(b"tea  \xe9\r\nmilk:   caf\xe9 \xff\r\n")
    bob = room.connect()
    bob.send("tea")
    bob.expect("milk? ")
    bob.send("\n")
    bob.expect("teamilk: \n")
    carol = room.connect()
    carol.send("tea\n")
    carol.expect("milk? ")
    carol.send("yes")
    carol.expect("tea\nmilk: yes")


@pytest.mark.task("0.2", rule="waits")
def test_the_client_can_think_for_as_long_as_it_likes(room):
    """The server waits for the answer, however long it takes."""
    alice = room.connect()
    answer = f"{room.text()}\n"
    alice.send("tea\n")
    alice.expect("milk? ")
    room.sleep(3600)
    alice.expect_silence()
    alice.send(answer)
    alice.expect(f"tea\nmilk: {answer}")


@pytest.mark.task("0.2", rule="answer")
def test_several_clients_order_at_the_same_time(room):
    """While one client thinks, others are asked and answered, and each receives its own order and
    its own answer.
    """
    alice, bob, carol = room.connect(), room.connect(), room.connect()
    for_alice, for_bob, for_carol = "tea\n", f"tea, {room.text()}\n", "tea, green\n"
    alice.send(for_alice)
    alice.expect("milk? ")
    bob.send(for_bob)
    bob.expect("milk? ")
    carol.send(for_carol)
    carol.expect("milk? ")
    of_alice, of_bob = f"{room.text()}\n", f"{room.text()}\n"
    bob.send(of_bob)
    bob.expect(f"{for_bob}milk: {of_bob}")
    alice.send(of_alice)
    alice.expect(f"{for_alice}milk: {of_alice}")
    carol.expect_silence()


@pytest.mark.task("0.2", rule="asked")
def test_a_client_can_order_again(room):
    """A client that orders again is asked again."""
    alice = room.connect()
    alice.send("tea\n")
    alice.expect("milk? ")
    alice.send("tea\n")
    alice.expect("tea\nmilk: tea\n")
    room.pause()
    alice.send("tea\n")
    alice.expect("milk? ")
    alice.send("no\n")
    alice.expect("tea\nmilk: no\n")
