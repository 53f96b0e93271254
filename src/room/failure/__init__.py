"""A failed expectation: its facts, what is said about it, and how that looks as plain text.

- `failure.py`       the facts (`RoomFailure` and its kin), and the diagnostic made of them
- `diagnostic.py`    a failure as data, which travels; `layout.py`: in which order it is read
- `text.py`          the same as plain text
- `compare.py`       two byte strings, and where they part
- `reason.py`        what the notes on a program give away
- `advice.py`        the tables an author edits: the kinds of breakdown, what helps against what
- `wording.py`       how a place, a message and a sentence are written

Only the judge's side imports this package. The learner's process does without its text.
"""

from __future__ import annotations

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
    "place",
    "unwritten",
    "verbatim",
    "waits_for",
]
