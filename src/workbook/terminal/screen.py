"""How output looks: in color and as wide as the terminal, and plain on a pipe.

rich decides about color (NO_COLOR, TERM) and width. Nothing depends on color alone: each verdict
has its own mark. Marks that the terminal's encoding lacks become ASCII.
"""

from __future__ import annotations

import re
from typing import IO

from rich.console import Console
from rich.text import Text

from grader.report import FAILED, PASSED

_MARKS = {PASSED: ("✓", "+", "green"), FAILED: ("✗", "x", "red")}
_NO_MARK = ("·", "-", "dim")
_WIDEST = 100


def console(file: IO[str] | None = None) -> Console:
    """Return a console that prints text as it is: no markup, no emoji, no colors of its own."""
    screen = Console(file=file, markup=False, emoji=False, highlight=False)
    screen.width = min(screen.width, _WIDEST)
    return screen


def mark(verdict: str, screen: Console) -> Text:
    """Return one character for a task's verdict, or for "", which is a task never checked."""
    sign, plain, style = _MARKS.get(verdict, _NO_MARK)
    return Text(sign if has_unicode(screen) else plain, style=style)


def has_unicode(screen: Console) -> bool:
    """Return whether the terminal, or the pipe, takes more than ASCII."""
    return screen.encoding.lower().startswith("utf")


def with_code(text: str) -> Text:
    """Return text with `code` in color, the backticks included."""
    styled = Text(text)
    styled.highlight_regex(re.compile(r"`[^`]+`"), "bold cyan")
    return styled
