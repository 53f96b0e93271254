"""Sentences on a terminal and on a pipe."""

import io
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from workbook.terminal.wrap import wrap_text

TEXT = "Chapter 1 has not passed yet.\n  workbook check 1 and more\nwork/ch01_a_long_name.py"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_sentences_break_between_words_and_commands_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert wrap_text(TEXT, Terminal()) == (
        "Chapter 1 has not\npassed yet.\n  workbook check 1 and more\nwork/ch01_a_long_name.py"
    )


def test_on_a_pipe_each_sentence_stays_in_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert wrap_text(TEXT, io.StringIO()) == TEXT


def test_a_refusal_is_broken_between_words_too(
    course: Path, terminal: Callable[..., pexpect.spawn], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    refusal = terminal("-m", "workbook", "start", "11")
    refusal.expect_exact("Error: '11' is no chapter\r\nhere. Choose from: ch01_echo,\r\n")
