"""What a student has handed in for a chapter, as the graded files are kept: by their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from classroom.roster import Student


@dataclass(frozen=True)
class Submission:
    """One attempt of a student at a chapter.

    `digest` names the graded file's content, or is "" when there is nothing to grade; `problem`
    then says why. `handed_in` is None when nobody knows. `is_late` is what the download says.
    """

    student: Student
    chapter: str  # "ch06_relay"
    digest: str = ""
    problem: str = ""
    notes: tuple[str, ...] = ()  # such as: the file was called relay.py
    handed_in: datetime | None = None
    is_late: bool = False
    order: int = 0  # of several in one download, the later one is higher


def digest_of(source: bytes) -> str:
    """Return the name of a file's content."""
    return hashlib.sha256(source).hexdigest()
