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
_CODE = "bold cyan"


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


def with_code(text: str, screen: Console) -> Text:
    """Return text with its `code` in color, or in its backticks where there is no color."""
    if screen.no_color or not screen.is_terminal or screen.color_system is None:
        return Text(text)
    parts = re.split(r"`([^`]+)`", text)
    return Text.assemble(*(part if n % 2 == 0 else (part, _CODE) for n, part in enumerate(parts)))
