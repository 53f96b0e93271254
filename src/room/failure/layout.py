"""The parts of a diagnostic in the order in which they are read, with their titles.

Every renderer lays a diagnostic out like this, so it reads the same wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from room.failure.compare import Comparison
from room.failure.diagnostic import Diagnostic, Excerpt
from room.transcript import count


class Paragraph(NamedTuple):
    """Prose of ours, which a renderer breaks into lines. The label says what it is: "The rule:"."""

    text: str
    label: str = ""

    def __str__(self) -> str:
        return f"{self.label} {self.text}" if self.label else self.text


class Lines(NamedTuple):
    """Lines that stay as they are, below a title if there is one."""

    lines: tuple[str, ...]
    title: str = ""


Block = Paragraph | Lines | Comparison


def sections(failure: Diagnostic) -> list[list[Block]]:
    """The blocks in order: those in one list directly below each other, and an empty line between
    two lists. No list is empty.
    """
    headline = _headline(failure)
    hint = _lines(f"A hint: workbook hint {failure.hint}" if failure.hint else "")
    if failure.is_unwritten:
        raises = f"The `raise` is still there, at {failure.place}: replace it with your code."
        return [[*headline, *_lines(raises if failure.place else ""), *hint]]
    in_order: list[list[Block]] = [
        headline,
        [failure.comparison] if failure.comparison else [],
        _indented("", Excerpt(failure.details)),
        _lines(failure.waited),
        _paragraph(failure.explanation),
        [*_paragraph(failure.reason, "Likely reason:"), *map(Paragraph, failure.remarks)],
        _paragraph(failure.remedy),
        _paragraph(failure.attempt, "Try:"),
        _indented("The conversation so far:", failure.conversation),
        _paragraph(failure.rule, "The rule:"),
        _indented("Your program printed:", failure.printed),
        hint,
    ]
    return [section for section in in_order if section]


def _headline(failure: Diagnostic) -> list[Block]:
    return _lines(failure.headline) if failure.is_verbatim else _paragraph(failure.headline)


def _paragraph(text: str, label: str = "") -> list[Block]:
    return [Paragraph(text, label)] if text else []


def _lines(text: str) -> list[Block]:
    return [Lines(tuple(text.split("\n")))] if text else []


def _indented(title: str, excerpt: Excerpt) -> list[Block]:
    if not excerpt.lines:
        return []
    left_out = excerpt.left_out
    earlier = [f"({count(left_out, 'earlier line')} left out)"] if left_out else []
    return [Lines(_indent([*earlier, *excerpt.lines]), title)]


def _indent(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"  {line}".rstrip() for line in lines)
