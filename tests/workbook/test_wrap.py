"""Sentences on a terminal and on a pipe."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from workbook.terminal.wrap import wrap_command, wrap_text

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
    course: Path, terminal: Callable[..., pexpect.spawn]
) -> None:
    refusal = terminal("-m", "workbook", "start", "11", columns=30)
    refusal.expect_exact("Error: There is no chapter 11.\r\nThe chapters are 1 to 3.\r\n")


def test_what_explains_a_command_moves_below_it_where_both_do_not_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = "  check  workbook check 1   (on every save: workbook watch)"
    monkeypatch.setenv("COLUMNS", "40")
    assert wrap_text(line, Terminal()) == (
        "  check  workbook check 1\n      (on every save: workbook watch)"
    )


def test_a_command_that_is_too_long_can_still_be_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    command = "  printf '%s ' one two three four five six seven eight nine ten"
    assert wrap_command(command, Terminal()) == command  # no backslash inside quotes
    command = command.replace("'%s '", "%s,")
    wrapped = wrap_command(command, Terminal())
    assert max(map(len, wrapped.split("\n"))) <= 30
    assert typed(wrapped) == typed(command) == "one,two,three,four,five,six,seven,eight,nine,ten,"
    assert wrap_command(command, io.StringIO()) == command


def typed(command: str) -> str:
    """What a shell prints."""
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True).stdout
