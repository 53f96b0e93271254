"""A failure as it fits on the screen, in its colors.

Its sentences are broken to the width of the terminal. Two byte strings that are compared move to
the left where they do not fit, so that the mark stays under the place where they part. On a pipe a
failure looks as in plain text.
"""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap

from rich.console import Console
from rich.text import Text

from grader.report import Result
from room.failure.compare import Comparison
from room.failure.diagnostic import Diagnostic
from room.failure.layout import Block, Lines, Paragraph, sections
from room.failure.text import WIDTH, mark_column, wrapped
from workbook.terminal.screen import with_code


def fitted(diagnostic: Diagnostic, screen: Console) -> list[Text]:
    """The lines of a failure as they fit on the screen."""
    lines: list[Text] = []
    for section in sections(diagnostic):
        lines += [Text()] if lines else []
        lines += [line for block in section for line in _drawn(block, screen)]
    while lines and not lines[-1]:  # what a program printed may end in empty lines
        lines.pop()
    return lines


def without_its_hint(result: Result) -> Diagnostic:
    """Why a test has not passed, where the command for a hint on its task is shown apart."""
    diagnostic = result.diagnostic or Diagnostic()
    return replace(diagnostic, hint="") if diagnostic.hint == result.task else diagnostic


def broken(line: str, screen: Console, taken: int = 0) -> list[str]:
    """A line as it fits between `taken` columns and the edge; what goes on is indented further."""
    if _fits(len(line) + taken, screen):
        return [line]
    indent = len(line) - len(line.lstrip(" "))
    further = " " * (indent + 2) if indent else ""
    width = max(screen.width - taken, 20)
    return wrap(line, width, subsequent_indent=further, break_on_hyphens=False) or [""]


def _fits(length: int, screen: Console) -> bool:
    return not screen.is_terminal or length <= screen.width


def _drawn(block: Block, screen: Console) -> list[Text]:
    if isinstance(block, Paragraph):
        return _paragraph(block, screen)
    if isinstance(block, Comparison):
        return _comparison(block, screen)
    return _lines(block, screen)


def _paragraph(block: Paragraph, screen: Console) -> list[Text]:
    lines = wrapped(block) if _fits(WIDTH, screen) else [str(block)]
    drawn = [with_code(part) for line in lines for part in broken(line, screen)]
    drawn[0].stylize("bold", 0, len(block.label))
    return drawn


def _lines(block: Lines, screen: Console) -> list[Text]:
    title = [Text(line, "bold") for line in broken(block.title, screen)] if block.title else []
    return [*title, *(Text(part) for line in block.lines for part in broken(line, screen))]


def _comparison(compared: Comparison, screen: Console) -> list[Text]:
    """Side by side with their titles, or below them where a mark has to stay in its place."""
    gap, column = "  ", mark_column(compared)
    sides = zip(compared.titles, (compared.expected, compared.received), strict=True)
    longest = max(len(title + gap + side) for title, side in sides)
    if compared.difference and not _fits(longest, screen):
        gap = "\n  "
        compared = _around_the_mark(compared, screen.width - 2)
        column = 2 + compared.at
    drawn = [
        *_side(compared.titles[0], f"{gap}{compared.expected}", "green", screen),
        *_side(compared.titles[1], f"{gap}{compared.received}", "red", screen),
    ]
    return [*drawn, *_mark(column, compared.difference, screen)] if compared.difference else drawn


def _side(title: str, side: str, style: str, screen: Console) -> list[Text]:
    lines = f"{title}{side}".split("\n")
    drawn = [Text(part) for line in lines for part in broken(line, screen)]
    drawn[0].stylize(style, 0, len(title))
    return drawn


def _mark(column: int, difference: str, screen: Console) -> list[Text]:
    mark = f"{' ' * column}^"
    if _fits(len(f"{mark} {difference}"), screen):
        return [Text(f"{mark} {difference}", "bold")]
    return [Text(mark, "bold"), *map(Text, broken(difference, screen))]


def _around_the_mark(compared: Comparison, width: int) -> Comparison:
    """The same, with as much of both sides as fits, and the place where they part in sight."""
    sides = (compared.expected, compared.received)
    left_out = max(0, compared.at - width // 2) if max(map(len, sides)) > width else 0

    def cut(side: str) -> str:
        rest = f"...{side[left_out + 3 :]}" if left_out else side
        return rest if len(rest) <= width else f"{rest[: width - 3]}..."

    expected, received = map(cut, sides)
    return replace(compared, expected=expected, received=received, at=compared.at - left_out)
