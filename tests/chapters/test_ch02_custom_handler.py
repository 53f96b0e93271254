"""Chapter 2: a handler of your own."""

import pytest


@pytest.mark.task("2.1", rule="came")
def test_a_client_that_connects_is_logged(room):
    """When a client connects, exactly one line `IP:PORT came` is logged at level INFO, where IP and
    PORT are the client's.
    """
    before = room.log()
    alice = room.connect()
    bob = room.connect()
    alice.received()  # whatever it is: a greeting is for task 2.2
    bob.received()
    room.expect_logged("INFO", f"{alice.address} came")
    room.expect_logged("INFO", f"{bob.address} came")
    lines = [("INFO", f"{alice.address} came"), ("INFO", f"{bob.address} came")]
    more = [line for line in room.log()[len(before) :] if not line[1].endswith(" went")]
    assert more == lines, "Exactly one line for each client has to be logged"


@pytest.mark.task("2.1", rule="went")
def test_a_client_that_leaves_is_logged(room):
    """When a client leaves, `on_disconnect` logs exactly one line `IP:PORT went` at level INFO, and
    none before that.
    """
    alice = room.connect()
    alice.received()
    room.pause()
    room.expect_not_logged("went")
    alice.close()
    room.expect_logged("INFO", f"{alice.address} went")


@pytest.mark.task("2.1", rule="whose")
def test_only_the_client_that_leaves_is_logged(room):
    """The line `IP:PORT went` has the address and port of the client that left, and of no other."""
    alice, bob, carol = room.connect(), room.connect(), room.connect()
    alice.received()
    bob.received()
    carol.received()
    bob.close()
    room.expect_logged("INFO", f"{bob.address} went")
    room.expect_not_logged(f"{alice.address} went")
    room.expect_not_logged(f"{carol.address} went")
    carol.received()
    carol.close()
    room.expect_logged("INFO", f"{carol.address} went")
    room.expect_not_logged(f"{alice.address} went")
    alice.received()


@pytest.mark.task("2.1", rule="went")
def test_a_reset_or_a_half_close_is_logged_once(room):
    """When a client's connection is reset, or the client finishes sending, exactly one line
    `IP:PORT went` is logged.
    """
    alice, bob = room.connect(), room.connect()
    alice.received()
    bob.received()
    alice.reset()
    room.expect_logged("INFO", f"{alice.address} went")
    room.expect_not_logged(f"{bob.address} went")
    bob.half_close()
    bob.expect_closed()
    room.expect_logged("INFO", f"{bob.address} went")


@pytest.mark.task("2.2", rule="number")
def test_the_first_newcomer_is_alone(room):
    """As soon as a client connects, it receives exactly `Others here: NUMBER` and a newline. The
    number does not include the client itself.
    """
    alice = room.connect()
    alice.expect("Others here: 0\n")


@pytest.mark.task("2.2", rule="others")
def test_only_the_newcomer_is_greeted(room):
    """Clients that were here before the newcomer receive nothing."""
    alice = room.connect()
    alice.expect("Others here: 0\n")
    bob = room.connect()
    bob.received()  # how many there are is for the next test
    alice.expect_silence()


@pytest.mark.task("2.2", rule="number")
def test_each_newcomer_is_told_how_many_others_are_here(room):
    """Every other client counts, if the default `on_connection` has registered it."""
    alice = room.connect()
    alice.expect("Others here: 0\n")
    bob = room.connect()
    bob.expect("Others here: 1\n")
    carol = room.connect()
    carol.expect("Others here: 2\n")
    dave = room.connect()
    dave.expect("Others here: 3\n")
    erin = room.connect()
    erin.expect("Others here: 4\n")
    for others in range(5, room.how_many(6, 15)):
        room.connect().expect(f"Others here: {others}\n")


@pytest.mark.task("2.2", rule="left")
def test_a_client_that_left_is_no_longer_registered(room):
    """Once a client has left, it is no longer in `butterflies`."""
    alice = room.connect()
    alice.received()
    alice.close()
    room.expect_registered()


@pytest.mark.task("2.2", rule="cancelled")
def test_the_data_loop_of_a_client_that_left_is_cancelled(room):
    """When a client leaves, the default `on_disconnect` cancels its data loop, so bfnet does not
    have to.
    """
    alice, bob, carol = room.connect(), room.connect(), room.connect()
    alice.received()
    bob.received()
    carol.received()
    bob.close()
    room.expect_not_logged("bfnet cancels it")
    carol.close()
    alice.close()
    room.expect_not_logged("bfnet cancels it")
    room.expect_registered()


@pytest.mark.task("2.2", rule="left")
def test_a_client_that_left_is_not_counted(room):
    """A client that left, in whatever way, is no longer counted."""
    alice = room.connect()
    alice.expect("Others here: 0\n")
    bob = room.connect()
    bob.expect("Others here: 1\n")
    carol = room.connect()
    carol.expect("Others here: 2\n")
    bob.close()
    dave = room.connect()
    dave.expect("Others here: 2\n")
    carol.reset()
    erin = room.connect()
    erin.expect("Others here: 2\n")
    alice.close()
    dave.close()
    erin.close()
    frank = room.connect()
    frank.expect("Others here: 0\n")


@pytest.mark.task("2.2", rule="left")
@pytest.mark.simulated
def test_two_clients_can_leave_at_the_same_moment(room):
    """When two clients leave at the same moment, neither is counted anymore."""
    alice = room.connect()
    alice.expect("Others here: 0\n")
    bob = room.connect()
    bob.expect("Others here: 1\n")
    carol = room.connect()
    carol.expect("Others here: 2\n")
    with room.at_once():
        alice.close()
        bob.reset()
    dave = room.connect()
    dave.expect("Others here: 1\n")


@pytest.mark.task("2.2", rule="handled")
def test_what_is_said_is_still_handled(room):
    """The default `on_connection` still runs: whatever a client sends is handled, which means here
    that it comes back.
    """
    alice = room.connect()
    alice.expect("Others here: 0\n")
    bob = room.connect()
    bob.expect("Others here: 1\n")
    alice.send("hello\n")
    alice.expect("hello\n")
    line = f"{room.text()}\n"
    room.pause()
    alice.send(line)
    alice.expect(line)
    bob.send(line)
    bob.expect(line)


@pytest.mark.task("2.2", rule="registered")
def test_everyone_is_registered_under_ip_and_port(room):
    """The default `on_connection` still runs: everyone who is here, and nobody else, is in
    `butterflies` under `IP:PORT`.
    """
    alice = room.connect()
    alice.expect("Others here: 0\n")
    bob = room.connect()
    bob.expect("Others here: 1\n")
    carol = room.connect()
    carol.expect("Others here: 2\n")
    room.expect_registered(alice.address, bob.address, carol.address)
    bob.close()
    room.expect_registered(alice.address, carol.address)
