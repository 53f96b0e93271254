"""A trace: what it holds, how it reads, and that JSON loses nothing of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_json_keeps_everything():
    again = Trace.from_json(conversation().to_json())
    assert list(again) == list(conversation())
    assert again.names == conversation().names


def test_json_of_an_empty_trace():
    assert list(Trace.from_json(Trace().to_json())) == []


@given(st.binary())
def test_any_bytes_survive_json(data):
    trace = Trace()
    trace.record(0.0, ALICE, SERVER, "data", data)
    text = trace.to_json()
    assert text.isascii()
    assert Trace.from_json(text)[0].data == data


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"names": {}, "events": [[1]]}',
        '{"names": {}, "events": [[1, 2, 3, 4, 5]]}',
        '{"names": {}, "events": [[0, "a", "b", "data", "\\u1234"]]}',
        '{"names": 7, "events": []}',
    ],
)
def test_what_is_no_trace_is_told_in_one_line(text):
    with pytest.raises(ValueError, match=r"this is not a trace as Trace.to_json writes it: .*"):
        Trace.from_json(text)
