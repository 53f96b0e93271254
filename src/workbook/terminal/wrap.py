"""Sentences on a terminal, broken between words; on a pipe, each stays in its line.

Without rich, which would make every refusal wait for it.
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import IO, Any

import click


def say(text: str) -> None:
    """Print text to whoever reads; lines that begin with a space, such as commands, stay whole."""
    click.echo(wrap_text(text, sys.stdout))


def wrap_text(text: str, stream: IO[Any]) -> str:
    """Return the text with lines that are not longer than the terminal behind `stream`."""
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    return "\n".join(_broken(line, width) for line in text.split("\n"))


def _broken(line: str, width: int) -> str:
    if line.startswith(" ") or len(line) <= width:
        return line
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
