"""What a learner reads of a conversation: every event once, every byte accounted for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from room.transcript import (
    SHOWN,
    literal,
    on_screen,
    shortened,
    timed_transcript,
    transcript,
)
from simnet import Event
from tests.unhurried import unhurried

CONVERSATION = [
    Event(0.0125, "alice", "server", "connect", b""),
    Event(0.025, "server", "alice", "data", b"Nickname: "),
    Event(0.5, "alice", "server", "data", b"Alice\r\n"),
    Event(1.0, "alice", "server", "eof", b""),
    Event(1.5, "server", "alice", "close", b""),
    Event(2.0, "127.0.0.1:9", "bob", "refused", b""),
    Event(12.25, "bob", "server", "reset", b""),
]


def test_each_event_is_one_line_with_the_arrows_below_each_other() -> None:
    assert transcript(CONVERSATION) == (
        "alice       -> server  connects\n"
        'server      -> alice   says b"Nickname: "\n'
        'alice       -> server  says b"Alice\\r\\n"\n'
        "alice       -> server  finishes sending\n"
        "server      -> alice   hangs up\n"
        "127.0.0.1:9 -> bob     refuses the connection\n"
        "bob         -> server  resets the connection"
    )


def test_times_stand_in_front_when_they_are_asked_for() -> None:
    assert timed_transcript(CONVERSATION[-2:]) == (
        " 2.000 s  127.0.0.1:9 -> bob     refuses the connection\n"
        "12.250 s  bob         -> server  resets the connection"
    )


def test_nothing_said_is_no_lines() -> None:
    assert transcript([]) == timed_transcript([]) == ""


def test_bytes_of_text_are_shown_as_text_that_encodes_to_them() -> None:
    assert literal("café\n".encode()) == '"café\\n".encode()'


def test_bytes_that_are_no_text_are_shown_as_bytes() -> None:
    assert literal(b"caf\xe9\n") == 'b"caf\\xe9\\n"'


def test_nothing_that_moves_the_cursor_or_turns_the_line_around_gets_through() -> None:
    assert literal(b'\x1b[2J\x07"\\\t') == 'b"\\x1b[2J\\x07\\"\\\\\\t"'
    assert literal("é\u202e\x85\x1b\U000e0001".encode()) == (
        '"é\\u202e\\u0085\\x1b\\U000e0001".encode()'
    )


def test_long_data_is_cut_and_the_line_says_how_much_is_missing() -> None:
    assert shortened(b"x" * 2060) == 'b"' + "x" * 60 + '" and 2,000 more bytes'
    assert shortened(b"x" * 61) == 'b"' + "x" * 60 + '" and 1 more byte'
    assert shortened(b"x" * 60) == 'b"' + "x" * 60 + '"'


def test_a_cut_never_parts_a_character_or_an_escape() -> None:
    assert shortened("ééé".encode(), limit=2) == '"éé".encode() and 2 more bytes'
    assert shortened(b"\x00\x00\x00", limit=9) == 'b"\\x00\\x00" and 1 more byte'


def test_a_name_that_is_long_or_does_not_print_is_shown_as_what_it_is() -> None:
    assert transcript([Event(0.0, "a\nb", "s" * 30, "connect", b"")]) == (
        f"a\\nb -> {'s' * 21}...  connects"
    )


@unhurried
@given(st.one_of(st.binary(), st.text().map(str.encode)))
def test_what_is_shown_is_python_for_exactly_these_bytes(data: bytes) -> None:
    assert eval(literal(data)) == data
    assert literal(data).isprintable()


@unhurried
@given(st.one_of(st.binary(min_size=50), st.text(min_size=50).map(str.encode)))
def test_a_line_has_an_end(data: bytes) -> None:
    assert len(shortened(data)) <= SHOWN + 60


def test_a_carriage_return_in_a_log_line_is_seen_and_not_obeyed():
    assert on_screen("Zoë\r has\x1b[2J joined") == "Zoë\\r has\\x1b[2J joined"
