"""Chapter 3: asking for a name."""

import pytest


@pytest.mark.task("3.1", rule="prompt")
def test_a_newcomer_is_asked_for_a_nickname(room):
    """A client that connects receives exactly `Nickname: `, with a space at the end and no newline,
    before it has sent anything.
    """
    alice = room.connect()
    alice.expect("Nickname: ")


@pytest.mark.task("3.1", rule="waits")
def test_the_server_waits_for_the_answer(room):
    """Until a client answers, however long it takes, it receives nothing else, the server does not
    hang up on it, and it has not joined.
    """
    alice = room.connect()
    alice.expect("Nickname: ")
    room.pause()
    alice.expect_silence()
    room.sleep(7200)
    alice.expect_silence()
    room.expect_not_logged("has joined")


@pytest.mark.task("3.1", rule="at-once")
def test_nobody_waits_for_a_slow_typist(room):
    """Every client is asked as soon as it connects, while others have not answered yet."""
    slow = room.connect()
    slow.expect("Nickname: ")
    room.pause()
    for late in [room.connect() for _ in range(room.how_many(2, 6))]:
        late.expect("Nickname: ")
    slow.expect_silence()


@pytest.mark.task("3.2", rule="log")
def test_a_client_that_answered_has_joined(room):
    """When a client has answered, exactly one line of the log, at level INFO, says
    `NICK has joined`.
    """
    nick = room.name()
    alice = room.connect(nick)
    alice.expect("Nickname: ")
    room.pause()
    alice.send(f"{nick}\n")
    room.expect_logged("INFO", f"{nick} has joined")


@pytest.mark.task("3.2", rule="enter")
def test_a_carriage_return_is_not_part_of_a_name(room):
    """The nickname ends before the carriage return or the newline that the Enter key sent."""
    nick = room.name()
    alice = room.connect(nick)
    alice.expect("Nickname: ")
    alice.send(f"{nick}\r\n")
    room.expect_logged("INFO", f"{nick} has joined")


@pytest.mark.task("3.2", rule="spaces")
def test_a_name_keeps_its_spaces(room):
    """Everything in the answer except carriage returns and newlines is part of the nickname."""
    nick = room.pick(["  {} ", "{}\t", "\t{}  x", " {}"]).format(room.name())
    alice = room.connect(nick)
    alice.expect("Nickname: ")
    alice.send(f"{nick}\n")
    room.expect_logged("INFO", f"{nick} has joined")


@pytest.mark.task("3.2", rule="silence")
def test_nothing_is_sent_after_the_answer(room):
    """A client that has answered receives nothing more, and the server does not hang up on it."""
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.send(f"{room.name()}\n")
    alice.expect_silence()
    room.pause()
    alice.expect_silence()


@pytest.mark.task("3.2", rule="log")
def test_each_client_joins_under_its_own_name(room):
    """Each answer is the nickname of the client that gave it, whoever answers first."""
    first, second, third = room.name(), room.name(), room.name()
    alice, bob, carol = room.connect(first), room.connect(second), room.connect(third)
    for client in (alice, bob, carol):
        client.expect("Nickname: ")
    before = room.log()
    bob.send(f"{second}\n")
    room.expect_logged("INFO", f"{second} has joined")
    carol.send(f"{third}\r\n")
    room.expect_logged("INFO", f"{third} has joined")
    room.pause()
    alice.send(f"{first}\n")
    room.expect_logged("INFO", f"{first} has joined")
    lines = [("INFO", f"{nick} has joined") for nick in (second, third, first)]
    assert room.log()[len(before) :] == lines, "Exactly one line for each client has to be logged"


@pytest.mark.task("3.2", rule="log")
def test_a_client_that_comes_back_joins_again(room):
    """A client that leaves, comes back and answers again has joined again, under the new answer."""
    first, second = room.name(), room.name()
    alice = room.join(first)
    alice.close()
    again = room.join(second)
    room.expect_logged("INFO", f"{second} has joined")
    again.close()
    room.join(first)
    joined = room.log().count(("INFO", f"{first} has joined"))
    assert joined == 2, f"{first} joined twice, so the log needs a line for each time"


@pytest.mark.task("3.2", rule="log")
@pytest.mark.simulated
def test_two_answers_can_arrive_at_the_same_moment(room):
    """When two clients answer at the same moment, both have joined, each under its own nickname."""
    first, second = room.name(), room.name()
    alice, bob = room.connect(first), room.connect(second)
    alice.expect("Nickname: ")
    bob.expect("Nickname: ")
    with room.at_once():
        bob.send(f"{second}\n")
        alice.send(f"{first}\n")
    room.expect_logged("INFO", f"{second} has joined")
    room.expect_logged("INFO", f"{first} has joined")


@pytest.mark.task("3.2", rule="leaving")
def test_leaving_at_the_prompt_is_not_joining(room):
    """A client that leaves without an answer has not joined, and the others can still join."""
    nick = room.name()
    alice, bob, carol = room.connect(), room.connect(), room.connect()
    for client in (alice, bob, carol):
        client.expect("Nickname: ")
    alice.close()
    bob.reset()
    carol.half_close()
    room.expect_not_logged("has joined")
    room.join(nick)
    room.expect_logged("INFO", f"{nick} has joined")
