"""What a stranger sends cannot command the terminal."""

import pytest

from workbook.terminal.escape import escape


@pytest.mark.parametrize(
    "text", ["hello\n", "a\tb\n\n", "äöü 日本 שלום", "👩\u200d💻 👍🏽", "", " ", "\xa0"]
)
def test_what_is_meant_to_be_read_stays_as_it_is(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("\x9b2J", r"\x9b2J"),
        ("bell\x07", r"bell\x07"),
        ("me\rhim", r"me\rhim"),
        ("a\x08b", r"a\x08b"),
        ("\x00\x7f", r"\x00\x7f"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("\u2028\ufeff", r"\u2028\ufeff"),
        ("\udcff", r"\udcff"),
        ("ä\x1b]0;title\x07", r"ä\x1b]0;title\x07"),
    ],
)
def test_what_a_terminal_obeys_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_the_line_ends_of_a_network_are_line_ends() -> None:
    assert escape("one\r\ntwo\r\n") == "one\ntwo\n"
