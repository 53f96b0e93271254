"""A server that somebody talks to by hand."""

from pathlib import Path

import pytest

from playground.table import MOST_DRAWN, Table

ROOT = Path(__file__).parents[2]
RELAY = ROOT / "solutions" / "ch06_relay.py"


@pytest.fixture
def table():
    table = Table(RELAY, 0, "calm")
    table.open()
    yield table
    table.close()


def connect(name: str) -> dict:
    return {"do": "connect", "client": name}


def send(name: str, *pieces: str) -> dict:
    return {"do": "send", "client": name, "pieces": [*pieces]}


def said(happened: dict) -> list[tuple[str, str]]:
    return [(event["target"], event["data"]) for step in happened["steps"] for event in step]


def test_two_clients_chat_and_the_server_says_what_it_does(table):
    assert said(table.act([connect("alice")])) == [("server", ""), ("alice", "Nickname: ")]
    table.act([send("alice", "Ada\n")])
    table.act([connect("bob")])
    joined = table.act([send("bob", "Bob\n")])
    assert said(joined) == [("server", "Bob\n"), ("alice", "Bob has joined the room\n")]
    assert [note["message"] for note in joined["notes"]] == ["Bob has joined"]
    assert joined["butterflies"] == [("Ada", "alice", "pending"), ("Bob", "bob", "pending")]
    assert joined["picture"]["rows"][-1] == 'server -> alice   says b"Bob has joined the room\\n"'
    left = table.act([{"do": "reset", "client": "alice"}])
    assert left["butterflies"] == [("Bob", "bob", "pending")]


def test_what_a_task_waits_for_is_known_with_its_line(table):
    (waiting,) = table.act([connect("alice")])["waiting"]
    assert waiting["type"] == "on_connection"
    assert "read" in RELAY.read_text().splitlines()[waiting["line"] - 1]


def test_an_exception_comes_with_the_lines_that_led_to_it(tmp_path):
    file = tmp_path / "work" / "wrong.py"
    file.parent.mkdir()
    said = 'other.write(butterfly.nick + b": " + data)'
    wrong = '\n\ndef say(other, data):\n    other.write("said: " + data)\n'
    file.write_text(RELAY.read_text().replace(said, "say(other, data)") + wrong)
    table = Table(file, 0, "calm")
    table.open()
    for name in ("alice", "bob"):
        table.act([connect(name)])
        table.act([send(name, f"{name}\n")])
    notes = table.act([send("alice", "hello\n")])["notes"]
    (raised,) = [note for note in notes if note["kind"] == "exception"]
    lines = file.read_text().splitlines()
    assert lines[raised["line"] - 1] == '    other.write("said: " + data)'
    assert [lines[line - 1].strip() for line in raised["calls"]] == ["say(other, data)"]
    table.close()


def test_bytes_arrive_as_they_were_sent(table):
    table.act([connect("alice")])
    happened = table.act([send("alice", "\xff\x00", "\n")])
    assert said(happened)[0] == ("server", "\xff\x00")


def test_an_action_of_a_client_that_is_not_there_does_nothing(table):
    assert table.act([send("carol", "hello\n")])["steps"] == [[]]


def test_the_same_actions_make_the_same_conversation():
    def hold() -> list[dict]:
        table = Table(RELAY, 7, "choppy")
        happened = [
            table.open(),
            table.act([connect("alice")]),
            table.act([send("alice", "Ada\n")]),
        ]
        table.close()
        return happened

    assert hold() == hold()


def test_actions_together_make_the_conversation_that_they_make_one_by_one():
    actions = [connect("alice"), send("alice", "Ada\n"), connect("bob"), send("bob", "B", "ob\n")]
    actions += [send("alice", f"line {number}\n") for number in range(20)]

    def hold(batches: list[list[dict]]) -> list[dict]:
        table = Table(RELAY, 7, "choppy")
        table.open()
        steps = [step for batch in batches for step in table.act(batch)["steps"]]
        table.close()
        return steps

    one_by_one = hold([[action] for action in actions])
    assert len(one_by_one) == len(actions)
    assert hold([actions]) == one_by_one


def test_what_takes_long_is_left_and_drawn_when_it_is_done(table, monkeypatch):
    monkeypatch.setattr("playground.table.TURN", 0)
    actions = [connect("alice"), send("alice", "Ada\n")]
    first = table.act(actions)
    assert len(first["steps"]) == 1
    assert first["picture"] is None
    assert len(table.act(actions[1:])["picture"]["rows"]) == 3


def test_the_end_of_a_long_conversation_is_drawn(table):
    table.act([connect("alice"), send("alice", "Ada\n"), connect("bob"), send("bob", "Bob\n")])
    for number in range(120):
        picture = table.act([send("bob", f"line {number}\n")])["picture"]
        assert len(picture["rows"]) <= MOST_DRAWN
    assert "line 119" in picture["rows"][-1]


def test_a_server_that_does_not_start_says_why(tmp_path):
    file = tmp_path / "wrong.py"
    file.write_text("async def serve(bind, ssl_options):\n    return net\n")
    table = Table(file, 0, "calm")
    happened = table.open()
    assert "NameError" in str(happened["failure"])
    again = table.act([connect("alice"), connect("bob")])
    assert again["failure"] is not None
    assert again["steps"] == [[]]
    table.close()


def test_a_client_that_comes_again_has_a_new_connection(table):
    table.act([connect("alice")])
    table.act([{"do": "close", "client": "alice"}])
    assert ("alice (2)", "Nickname: ") in said(table.act([connect("alice")]))
