"""Draws the screen of `watch`: the verdict, the answer to a key below it, and a line of keys.

A screen always fits the terminal. Text that is too long is cut, and the line of keys says how to
see the rest. Only lines that changed are written, so nothing flickers. The screen is drawn among
the shell's lines and not on the terminal's alternate screen, so the last verdict stays visible at
the end, and older output is above it.

prompt_toolkit could draw this too. But it writes the cells that changed, not the lines, so a test
or a screen reader would get `ing work/` where `Checking work/` replaces `Checked at`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from rich.console import Console, RenderableType
from rich.text import Text

from workbook.terminal.screen import console

LEAST = 4  # lines of the verdict that a long notice leaves visible
BACK = "back to the top"
KEYS = {
    "h": "hint",
    "d": "diagram",
    "n": "next",
    "c": "check",
    "l": "list",
    "q": "quit",
}


class View(NamedTuple):
    """The content of the screen, from top to bottom. `top` is the verdict's first visible line."""

    verdict: Sequence[RenderableType]
    notice: Sequence[RenderableType]  # the answer to a key
    status: str
    top: int = 0
    progress: str = ""  # beside the status, or below it


class Frame(NamedTuple):
    """Exactly the lines that fit. It has room for `page` of the verdict's `length` lines."""

    lines: list[str]
    page: int
    length: int


class Screen:
    """The terminal that `watch` draws on."""

    def __init__(self) -> None:
        self._drawn: list[str] = []
        sys.stdout.write("\n" * (console().height - 1))  # older output scrolls up and stays

    def draw(self, view: View) -> Frame:
        """Draw the view, and return the frame that fits the terminal."""
        screen = console()
        frame = frame_of(view, screen)
        changed = [
            f"\x1b[{row};1H\x1b[2K{line}"
            for row, line in enumerate(frame.lines, start=1)
            if self._drawn[row - 1 : row] != [line]
        ]
        if changed:
            _write("".join(changed) + f"\x1b[{screen.height};{screen.width}H")
        self._drawn = frame.lines
        return frame

    def invalidate(self) -> None:
        """Clear the screen, so that `draw` draws all of it, after other output or a new size."""
        _write("\x1b[H\x1b[2J")
        self._drawn = []

    def close(self) -> None:
        """Keep the screen as it is, and put the cursor below it."""
        _write(f"\x1b[{console().height};1H\n")


def frame_of(view: View, screen: Console) -> Frame:
    """Return all lines of the terminal's screen, from first to last."""
    verdict, notice = _lines(view.verdict, screen), _lines(view.notice, screen)
    notice = [""] * bool(notice) + notice
    footer = partial(_footer, view.status, view.progress, screen)
    room = screen.height - len(footer(""))
    if len(verdict) + len(notice) > room:
        longest = max(f"for {len(verdict)} more lines", BACK, key=len)
        room = screen.height - len(footer(longest))
        notice = notice[: max(1, room - LEAST)]
    page = max(1, room - len(notice))
    part = verdict[view.top : view.top + page]
    end = footer(_what_space_does(view.top, page, len(verdict)))
    empty = [""] * (screen.height - len(part) - len(notice) - len(end))
    return Frame([*part, *empty, *notice, *end][: screen.height], page, len(verdict))


def _what_space_does(top: int, page: int, length: int) -> str:
    below = length - page - top
    if below > 0:
        return f"for {below} more lines" if below > 1 else "for 1 more line"
    return BACK if top else ""


def _footer(status: str, progress: str, screen: Console, space: str) -> list[str]:
    """Return the status and the progress, and the keys in as many lines as they need."""
    keys = {**({"space": space} if space else {}), **KEYS}
    lines = [Text()]
    for key, does in keys.items():
        gap = "  " if lines[-1] else ""
        if len(lines[-1]) + len(f"{gap}{key} {does}") > screen.width:
            lines.append(Text())
            gap = ""
        lines[-1].append(gap).append(key, "bold cyan").append(f" {does}")
    return _lines([Text(), *_side_by_side(status, progress, screen), *lines], screen)


def _side_by_side(status: str, progress: str, screen: Console) -> list[Text]:
    between = screen.width - len(status) - len(progress)
    if not progress or between < 2:
        return [Text(line, "dim") for line in (status, progress) if line]
    return [Text(f"{status}{' ' * between}{progress}", "dim")]


def _lines(what: Sequence[RenderableType], screen: Console) -> list[str]:
    with screen.capture() as capture:
        for each in what:
            screen.print(each)
    return capture.get().splitlines()


def _write(drawn: str) -> None:
    """Write it in one go. Terminals with synchronized output (mode 2026) show it all at once."""
    sys.stdout.write(f"\x1b[?2026h{drawn}\x1b[?2026l")
    sys.stdout.flush()
