"""A grader's plain assert is worded for a learner, without a word of pytest's."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.claims import compared, message_of

LOG = [("INFO", "Ann has joined"), ("WARNING", "no name")]


@pytest.mark.parametrize(
    ("operator", "received", "expected", "lines"),
    [
        ("==", 1, 2, ["expected  2", "received  1"]),
        ("==", "hi\n", "ho\n", ['expected  b"ho\\n"', 'received  b"hi\\n"']),
        ("==", b"", b"ho\n", ['expected  b"ho\\n"', "received  nothing"]),
        ("==", LOG, LOG[:1], ["too many  WARNING no name"]),
        ("==", LOG[1:], LOG, ["missing  INFO Ann has joined"]),
        ("==", [], LOG, ["missing  INFO Ann has joined", "missing  WARNING no name"]),
        ("==", [1, 1], [1], ["too many  1"]),
        (
            "==",
            [2, 1],
            [1, 2],
            [
                "Nothing is missing, but the order is different:",
                "received  2",
                "received  1",
            ],
        ),
        ("==", {2, 1}, {1, 3}, ["missing  3", "too many  2"]),
        ("==", {"a": 1}, {"a": 2}, ['missing  b"a": 2', 'too many  b"a": 1']),
        ("==", [*range(9)], [], [*(f"too many  {n}" for n in range(4)), "and 5 more"]),
        ("in", "x", ["a", "b"], ['expected  b"a" or b"b"', 'received  b"x"']),
        ("in", b"x", b"abc", ["expected  a part of ...", "received  b"]),
        ("!=", 1, 1, ["expected  anything but 1", "received  1"]),
        ("<", 5, 3, ["expected  < 3", "received  5"]),
        ("==", "x" * 200, 0, ["expected  0", 'received  b"xxxx']),
    ],
)
def test_a_comparison_says_what_is_missing_and_what_is_too_many(
    operator: str, received: object, expected: object, lines: list[str]
) -> None:
    told = compared(operator, received, expected)
    assert len(told) == len(lines)
    for line, beginning in zip(told, lines, strict=True):
        assert line.startswith(beginning.removesuffix("..."))
        assert len(line) < 110


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("assert 1 == 2", ""),
        ("It has to be.\nassert 1 == 2\n  +  where", "It has to be."),
        ("It has to be.", "It has to be."),
        ("", ""),
    ],
)
def test_only_the_message_of_the_grader_is_left(said: str, message: str) -> None:
    assert message_of(AssertionError(said)) == message


def test_no_recorded_message_has_the_words_of_pytest() -> None:
    golden = Path(__file__).parents[1] / "mutants" / "golden"
    for file in golden.rglob("*.txt"):
        text = file.read_text(encoding="utf-8")
        for words in ("\nassert ", "Use -v", "Full diff", "At index", "  +  where", "  ?  "):
            assert words not in text, f"{file.name} has {words!r}"
