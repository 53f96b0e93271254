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
    """Print text. Lines that begin with a space, such as commands, are not wrapped."""
    click.echo(wrap_text(text, sys.stdout))


def wrap_text(text: str, stream: IO[Any]) -> str:
    """Return the text with its lines wrapped for the terminal behind `stream`, if it is one."""
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(_wrap_line(line, width) for line in text.split("\n"))


def _wrap_line(line: str, width: int) -> str:
    if line.startswith(" ") or len(line) <= width:
        return line
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
