"""A trace: what it contains, and how it reads."""

import pytest

from simnet import Event, Trace

SERVER, ALICE = ("127.0.0.1", 8001), ("127.0.0.1", 50001)


def conversation() -> Trace:
    trace = Trace(names={"127.0.0.1:50001": "alice"})
    trace.record(0.004, ALICE, SERVER, "connect")
    trace.record(0.1 + 0.2, SERVER, ALICE, "data", b"Nickname: ")
    trace.record(1.5, ALICE, SERVER, "data", bytes(range(256)))
    trace.record(2, ALICE, SERVER, "close")
    return trace


def test_a_trace_is_a_sequence_of_events():
    trace = conversation()
    assert len(trace) == 4
    assert trace[0] == Event(0.004, "alice", "127.0.0.1:8001", "connect", b"")
    assert [event.kind for event in trace[2:]] == ["data", "close"]
    assert trace[-1] in trace


def test_times_are_microseconds():
    assert conversation()[1].time == 0.3


def test_a_name_that_comes_later_does_not_change_the_past():
    trace = conversation()
    trace.names["127.0.0.1:8001"] = "server"
    trace.record(3, SERVER, ALICE, "close")
    assert (trace[0].target, trace[-1].source) == ("127.0.0.1:8001", "server")


def test_an_event_cannot_be_changed():
    with pytest.raises(AttributeError):
        conversation()[0].time = 7


def test_a_trace_reads_as_a_conversation():
    assert conversation().text() == (
        " 0.004000  alice -> 127.0.0.1:8001  connect\n"
        " 0.300000  127.0.0.1:8001 -> alice  b'Nickname: '\n"
        f" 1.500000  alice -> 127.0.0.1:8001  {bytes(range(72))!r}... 256 bytes\n"
        " 2.000000  alice -> 127.0.0.1:8001  close\n"
    )
