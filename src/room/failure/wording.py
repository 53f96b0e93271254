"""Words places, messages and sentences, the same in every part of a diagnostic."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from room.transcript import on_screen

LONGEST_LINE = 300  # characters of a program's own text

_PLAIN_WORDS = {
    "a",
    "an",
    "no",
    "one",
    "nothing",
    "the",
    "what",
    "your",
}  # others may be names in code


def place(file: str, line: int) -> str:
    """Return `work/ch03_on_connection.py, line 31`, shortened if possible; "" if unknown."""
    if not file:
        return ""
    if "ipykernel" in file or file.startswith("<"):
        return f"line {line} of the cell" if line else "the cell"
    below = os.path.relpath(file)
    short = plain(file if below.startswith("..") else below)
    return f"{short}, line {line}" if line else short


def at(file: str, line: int) -> str:
    """Return ` at work/ch03_on_connection.py, line 31`, to follow other text; "" if unknown."""
    where = place(file, line)
    return f" at {where}" if where else ""


def plain(message: str) -> str:
    """Return a program's message on one line, not too long, with control characters escaped.

    Addresses such as `at 0x7f3a51c0d2e0` are left out, because they help nobody.
    """
    return _shown(re.sub(r" at 0x[0-9a-f]+\b", "", " ".join(message.split())))


def printable(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the lines, not too long, with control characters escaped."""
    return tuple(map(_shown, lines))


def sentence(text: str) -> str:
    """Return the text with a period and, unless it begins with a name in code, a capital."""
    first = text.partition(" ")[0]
    begun = text.capitalize()[:1] + text[1:] if first in _PLAIN_WORDS else text
    return begun if begun.endswith((".", "?", "!", ":")) else f"{begun}."


def _shown(line: str) -> str:
    escaped = on_screen(line)
    return escaped if len(escaped) <= LONGEST_LINE else escaped[:LONGEST_LINE] + "..."
