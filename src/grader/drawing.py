"""The conversation of a test as a drawing, with what it expected and never received."""

from __future__ import annotations

import re

from grader.report import Result, headline
from room.drawing import LETTERS, Drawing, Missing, draw


def drawing_of(result: Result, letters: int = LETTERS) -> Drawing:
    """Return the conversation of a test as data, with what it expected and never received."""
    failed = result.diagnostic.comparison if result.diagnostic else None
    missing = Missing(failed.who, failed.expected) if failed and _is_data(failed.expected) else None
    caption = f"{headline(result)}."
    return draw(result.events, caption, sent=result.sent, missing=missing, letters=letters)


def _is_data(expected: str) -> bool:
    """Return whether this is a literal of bytes, and not a sentence."""
    return re.match(r'b?"', expected) is not None
