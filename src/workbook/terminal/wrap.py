"""Wraps sentences between words in a terminal. On a pipe, each stays in one line.

This does not use rich, because every error message would wait for the import.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import IO, Any

import click


def say(text: str) -> None:
    """Print text. A line that begins with a space is a command, which is never broken.

    After three spaces it may have an explanation, which moves below it if both do not fit.
    """
    click.echo(wrap_text(text, sys.stdout))


def wrap_text(text: str, stream: IO[Any]) -> str:
    """Return the text with its lines wrapped for the terminal behind `stream`, if it is one."""
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(_wrap_line(line, width) for line in text.split("\n"))


def wrap_command(command: str, stream: IO[Any]) -> str:
    """Return a shell command, continued over lines with backslashes if it is too long."""
    width = shutil.get_terminal_size().columns if stream.isatty() else len(command)
    if len(command) <= width or "'" in command:  # a backslash in quotes would be a backslash
        return command
    indent = " " * (len(command) - len(command.lstrip()))
    lines = textwrap.wrap(
        command.lstrip(),
        width - len(indent) - 2,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return " \\\n".join(f"{indent}{line}" for line in lines)


def _wrap_line(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    if line.startswith(" "):
        command, _, explained = line.rpartition("   ")
        return f"{command.rstrip()}\n      {explained.lstrip()}" if command.strip() else line
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
