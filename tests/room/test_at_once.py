"""Several clients act in one turn of the server's loop; over TLS they do not wait."""

import pytest

from room.in_process import InProcess
from room.room import Room

MEETING = """
import asyncio

here = []

async def meet(reader, writer):
    while data := await reader.read(100):
        here.append(data.decode())
        await asyncio.sleep(0)
        writer.write(" ".join(here).encode())
    here.append("bye")

async def serve(bind, ssl_options):
    {context}
    return await asyncio.start_server(meet, *bind, ssl=context)
"""
CHECKED = "import ssl; context = ssl_options and ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n    "
CHECKED += "if context: context.load_cert_chain(*ssl_options)"


@pytest.fixture
def meeting(program):
    return program(MEETING.format(context=CHECKED))


@pytest.fixture(params=["in process", "child"])
def simulated_room(request, meeting):
    worlds = InProcess if request.param == "in process" else request.getfixturevalue("child")
    with Room(worlds(meeting).open(), seed=3) as room:
        yield room
        for client in room.clients.values():
            client.received()


def test_one_after_the_other_the_first_meets_nobody(simulated_room):
    alice, bob = simulated_room.connect("alice"), simulated_room.connect("bob")
    alice.send("alice")
    bob.send("bob")
    alice.expect("alice")
    bob.expect("alice bob")


def test_at_once_both_meet_whichever_is_nearer(simulated_room):
    alice, bob = simulated_room.connect("alice"), simulated_room.connect("bob")
    with simulated_room.at_once():
        alice.send("alice")
        bob.send("bob")
    alice.expect("alice bob")
    bob.expect("alice bob")


def test_those_who_act_at_once_arrive_at_one_moment(simulated_room):
    clients = [simulated_room.connect(name) for name in ("alice", "bob", "carol")]
    with simulated_room.at_once():
        for client in clients:
            client.send(client.name)
    times = {event.time for event in simulated_room.events if event.source != "server"}
    arrived = [e.time for e in simulated_room.events if e.kind == "data" and e.target == "server"]
    assert len(arrived) == 3
    assert max(arrived) - min(arrived) < 1e-9
    assert len(times) > 1


def test_somebody_may_leave_while_somebody_speaks(simulated_room):
    alice, bob = simulated_room.connect("alice"), simulated_room.connect("bob")
    with simulated_room.at_once():
        alice.close()
        bob.send("bob")
    bob.expect("bye bob")


def test_two_writes_of_one_client_stay_two_reads(simulated_room):
    alice = simulated_room.connect("alice")
    with simulated_room.at_once():
        alice.send("one", "two")
    alice.expect("oneone two")


def test_a_mistake_in_the_block_leaves_nothing_behind(simulated_room):
    alice = simulated_room.connect("alice")

    def act():
        with simulated_room.at_once():
            alice.send("alice")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    alice.send("again")
    alice.expect("again")


def test_over_tls_all_of_it_arrives(meeting, tls):
    with Room(tls(meeting).open()) as room:
        alice, bob = room.connect("alice"), room.connect("bob")
        with room.at_once():
            alice.send("alice")
            bob.send("bob")
        said = alice.received() + bob.received()
        assert said.count(b"alice") == 2 or said.count(b"bob") == 2
