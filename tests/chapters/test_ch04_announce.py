"""Chapter 4: telling the room."""

import pytest


@pytest.mark.task("4.1", rule="saved")
def test_a_client_that_joined_is_registered_under_its_nickname(room):
    """Once a client has answered, and until it leaves, its nickname is a key in `butterflies`. The
    value is a pair: its butterfly, and the future that `begin_handling` returned.
    """
    nick = room.name()
    alice = room.join(nick)
    alice.received()  # whether a newcomer hears about itself is another test's question
    room.expect_registered(nick)
    alice.close()
    room.expect_registered()


@pytest.mark.task("4.1", rule="told")
def test_the_others_are_told_who_joined(room):
    """When a client has answered, a client that joined before receives exactly
    `NICK has joined the room` and a newline.
    """
    nick = room.name()
    alice = room.join()
    alice.received()
    bob = room.join(nick)
    bob.received()
    alice.expect(f"{nick} has joined the room\n")


@pytest.mark.task("4.1", rule="not-itself")
def test_a_newcomer_is_not_told_about_itself(room):
    """A newcomer receives nothing about itself."""
    alice = room.join()
    alice.expect_silence()
    bob = room.join()
    bob.expect_silence()
    alice.received()


@pytest.mark.task("4.1", rule="told")
def test_everyone_in_a_full_room_is_told(room):
    """However many clients have joined, each of them receives the line once."""
    nick = room.name()
    crowd = [room.join() for _ in range(room.how_many(3, 8))]
    for other in crowd:
        other.received()
    room.pause()
    newcomer = room.join(nick)
    newcomer.expect_silence()
    for other in crowd:
        other.expect(f"{nick} has joined the room\n")


@pytest.mark.task("4.1", rule="saved")
def test_the_saved_future_is_the_data_loop(room):
    """The second half of the pair is the newcomer's data loop: when the newcomer leaves, the
    default `on_disconnect` cancels it, and bfnet has nothing to complain about.
    """
    alice = room.join()
    bob = room.join()
    alice.received()
    bob.close()
    room.expect_not_logged("running: bfnet cancels it")
    alice.reset()
    room.expect_not_logged("running: bfnet cancels it")


@pytest.mark.task("4.1", rule="prompt")
def test_a_client_at_the_prompt_is_not_announced(room):
    """Until a client has answered, nobody hears about it, even if it leaves."""
    alice = room.join()
    bob, carol = room.connect(), room.connect()
    bob.expect("Nickname: ")
    carol.expect("Nickname: ")
    alice.expect_silence()
    carol.close()
    bob.reset()
    alice.expect_silence()


@pytest.mark.task("4.1", rule="prompt")
def test_a_client_at_the_prompt_is_told_nothing(room):
    """A client that has not answered yet receives no announcement."""
    slow = room.connect()
    slow.expect("Nickname: ")
    quick = room.join()
    slow.expect_silence()
    late = room.name()
    room.pause()
    slow.send(f"{late}\n")
    slow.expect_silence()
    quick.expect(f"{late} has joined the room\n")


@pytest.mark.task("4.1", rule="saved")
def test_everyone_is_registered_under_their_nickname(room):
    """Every client that has joined is in `butterflies`, under its nickname, and nobody else is."""
    first, second, third = room.name(), room.name(), f"  {room.name()}  x "
    alice, bob = room.join(first), room.join(second)
    waiting = room.connect()
    waiting.expect("Nickname: ")
    carol = room.join(third)
    room.expect_registered(first, second, third)
    for client in (alice, bob, carol):
        client.received()


@pytest.mark.task("4.1", rule="told")
def test_names_that_are_alike_are_two_clients(room):
    """However much two names have in common, each of the two clients hears about the other."""
    alice, other = room.pick([("Ann", "Anna"), ("Ann", "ann"), ("Anna", "Ann"), ("x", "x 1")])
    first = room.join(alice)
    second = room.join(other)
    first.expect(f"{other} has joined the room\n")
    third = room.join(f"{alice}-{other}")
    first.expect(f"{alice}-{other} has joined the room\n")
    second.expect(f"{alice}-{other} has joined the room\n")
    third.expect_silence()


@pytest.mark.task("4.1", rule="told")
def test_the_room_goes_on_when_someone_leaves(room):
    """When a client leaves, the others stay registered, and hear about the next newcomer."""
    first, second, third = room.name(), room.name(), room.name()
    alice, bob, carol = room.join(first), room.join(second), room.join(third)
    alice.received()
    bob.received()
    bob.close()
    room.expect_registered(first, third)
    newcomer = room.name()
    dave = room.join(newcomer)
    room.expect_registered(first, third, newcomer)
    alice.expect(f"{newcomer} has joined the room\n")
    carol.expect(f"{newcomer} has joined the room\n")
    dave.expect_silence()


@pytest.mark.task("4.1", rule="told")
def test_a_client_that_comes_back_is_announced_again(room):
    """A client that leaves and joins again under the same name is announced each time."""
    nick = room.name()
    alice = room.join()
    bob = room.join(nick)
    alice.expect(f"{nick} has joined the room\n")
    bob.close()
    again = room.join(nick)
    alice.expect(f"{nick} has joined the room\n")
    again.expect_silence()


@pytest.mark.task("4.1", rule="moment")
@pytest.mark.simulated
def test_of_two_that_join_at_the_same_moment_one_hears_about_the_other(room):
    """When two clients answer at the same moment, exactly one of them hears about the other."""
    first, second = room.name(), room.name()
    alice, bob = room.connect(first), room.connect(second)
    alice.expect("Nickname: ")
    bob.expect("Nickname: ")
    with room.at_once():
        bob.send(f"{second}\n")
        alice.send(f"{first}\n")
    room.expect_registered(first, second)
    heard = (alice.received() + bob.received()).decode()
    lines = [f"{first} has joined the room\n", f"{second} has joined the room\n"]
    assert heard in lines, "Exactly one of the two has to receive a line"


@pytest.mark.task("4.2", rule="answer")
def test_a_client_that_speaks_is_answered_by_name(room):
    """Each time a client that has joined says something, it receives exactly
    `NICK, nobody hears you yet` and a newline, where NICK is its own nickname.
    """
    nick = room.name()
    alice = room.join(nick)
    alice.received()
    alice.send(f"{room.text()}\n")
    alice.expect(f"{nick}, nobody hears you yet\n")
    room.pause()
    alice.send(f"{room.text()}\n")
    alice.expect(f"{nick}, nobody hears you yet\n")


@pytest.mark.task("4.2", rule="others")
def test_each_answer_has_the_name_of_the_client_that_spoke(room):
    """Only the client that has spoken receives the answer, with its own nickname in it, however
    many others are here.
    """
    first, second, third = room.name(), room.name(), room.name()
    crowd = [room.join() for _ in range(room.how_many(0, 9))]
    alice, bob, carol = room.join(first), room.join(second), room.join(third)
    for client in (alice, bob, *crowd):
        client.received()
    bob.send(f"{room.text()}\n")
    bob.expect(f"{second}, nobody hears you yet\n")
    alice.expect_silence()
    carol.expect_silence()
    alice.send(f"{room.text()}\n")
    alice.expect(f"{first}, nobody hears you yet\n")
    carol.send(f"{room.text()}\n")
    carol.expect(f"{third}, nobody hears you yet\n")
    bob.expect_silence()


@pytest.mark.task("4.2", rule="whatever")
def test_whatever_is_said_is_answered(room):
    """An empty line, a command and bytes that are not text are answered like everything else."""
    nick = room.name()
    alice = room.join(nick)
    alice.received()
    alice.send("\n")
    alice.expect(f"{nick}, nobody hears you yet\n")
    alice.send("quit\n")
    alice.expect(f"{nick}, nobody hears you yet\n")
    alice.send(b"caf\xe9 \xff\xfe\n")
    alice.expect(f"{nick}, nobody hears you yet\n")


@pytest.mark.task("4.2", rule="nick")
def test_a_client_that_comes_back_is_answered_by_its_new_name(room):
    """A client that leaves and joins again under another name is answered by the new name."""
    first, second = room.name(), room.name()
    alice = room.join(first)
    alice.received()
    alice.close()
    again = room.join(second)
    again.received()
    again.send(f"{room.text()}\n")
    again.expect(f"{second}, nobody hears you yet\n")
