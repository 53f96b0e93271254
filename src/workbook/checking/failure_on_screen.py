"""The text of a failure as it fits on the screen, in its colors.

It comes with line breaks for 88 columns. On a narrower terminal its sentences are broken anew, and
two byte strings that are compared move to the left, so that the mark stays under the place where
they part. On a pipe nothing is broken.
"""

from __future__ import annotations

import re
from textwrap import wrap

from rich.console import Console
from rich.text import Text

from room.failure import WIDTH

_STYLES = {
    r"^(.* )?expected(?=  |$)": "green",
    r"^(.* )?received(?=  |$)": "red",
    r"^ +\^.*": "bold",
    r"^(The conversation so far|Your program printed|Failed as well):$": "bold",
    r"^(The rule|Likely reason|Try):": "bold",
    r"`[^`]+`": "bold cyan",
}
_SIDE = re.compile(r"((?:.* )?(?:expected|received))  (.*)")
_ARROW = re.compile(r"( +)\^ (.+)")


def fitted(text: str, screen: Console) -> list[Text]:
    """The lines of a text as they fit on the screen."""
    lines = text.split("\n")
    if screen.is_terminal and screen.width < max(map(len, lines)):
        lines = _side_by_side(_unbroken(lines), screen.width)
        lines = [part for line in lines for part in broken(line, screen)]
    return [_in_color(line) for line in lines]


def broken(line: str, screen: Console, taken: int = 0) -> list[str]:
    """A line as it fits between `taken` columns and the edge; what goes on is indented further."""
    if not screen.is_terminal:
        return [line]
    width = max(screen.width - taken, 20)
    if len(line) > width and (arrow := _ARROW.fullmatch(line)):
        return [f"{arrow[1]}^", *wrap(arrow[2], width)]
    indent = len(line) - len(line.lstrip(" "))
    further = " " * (indent + 2) if indent else ""
    return wrap(line, width, subsequent_indent=further, break_on_hyphens=False) or [""]


def _unbroken(lines: list[str]) -> list[str]:
    """Sentences in one line each, where a line was broken because the next word did not fit."""
    joined: list[str] = []
    before = ""
    for line in lines:
        word = line.split(" ")[0]
        did_not_fit = len(before) + 1 + len(word) > WIDTH
        if word and before[:1].strip() and did_not_fit and not _SIDE.match(line):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        before = line
    return joined


def _side_by_side(lines: list[str], width: int) -> list[str]:
    """The same, with two sides that are compared in full below their titles, or around the mark."""
    for place, line in enumerate(lines[2:], start=2):
        sides = [_SIDE.fullmatch(side) for side in lines[place - 2 : place]]
        arrow = _ARROW.fullmatch(line)
        if sides[0] and sides[1] and arrow and max(map(len, lines[place - 2 : place])) > width:
            at = len(arrow[1]) - sides[0].start(2)
            narrow = _narrowed(sides[0], sides[1], at, arrow[2], width - 2)
            return [*lines[: place - 2], *narrow, *lines[place + 1 :]]
    return lines


def _narrowed(
    expected: re.Match[str], received: re.Match[str], at: int, difference: str, width: int
) -> list[str]:
    left_out = max(0, at - width // 2) if max(len(expected[2]), len(received[2])) > width else 0

    def side(data: str) -> str:
        shown = f"...{data[left_out + 3 :]}" if left_out else data
        return shown if len(shown) <= width else f"{shown[: width - 3]}..."

    return [
        *(expected[1], f"  {side(expected[2])}"),
        *(received[1], f"  {side(received[2])}"),
        f"{' ' * (2 + at - left_out)}^ {difference}",
    ]


def _in_color(line: str) -> Text:
    text = Text(line)
    for pattern, style in _STYLES.items():
        text.highlight_regex(re.compile(pattern), style)
    return text
