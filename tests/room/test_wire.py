"""Lines between the judge and the child: they say what is meant, and nothing else is believed."""

import json

import pytest

from room.contract import Note, Reply, SocketState, WorldFailure
from room.wire import (
    Malformed,
    command_line,
    command_of,
    failure_line,
    reply_line,
    reply_of,
)
from simnet import Event

REPLY = {"time": 0, "events": [], "notes": [], "butterflies": {}, "address": "", "sockets": {}}


def test_a_command_arrives_as_it_was_sent():
    command = {"do": "send", "client": "Zoë", "pieces": [bytes(range(256)), b""]}
    assert command_of(command_line(command, "t")) == (command, "t")


def test_a_reply_arrives_as_it_was_given():
    event = Event(0.5, "server", "Zoë", "data", bytes(range(256)))
    note = Note("exception", "bad\n\ud800", "ValueError", "", "/a b.py", 3)
    sockets = {50001: SocketState(1, 2, True, "eof")}
    reply = Reply(1.5, (event,), (note,), {"k": "done"}, "", "127.0.0.1:50001", sockets)
    assert reply_of(reply_line(reply, "t"), "t") == reply


def test_a_reply_is_one_line():
    reply = Reply(0.0, (Event(0.0, "a\n", "b", "data", b"\n\r\x85\x0b"),))
    assert reply_line(reply, "t").count(b"\n") == 1


def test_a_failure_arrives_as_it_was_raised():
    failure = WorldFailure("syntax", "line 3", "/a.py", 3, "SyntaxError", (Note("log", "x"),))
    with pytest.raises(WorldFailure) as caught:
        reply_of(failure_line(failure, "t"), "t")
    assert vars(caught.value) == vars(failure)


@pytest.mark.parametrize(
    "change",
    [
        {"time": "0"},
        {"time": float("nan")},
        {"time": True},
        {"time": 10**400},
        {"events": None},
        {"events": [[0, "a", "b", "data"]]},
        {"events": [[0, "a", "b", "passed", ""]]},
        {"events": [[0, "a", "b", ["data"], ""]]},
        {"events": [[0, 1, "b", "data", ""]]},
        {"events": [[0, "a", "b", "data", "\u1234"]]},
        {"notes": [["log"]]},
        {"notes": [["log", "", "", "", "", "3"]]},
        {"notes": {}},
        {"notes": [["log", "", "", "", "", 0]] * 501},
        {"notes": [["log", "x" * 4001, "", "", "", 0]]},
        {"notes": [["exception", "", "x" * 4097, "", "", 0]]},
        {"notes": [["log", "", "", "x" * 4097, "", 0]]},
        {"notes": [["log", "", "", "", "x" * 4097, 0]]},
        {"butterflies": {"x" * 4097: "done"}},
        {"address": "x" * 4097},
        {"butterflies": []},
        {"butterflies": {"a": 1}},
        {"address": 1},
        {"sockets": {"x": [0, 0, False, ""]}},
        {"sockets": {"999999": [0, 0, False, ""]}},
        {"sockets": {"1": [0, 0, 0, ""]}},
        {"sockets": {"1": [0, 0, False, "?"]}},
        {"sockets": {"1": [0, 0, False, []]}},
    ],
)
def test_a_field_of_another_kind_is_refused(change):
    with pytest.raises(Malformed):
        reply_of(json.dumps({"ticket": "t", "reply": REPLY | change}).encode(), "t")


def test_as_much_as_our_side_may_write_is_read():
    note = Note("exception", "x" * 4000, "x" * 4096, "x" * 4096, "x" * 4096, 3)
    reply = Reply(0.0, (), (note,) * 500, {"x" * 4096: "done"})
    assert reply_of(reply_line(reply, "t"), "t") == reply


def test_names_print_as_they_are():
    note = Note("exception", "\x1b[31m", "\x1b[31m", "\x1b[31m", "", 3)
    reply = Reply(0.0, (), (note,), {"\x1b\n": "done"}, "", "\u202e")
    arrived = reply_of(reply_line(reply, "t"), "t")
    assert arrived.notes == (Note("exception", "\x1b[31m", "\\x1b[31m", "\\x1b[31m", "", 3),)
    assert (arrived.butterflies, arrived.address) == ({"\\x1b\\n": "done"}, "\\u202e")


def test_more_events_than_anybody_makes_are_a_flood():
    line = reply_line(Reply(0.0, (Event(0.0, "a", "b", "data", b""),) * 20_001), "t")
    with pytest.raises(WorldFailure) as caught:
        reply_of(line, "t")
    assert caught.value.kind == "flood"


@pytest.mark.parametrize(
    "message",
    [
        [],
        {},
        {"ticket": "t"},
        {"ticket": "t", "reply": []},
        {"ticket": "u", "reply": REPLY},
        {"ticket": "t", "failure": {}},
        {"ticket": "t", "failure": {"kind": "passed"}},
        {"ticket": "t", "failure": {"kind": []}},
        {"ticket": "t", "failure": {"kind": "hang", "message": "", "file": "", "type": ""}},
    ],
)
def test_a_message_of_another_shape_is_refused(message):
    with pytest.raises(Malformed):
        reply_of(json.dumps(message).encode(), "t")


@pytest.mark.parametrize("kind", sorted(WorldFailure.OF_THE_JUDGE))
def test_what_only_the_judge_can_find_out_is_not_believed(kind):
    line = failure_line(WorldFailure(kind, "as I say"), "t")
    with pytest.raises(Malformed):
        reply_of(line, "t")


@pytest.mark.parametrize("line", [b"", b"\xff", b"[" * 99_999, b"1" * 99_999])
def test_what_is_not_json_is_refused(line):
    with pytest.raises(Malformed):
        reply_of(line, "t")


def test_the_answer_that_the_others_differ_from_is_good():
    line = json.dumps({"ticket": "t", "reply": REPLY}).encode()
    assert reply_of(line, "t") == Reply(0.0)
