"""Chapter 5: saying goodbye."""

import pytest

WITHOUT_A_NAME = "Connection cancelled before on_connect finished!"


@pytest.mark.task("5.1")
def test_who_leaves_at_the_prompt_is_noted_in_the_log(room):
    """Who leaves without a name has no attribute `nick`. That is logged once, with level WARNING,
    and `on_disconnect` does nothing more.
    """
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.close()
    room.expect_logged("WARNING", WITHOUT_A_NAME)


@pytest.mark.task("5.1")
def test_who_vanishes_at_the_prompt_is_noted_too(room):
    """A client whose connection is reset at the prompt has left without a name as well."""
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.reset()
    room.expect_logged("WARNING", WITHOUT_A_NAME)


@pytest.mark.task("5.2")
def test_who_has_gone_is_no_longer_registered(room):
    """Who had a name is not warned about. The pair is taken out of `butterflies`, where its key is
    the nickname (a name that is left in there is a ghost), and the future in it is cancelled,
    without an `await`.
    """
    nick = room.name()
    alice = room.join(nick)
    room.expect_registered(nick)
    alice.close()
    room.expect_not_logged("cancelled before")
    room.expect_registered()


@pytest.mark.task("5.2")
def test_the_data_loop_of_who_has_gone_is_cancelled(room):
    """Your `on_disconnect` cancels the data loop of who has gone. If it does not, bfnet does, and
    complains of it in the log.
    """
    alice = room.join()
    alice.close()
    room.expect_not_logged("running: bfnet cancels it")


@pytest.mark.task("5.2")
def test_whoever_vanishes_is_gone_as_well(room):
    """However a client goes, nothing of it stays: neither its name nor its data loop."""
    alice = room.join()
    alice.reset()
    room.expect_registered()
    bob = room.join()
    bob.half_close()
    bob.expect_closed()
    room.expect_registered()
    room.expect_not_logged("running: bfnet cancels it")


@pytest.mark.task("5.2")
def test_a_name_is_free_again_when_its_owner_has_gone(room):
    """When somebody has gone, the name may be taken again, by a client that is served."""
    nick = room.name()
    alice = room.join(nick)
    alice.close()
    again = room.join(nick)
    room.expect_registered(nick)
    again.send(f"{room.text()}\n")
    again.expect(f"{nick}, nobody hears you yet\n")
    again.close()
    room.expect_registered()


@pytest.mark.task("5.3")
def test_the_others_are_told_who_has_left(room):
    """Everyone who is still here stays in `butterflies`, and is told `NICK has left the room.`,
    with a full stop and a newline. NICK is the name of who has gone.
    """
    first, second, third = room.name(), room.name(), room.name()
    alice, bob, carol = room.join(first), room.join(second), room.join(third)
    alice.received()
    bob.received()
    alice.close()
    room.expect_registered(second, third)
    bob.expect(f"{first} has left the room.\n")
    carol.expect(f"{first} has left the room.\n")


@pytest.mark.task("5.3")
def test_those_who_stay_are_still_served(room):
    """Only the one who has gone is seen off. The data loops of those who stay go on."""
    nick = room.name()
    alice = room.join()
    bob = room.join(nick)
    alice.received()
    alice.close()
    bob.received()
    bob.send(f"{room.text()}\n")
    bob.expect(f"{nick}, nobody hears you yet\n")


@pytest.mark.task("5.3")
def test_who_left_at_the_prompt_is_not_announced(room):
    """Nobody in the room is told of a client that left without a name: it was never here."""
    nick = room.name()
    alice = room.join(nick)
    bob = room.connect()
    bob.expect("Nickname: ")
    bob.close()
    alice.expect_silence()
    room.expect_registered(nick)


@pytest.mark.task("5.3")
def test_the_room_is_told_of_whoever_vanishes(room):
    """A client whose connection is reset has left as well, and so has one that has finished
    sending: each is announced once.
    """
    first, second = room.name(), room.name()
    alice, bob, carol = room.join(first), room.join(second), room.join()
    alice.received()
    bob.received()
    alice.reset()
    bob.expect(f"{first} has left the room.\n")
    bob.half_close()
    bob.expect_closed()
    carol.expect(f"{first} has left the room.\n{second} has left the room.\n")


@pytest.mark.task("5.3")
def test_who_has_not_joined_is_told_nothing(room):
    """Who is still asked for a name, and who comes later, is not told of those who have left."""
    alice = room.join()
    slow = room.connect()
    slow.expect("Nickname: ")
    alice.close()
    slow.expect_silence()
    bob = room.join()
    bob.expect_silence()


@pytest.mark.task("5.3")
def test_the_last_one_leaves_an_empty_room(room):
    """Each one who stays is told of each one who leaves. Of the last one nobody is told."""
    first, second, third = room.name(), room.name(), room.name()
    alice, bob, carol = room.join(first), room.join(second), room.join(third)
    alice.received()
    bob.received()
    carol.close()
    alice.expect(f"{third} has left the room.\n")
    bob.expect(f"{third} has left the room.\n")
    alice.close()
    bob.expect(f"{first} has left the room.\n")
    bob.close()
    room.expect_registered()
