"""Chapter 5: saying goodbye."""

import pytest

WITHOUT_A_NAME = "Connection cancelled before on_connect finished!"


@pytest.mark.task("5.1", rule="warning")
def test_leaving_at_the_prompt_is_logged(room):
    """When a client leaves before it has a name, `on_disconnect` logs exactly one line, at level
    WARNING, and does nothing else.
    """
    alice = room.connect()
    alice.expect("Nickname: ")
    room.pause()
    alice.close()
    room.expect_logged("WARNING", WITHOUT_A_NAME)


@pytest.mark.task("5.1", rule="warning")
def test_each_client_that_leaves_at_the_prompt_is_logged(room):
    """The line is logged for each client that leaves before it has a name."""
    count = room.how_many(2, 5)
    for _ in range(count):
        alice = room.connect()
        alice.expect("Nickname: ")
        alice.close()
    logged = room.log().count(("WARNING", WITHOUT_A_NAME))
    assert logged == count, f"{count} clients left, and each has to be logged"


@pytest.mark.task("5.1", rule="nothing-else")
def test_nothing_else_is_logged(room):
    """When a client leaves before it has a name, the warning is the only line that is logged."""
    alice = room.connect()
    alice.expect("Nickname: ")
    before = room.log()
    alice.close()
    more = room.log()[len(before) :]
    assert more == [("WARNING", WITHOUT_A_NAME)], "Exactly this one line has to be logged"


@pytest.mark.task("5.1", rule="warning")
def test_a_reset_at_the_prompt_is_logged_too(room):
    """When a connection is reset before the client has a name, the same line is logged."""
    alice = room.connect()
    alice.expect("Nickname: ")
    alice.reset()
    room.expect_logged("WARNING", WITHOUT_A_NAME)


@pytest.mark.task("5.1", rule="named")
def test_a_client_with_a_name_leaves_without_the_warning(room):
    """When a client that has a name leaves, the warning about a missing name is not logged."""
    room.forgive_everything()
    alice = room.join()
    bob = room.join()
    alice.received()
    bob.close()
    room.expect_not_logged("cancelled before")
    alice.received()
    alice.close()
    room.expect_not_logged("cancelled before")


@pytest.mark.task("5.1", rule="nobody")
def test_leaving_at_the_prompt_is_not_announced(room):
    """When a client leaves before it has a name, nobody receives anything, and everyone who has
    joined stays in `butterflies`.
    """
    room.forgive_everything()
    first, second = room.name(), room.name()
    alice, bob = room.join(first), room.join(second)
    alice.received()
    carol = room.connect()
    carol.expect("Nickname: ")
    slow = room.connect()
    slow.expect("Nickname: ")
    carol.close()
    alice.expect_silence()
    bob.expect_silence()
    slow.expect_silence()
    room.expect_registered(first, second)
    room.expect_logged("WARNING", WITHOUT_A_NAME)


@pytest.mark.task("5.2", rule="out")
def test_a_client_that_left_is_no_longer_registered(room):
    """When a client that has a name leaves, its nickname is no longer a key in `butterflies`."""
    nick = room.name()
    alice = room.join(nick)
    room.expect_registered(nick)
    alice.close()
    room.expect_registered()


@pytest.mark.task("5.2", rule="cancel")
def test_the_data_loop_of_a_client_that_left_is_cancelled(room):
    """`on_disconnect` cancels the data loop of the client that left, before bfnet has to."""
    alice = room.join()
    alice.close()
    room.expect_not_logged("running: bfnet cancels it")


@pytest.mark.task("5.2", rule="no-wait")
def test_nobody_waits_for_the_data_loop(room):
    """When a client leaves, `on_disconnect` finishes: it does not wait for a data loop that is
    still running.
    """
    alice = room.join()
    alice.close()
    room.expect_finished("on_disconnect")


@pytest.mark.task("5.2", rule="stay")
def test_everyone_else_stays_registered(room):
    """When one of several clients leaves, the nicknames of all the others are still keys in
    `butterflies`.
    """
    room.forgive_everything()
    first, second, third = room.name(), room.name(), room.name()
    alice, bob, carol = room.join(first), room.join(second), room.join(third)
    alice.received()
    bob.received()
    bob.close()
    room.expect_registered(first, third)
    alice.received()
    carol.received()
    alice.close()
    room.expect_registered(third)
    carol.received()


@pytest.mark.task("5.2", rule="stay")
def test_clients_with_names_that_are_alike_stay(room):
    """Only the client that left is taken out, however much its name has in common with others."""
    room.forgive_everything()
    gone, other = room.pick([("Ann", "Anna"), ("Ann", "ann"), ("Anna", "Ann"), ("x", "x 1")])
    alice, bob = room.join(gone), room.join(other)
    alice.received()
    alice.close()
    room.expect_registered(other)
    bob.received()


@pytest.mark.task("5.2", rule="go-on")
def test_everyone_who_stays_is_still_served(room):
    """When a client leaves, the data loops of the others keep running."""
    room.forgive_everything()
    first, third = room.name(), room.name()
    alice, bob, carol = room.join(first), room.join(), room.join(third)
    bob.received()
    bob.close()
    alice.received()
    carol.received()
    room.pause()
    carol.send(f"{room.text()}\n")
    carol.expect(f"{third}, nobody hears you yet\n")
    alice.send(f"{room.text()}\n")
    alice.expect(f"{first}, nobody hears you yet\n")


@pytest.mark.task("5.2", rule="out")
def test_a_reset_or_a_half_close_leaves_nothing_behind(room):
    """When a client's connection is reset, or the client finishes sending, neither its name nor its
    data loop stays behind.
    """
    alice = room.join()
    alice.reset()
    room.expect_registered()
    bob = room.join()
    bob.half_close()
    bob.expect_closed()
    room.expect_registered()
    room.expect_not_logged("running: bfnet cancels it")


@pytest.mark.task("5.2", rule="out")
def test_a_name_is_free_once_its_owner_has_left(room):
    """Once a client has left, another client can join under the same name and is served."""
    nick = room.name()
    alice = room.join(nick)
    alice.close()
    again = room.join(nick)
    room.expect_registered(nick)
    again.send(f"{room.text()}\n")
    again.expect(f"{nick}, nobody hears you yet\n")
    again.close()
    room.expect_registered()


@pytest.mark.task("5.3", rule="told")
def test_the_others_are_told_who_left(room):
    """When a client leaves, everyone else who has joined receives exactly `NICK has left the room.`
    and a newline, where NICK is the name of the client that left.
    """
    nick = room.name()
    alice, bob, carol = room.join(), room.join(nick), room.join()
    alice.received()
    bob.received()
    bob.close()
    alice.expect(f"{nick} has left the room.\n")
    carol.expect(f"{nick} has left the room.\n")


@pytest.mark.task("5.3", rule="told")
def test_everyone_in_a_full_room_is_told(room):
    """However many clients have joined, each of them receives the announcement once."""
    nick = room.name()
    crowd = [room.join() for _ in range(room.how_many(4, 9))]
    alice = room.join(nick)
    for other in crowd:
        other.received()
    room.pause()
    alice.close()
    for other in crowd:
        other.expect(f"{nick} has left the room.\n")


@pytest.mark.task("5.3", rule="told")
def test_a_client_that_comes_back_is_announced_again(room):
    """A client that joins again under its old name is announced each time it leaves."""
    nick = room.name()
    alice, bob = room.join(), room.join(nick)
    alice.received()
    bob.close()
    alice.expect(f"{nick} has left the room.\n")
    again = room.join(nick)
    alice.expect(f"{nick} has joined the room\n")
    again.close()
    alice.expect(f"{nick} has left the room.\n")


@pytest.mark.task("5.3", rule="told")
def test_a_reset_or_a_half_close_is_announced(room):
    """When a client's connection is reset, or the client finishes sending, the others receive the
    announcement exactly once.
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


@pytest.mark.task("5.3", rule="prompt")
def test_clients_outside_the_room_are_told_nothing(room):
    """A client that is at the prompt when someone leaves, or that connects later, receives no
    announcement.
    """
    alice = room.join()
    slow = room.connect()
    slow.expect("Nickname: ")
    alice.close()
    slow.expect_silence()
    bob = room.join()
    bob.expect_silence()


@pytest.mark.task("5.3", rule="told")
def test_the_last_client_leaves_an_empty_room(room):
    """Each departure is announced to everyone who is still here, until `butterflies` is empty."""
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
