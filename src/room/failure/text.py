"""Renders a diagnostic as plain text, for pytest's report, notebooks, JUnit files and pipes."""

from __future__ import annotations

from textwrap import wrap

from room.failure.compare import Comparison
from room.failure.diagnostic import Diagnostic
from room.failure.layout import Block, Paragraph, sections
from room.transcript import columns

WIDTH = 88  # columns of a sentence


def as_text(failure: Diagnostic) -> str:
    """Return the text, wrapped at `WIDTH`, without a newline at the end."""
    return "\n\n".join(
        "\n".join(line for block in section for line in _lines_of(block))
        for section in sections(failure)
    )


def wrapped(paragraph: Paragraph) -> list[str]:
    """Return the lines of a paragraph, broken only between words."""
    return wrap(str(paragraph), WIDTH, break_long_words=False, break_on_hyphens=False)


def comparison_lines(compared: Comparison) -> list[str]:
    """Return both sides, one below the other, and a mark below the first difference."""
    expected, received = compared.titles
    lines = [f"{expected}  {compared.expected}", f"{received}  {compared.received}"]
    if compared.difference:
        lines.append(f"{' ' * mark_column(compared)}^ {compared.difference}")
    return lines


def mark_column(compared: Comparison) -> int:
    """Return how many columns are in front of the mark below both sides."""
    return columns(f"{compared.titles[0]}  ") + compared.at


def _lines_of(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return wrapped(block)
    if isinstance(block, Comparison):
        return comparison_lines(block)
    return [block.title, *block.lines] if block.title else [*block.lines]
