"""What `watch` draws: the verdict, below it what a key asked for, and at the end the keys.

A screen is drawn as a whole and fits the terminal: what is too long is cut, and the keys say how
to see the rest. Only lines that have changed are written, so nothing flickers. It is drawn where
the shell's lines are, not on a screen apart, so that the last verdict stays there at the end; what
was there before is above.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console, RenderableType
from rich.text import Text

from workbook.terminal.screen import console

LEAST = 4  # lines of the verdict that stay in sight
BACK = "back to the top"
KEYS = {
    "h": "hint",
    "d": "diagram",
    "n": "next",
    "r": "run again",
    "l": "list",
    "q": "quit",
}


class View(NamedTuple):
    """What there is to see, from top to bottom. `top` is the first line of the verdict to show."""

    verdict: Sequence[RenderableType]
    notice: Sequence[RenderableType]  # what a key asked for
    status: str
    top: int = 0


class Frame(NamedTuple):
    """Exactly as many lines as fit. `page` of the verdict's `length` lines are in it."""

    lines: list[str]
    page: int
    length: int


class Screen:
    """The terminal that `watch` draws on."""

    def __init__(self) -> None:
        self._there: list[str] = []
        sys.stdout.write("\n" * (console().height - 1))  # what is there scrolls up and stays

    def draw(self, shown: View) -> Frame:
        """Make the terminal show this; return what of it fitted."""
        screen = console()
        frame = frame_of(shown, screen)
        changed = [
            f"\x1b[{row};1H\x1b[2K{line}"
            for row, line in enumerate(frame.lines, start=1)
            if self._there[row - 1 : row] != [line]
        ]
        if changed:
            _write("".join(changed) + f"\x1b[{screen.height};{screen.width}H")
        self._there = frame.lines
        return frame

    def invalidate(self) -> None:
        """Something else wrote here, or the size has changed: draw all of it the next time."""
        _write("\x1b[H\x1b[2J")
        self._there = []

    def close(self) -> None:
        """Leave what is drawn, and put the cursor below it."""
        _write(f"\x1b[{console().height};1H\n")


def frame_of(shown: View, screen: Console) -> Frame:
    """The lines of a terminal's screen, from its first to its last."""
    verdict, notice = _lines(shown.verdict, screen), _lines(shown.notice, screen)
    notice = [""] * bool(notice) + notice
    room = screen.height - len(_footer(shown.status, "", screen))
    if len(verdict) + len(notice) > room:
        longest = max(f"{len(verdict)} more lines", BACK, key=len)
        room = screen.height - len(_footer(shown.status, longest, screen))
        notice = notice[: max(1, room - LEAST)]
    page = max(1, room - len(notice))
    part = verdict[shown.top : shown.top + page]
    footer = _footer(shown.status, _what_space_does(shown.top, page, len(verdict)), screen)
    empty = [""] * (screen.height - len(part) - len(notice) - len(footer))
    return Frame([*part, *empty, *notice, *footer][: screen.height], page, len(verdict))


def _what_space_does(top: int, page: int, length: int) -> str:
    below = length - page - top
    if below > 0:
        return f"{below} more lines" if below > 1 else "1 more line"
    return BACK if top else ""


def _footer(status: str, space: str, screen: Console) -> list[str]:
    """The status, and the keys in as many lines as they need."""
    keys = {**({"space": space} if space else {}), **KEYS}
    lines = [Text()]
    for key, does in keys.items():
        gap = "  " if lines[-1] else ""
        if len(lines[-1]) + len(f"{gap}{key} {does}") > screen.width:
            lines.append(Text())
            gap = ""
        lines[-1].append(gap).append(key, "bold cyan").append(f" {does}")
    return _lines([Text(), Text(status, "dim"), *lines], screen)


def _lines(what: Sequence[RenderableType], screen: Console) -> list[str]:
    with screen.capture() as drawn:
        for each in what:
            screen.print(each)
    return drawn.get().splitlines()


def _write(drawn: str) -> None:
    """All of it at once; terminals that know how wait for the end before they show it."""
    sys.stdout.write(f"\x1b[?2026h{drawn}\x1b[?2026l")
    sys.stdout.flush()
