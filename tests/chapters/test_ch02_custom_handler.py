"""Chapter 2: a handler of your own."""

import pytest


@pytest.mark.task("2.1")
def test_who_comes_is_logged(room):
    """A line in the log of `self.logger`, of level INFO, says who came: `ip:port came`."""
    alice = room.connect()
    bob = room.connect()
    alice.received()  # whatever it is: a greeting is task 2.2's affair
    bob.received()
    room.expect_logged("INFO", f"{alice.address} came")
    room.expect_logged("INFO", f"{bob.address} came")


@pytest.mark.task("2.1")
def test_who_goes_is_logged(room):
    """When somebody goes, `on_disconnect` is called once. A line in the log, of level INFO, says
    who went: `ip:port went`.
    """
    alice = room.connect()
    alice.received()
    alice.close()
    room.expect_logged("INFO", f"{alice.address} went")


@pytest.mark.task("2.1")
def test_who_vanishes_is_logged_once(room):
    """A client whose connection is reset has gone as well. It is logged once."""
    alice = room.connect()
    alice.received()
    alice.reset()
    room.expect_logged("INFO", f"{alice.address} went")


@pytest.mark.task("2.1")
def test_who_has_gone_is_unregistered(room):
    """The default behavior still happens: who has gone is not in `butterflies` any more."""
    alice = room.connect()
    alice.received()
    alice.close()
    room.expect_registered()


@pytest.mark.task("2.2")
def test_the_first_is_alone(room):
    """Each newcomer is told how many others are here. The newcomer itself is not counted."""
    alice = room.connect()
    alice.expect("Others here: 0\n")


@pytest.mark.task("2.2")
def test_only_the_newcomer_is_greeted(room):
    """Only the newcomer is greeted. Those who were here before hear nothing."""
    alice = room.connect()
    alice.expect("Others here: 0\n")
    bob = room.connect()
    bob.received()  # how many there are is the next test's affair
    alice.expect_silence()


@pytest.mark.task("2.2")
def test_each_newcomer_is_told_how_many_others_are_here(room):
    """Every other client counts, if the default `on_connection` has registered it."""
    alice = room.connect()
    alice.expect("Others here: 0\n")
    bob = room.connect()
    bob.expect("Others here: 1\n")
    carol = room.connect()
    carol.expect("Others here: 2\n")


@pytest.mark.task("2.2")
def test_who_has_gone_is_not_counted(room):
    """Who has gone is not here any more."""
    alice = room.connect()
    alice.expect("Others here: 0\n")
    bob = room.connect()
    bob.expect("Others here: 1\n")
    alice.close()
    carol = room.connect()
    carol.expect("Others here: 1\n")
    bob.reset()
    dave = room.connect()
    dave.expect("Others here: 1\n")


@pytest.mark.task("2.2")
def test_what_is_said_is_still_handled(room):
    """The default behavior still happens: what a client sends is handled (here: sent back)."""
    alice = room.connect()
    alice.expect("Others here: 0\n")
    line = room.text() + "\n"
    alice.send(line)
    alice.expect(line)


@pytest.mark.task("2.2")
def test_everybody_is_registered_under_ip_and_port(room):
    """The default behavior still happens: who is here is in `butterflies`, under `ip:port`."""
    alice = room.connect()
    alice.expect("Others here: 0\n")
    room.expect_registered(alice.address)
