"""Renders a failure for the screen: in its width and with its colors.

Sentences are wrapped to the width of the terminal. When two compared byte strings do not fit, they
move below their titles and are cut, so that the mark stays below the place where they differ. On a
pipe, a failure looks as it does in plain text.
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
    """Return the lines of a failure, wrapped to fit on the screen."""
    lines: list[Text] = []
    for section in sections(diagnostic):
        lines += [Text()] if lines else []
        lines += [line for block in section for line in _drawn(block, screen)]
    while lines and not lines[-1]:  # what a program printed may end in empty lines
        lines.pop()
    return lines


def without_its_hint(result: Result) -> Diagnostic:
    """Return why a test has not passed, without the hint if that is for the test's own task.

    The report shows the command for that hint itself.
    """
    diagnostic = result.diagnostic or Diagnostic()
    return replace(diagnostic, hint="") if diagnostic.hint == result.task else diagnostic


def broken(line: str, screen: Console, taken: int = 0) -> list[str]:
    """Wrap a line to fit beside `taken` columns. Further lines are indented further."""
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
    drawn = [with_code(part, screen) for line in lines for part in broken(line, screen)]
    drawn[0].stylize("bold", 0, len(block.label))
    return drawn


def _lines(block: Lines, screen: Console) -> list[Text]:
    title = [Text(line, "bold") for line in broken(block.title, screen)] if block.title else []
    return [*title, *(Text(part) for line in block.lines for part in broken(line, screen))]


def _comparison(compared: Comparison, screen: Console) -> list[Text]:
    """Draw both sides next to their titles, or below them if a mark would not fit otherwise."""
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
    """Return as much of both sides as fits, including the place where they differ."""
    sides = (compared.expected, compared.received)
    left_out = max(0, compared.at - width // 2) if max(map(len, sides)) > width else 0

    def cut(side: str) -> str:
        rest = f"...{side[left_out + 3 :]}" if left_out else side
        return rest if len(rest) <= width else f"{rest[: width - 3]}..."

    expected, received = map(cut, sides)
    return replace(compared, expected=expected, received=received, at=compared.at - left_out)
