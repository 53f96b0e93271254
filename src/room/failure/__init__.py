"""Explains a failed expectation: its facts, a diagnostic made from them, and plain text.

- `failure.py`       the facts (`RoomFailure` and its subclasses), and the diagnostic made from them
- `diagnostic.py`    a failure as data, which travels; `layout.py`: the order of its parts
- `text.py`          the same as plain text
- `compare.py`       compares two byte strings, and finds where they differ
- `reason.py`        finds the likely reason in the notes on a program
- `advice.py`        the tables an author edits: the kinds of breakdown, and remedies
- `wording.py`       words places, messages and sentences

Only the judge's side imports this package. The learner's process does not need its text.
"""

from __future__ import annotations

from room.failure.compare import one_side
from room.failure.diagnostic import Diagnostic, Excerpt, diagnostic_of, verbatim
from room.failure.failure import Disproved, RoomFailure, Strayed, Stumbled
from room.failure.reason import Unwritten, has_stumbled, unwritten, waits_for
from room.failure.text import as_text
from room.failure.wording import place

__all__ = [
    "Diagnostic",
    "Disproved",
    "Excerpt",
    "RoomFailure",
    "Strayed",
    "Stumbled",
    "Unwritten",
    "as_text",
    "diagnostic_of",
    "has_stumbled",
    "one_side",
    "place",
    "unwritten",
    "verbatim",
    "waits_for",
]
