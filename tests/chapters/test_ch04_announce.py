"""Chapter 4: telling the room."""

import pytest


@pytest.mark.task("4.1")
def test_who_is_here_is_registered_under_the_nickname(room):
    """Who has joined is in `butterflies` under the nickname, until it goes. The value is a pair:
    the butterfly, and the future that `begin_handling(butterfly)` gives, which is not awaited. (By
    that pair the default `on_disconnect` finds whoever has gone.)
    """
    nick = room.name()
    alice = room.join(nick)
    alice.received()  # whether a newcomer is told of itself is another test's affair
    room.expect_registered(nick)
    alice.close()
    room.expect_registered()


@pytest.mark.task("4.1")
def test_who_is_here_is_told_who_joins(room):
    """Whoever is here is told `NICK has joined the room` when somebody else has joined. The values
    of `butterflies` are pairs, and the first of a pair is the one to write to. (Call it `other`,
    for `butterfly` is the newcomer.)
    """
    first, second = room.name(), room.name()
    alice = room.join(first)
    alice.received()
    bob = room.join(second)
    bob.received()
    alice.expect(f"{second} has joined the room\n")


@pytest.mark.task("4.1")
def test_a_newcomer_is_not_told_of_itself(room):
    """A newcomer is not told of itself: tell the others first, and save the newcomer after that."""
    alice = room.join()
    alice.expect_silence()
    bob = room.join()
    bob.expect_silence()
    alice.received()


@pytest.mark.task("4.1")
def test_everyone_who_is_here_is_told(room):
    """Everyone who is here is told, each once."""
    first, second, third = room.name(), room.name(), room.name()
    alice = room.join(first)
    bob = room.join(second)
    carol = room.join(third)
    alice.expect(f"{second} has joined the room\n{third} has joined the room\n")
    bob.expect(f"{third} has joined the room\n")
    carol.expect_silence()


@pytest.mark.task("4.1")
def test_nobody_is_told_of_who_has_no_name_yet(room):
    """The room is told of a newcomer when the name is known, and not when the client connects."""
    alice = room.join()
    bob = room.connect()
    bob.expect("Nickname: ")
    alice.expect_silence()
    bob.close()
    alice.expect_silence()


@pytest.mark.task("4.1")
def test_who_has_no_name_yet_is_told_nothing(room):
    """Who is still asked for a name has not joined: nothing is announced to that client."""
    slow = room.connect()
    slow.expect("Nickname: ")
    quick = room.join()
    slow.expect_silence()
    late = room.name()
    slow.send(f"{late}\n")
    slow.expect_silence()
    quick.expect(f"{late} has joined the room\n")


@pytest.mark.task("4.1")
def test_everyone_is_registered_under_the_nickname(room):
    """Everyone who has joined is in `butterflies`, under the nickname, and nobody else is."""
    first, second = room.name(), room.name()
    alice = room.join(first)
    bob = room.join(second)
    waiting = room.connect()
    waiting.expect("Nickname: ")
    room.expect_registered(first, second)
    alice.received()
    bob.received()


@pytest.mark.task("4.1")
def test_the_room_goes_on_when_somebody_has_gone(room):
    """When somebody has gone, the others stay registered, and hear of whoever comes next."""
    first, second, third = room.name(), room.name(), room.name()
    alice = room.join(first)
    bob = room.join(second)
    alice.received()
    alice.close()
    room.expect_registered(second)
    carol = room.join(third)
    room.expect_registered(second, third)
    bob.expect(f"{third} has joined the room\n")
    carol.expect_silence()


@pytest.mark.task("4.2")
def test_who_speaks_is_answered_by_name(room):
    """Who has joined and speaks is answered with the own nickname: `NICK, nobody hears you yet`. So
    the data loop runs, and the butterfly has a `nick`.
    """
    nick = room.name()
    alice = room.join(nick)
    alice.received()
    alice.send(f"{room.text()}\n")
    alice.expect(f"{nick}, nobody hears you yet\n")
    alice.send(f"{room.text()}\n")
    alice.expect(f"{nick}, nobody hears you yet\n")


@pytest.mark.task("4.2")
def test_each_one_is_answered_by_the_own_name(room):
    """Each butterfly has a `nick` of its own. Only the one who has spoken is answered."""
    first, second = room.name(), room.name()
    alice = room.join(first)
    bob = room.join(second)
    alice.received()
    bob.received()
    alice.send(f"{room.text()}\n")
    alice.expect(f"{first}, nobody hears you yet\n")
    bob.expect_silence()
    bob.send(f"{room.text()}\n")
    bob.expect(f"{second}, nobody hears you yet\n")
    alice.expect_silence()
