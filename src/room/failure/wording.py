"""How a place, a message and a sentence are written, in every part of a diagnostic."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from room.transcript import on_screen

LONGEST_LINE = 300  # characters of what a program says

_PLAIN_WORDS = {"a", "an", "no", "nothing", "the", "what", "your"}  # others may be names in code


def place(file: str, line: int) -> str:
    """`work/ch03_on_connection.py, line 31`; short where it can be, "" where nothing is known."""
    if not file:
        return ""
    if "ipykernel" in file or file.startswith("<"):
        return f"line {line} of the cell" if line else "the cell"
    below = os.path.relpath(file)
    short = plain(file if below.startswith("..") else below)
    return f"{short}, line {line}" if line else short


def at(file: str, line: int) -> str:
    """` at work/ch03_on_connection.py, line 31`, to follow what was there; "" without a place."""
    where = place(file, line)
    return f" at {where}" if where else ""


def plain(message: str) -> str:
    """What a program said, on one line, without what does not print or says nothing to anybody
    (`at 0x7f3a51c0d2e0`), and not too much of it.
    """
    return _shown(re.sub(r" at 0x[0-9a-f]+\b", "", " ".join(message.split())))


def printable(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines, without what does not print, and not too much of each."""
    return tuple(map(_shown, lines))


def sentence(text: str) -> str:
    """The text with a capital letter, unless it begins with a name in code, and a period."""
    first = text.partition(" ")[0]
    begun = text.capitalize()[:1] + text[1:] if first in _PLAIN_WORDS else text
    return begun if begun.endswith((".", "?", "!", ":")) else f"{begun}."


def _shown(line: str) -> str:
    escaped = on_screen(line)
    return escaped if len(escaped) <= LONGEST_LINE else escaped[:LONGEST_LINE] + "..."
