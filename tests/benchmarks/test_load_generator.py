"""The load generator believes no server: each lie is found, and named for what it is."""

import json
import subprocess

import lying_server as liar
import pytest

from benchmarks.relay import load, peers


@pytest.fixture(scope="module")
def generator():
    if reason := peers.build("build/load"):
        pytest.skip(reason)
    return load.PROGRAM


def room_of_four(generator, port, *options):
    """Two of four talk; what the generator found, and its exit status."""
    command = [generator, "--port", str(port), "--members", "4", "--senders", "2"]
    options = ("--seconds", "0.4", "--warm-up", "0", "--patience", "1", *options)
    done = subprocess.run([*command, *options], capture_output=True, text=True)
    return json.loads(done.stdout), done.returncode


ON_SCHEDULE = ("--rate", "200")


@pytest.mark.parametrize("options", [(), ON_SCHEDULE], ids=["one in flight", "on schedule"])
def test_an_honest_server_is_believed(generator, options):
    with liar.serving(liar.nothing) as port:
        found, status = room_of_four(generator, port, *options)
    assert load.problems(found) == []
    assert found["checked"] > 30
    assert status == 0


@pytest.mark.parametrize(
    ("lie", "found_as"),
    [
        (liar.drops_one, ["1 lost", "stood still (drain)"]),
        (liar.doubles_one, ["1 doubled"]),
        (liar.sends_one_later, ["1 reordered"]),
        (liar.changes_a_letter, ["1 lost", "1 changed", "stood still (drain)"]),
        (liar.changes_a_number, ["1 lost", "1 changed", "stood still (drain)"]),
        (liar.cuts_the_end, ["1 lost", "1 changed", "stood still (drain)"]),
        (liar.names_another, ["1 lost", "1 changed", "stood still (drain)"]),
        (liar.leaves_out_the_name, ["1 lost", "1 changed", "stood still (drain)"]),
        (liar.answers_the_sender, ["1 changed"]),
        (liar.adds_a_line, ["1 changed"]),
    ],
)
def test_a_lie_is_found_once_and_named(generator, lie, found_as):
    with liar.serving(lie) as port:
        found, status = room_of_four(generator, port, *ON_SCHEDULE)
    assert load.problems(found) == found_as
    assert status == 1


def test_a_line_lost_with_one_in_flight_is_lost_and_not_waited_for_in_vain(generator):
    with liar.serving(liar.drops_one) as port:
        found, status = room_of_four(generator, port)
    assert found["lost"] == 1
    assert status == 1


def test_a_server_that_hangs_up_on_a_reader_is_found(generator):
    with liar.serving(liar.hangs_up) as port:
        found, status = room_of_four(generator, port, *ON_SCHEDULE)
    assert "hung up on 1 who read" in load.problems(found)
    assert status == 1


def test_a_server_that_tells_nobody_of_a_join_is_found(generator):
    with liar.serving(liar.nothing, tells_of_joins=False) as port:
        found, status = room_of_four(generator, port)
    assert load.problems(found) == ["stood still (join)"]
    assert status == 1


def test_a_port_at_which_nobody_answers_is_one_line(generator):
    done = subprocess.run([generator, "--port", "1"], capture_output=True, text=True)
    assert done.stderr == "nobody answers on 127.0.0.1:1: Connection refused\n"
    assert done.returncode == 2
