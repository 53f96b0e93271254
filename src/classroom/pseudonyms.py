"""Codes in place of names, for `--anonymous`: always the same for a student, and told to nobody.

A code is made from the student's name and a secret beside the results. names.csv says whose is
whose; it is the one file that nobody but the teacher should see.
"""

from __future__ import annotations

import base64
import csv
import hmac
import io
import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from classroom.escaping import cell
from classroom.marks import Mark
from classroom.roster import Student
from course.files import write_atomically

_ONLY_MINE = 0o600


class Pseudonyms:
    """The codes of a class, whose secret is kept in `folder`. Raises OSError if it cannot be."""

    def __init__(self, folder: Path) -> None:
        self._names = folder / "names.csv"
        file = folder / ".pseudonyms"
        if not file.is_file():
            write_atomically(file, secrets.token_bytes(32), _ONLY_MINE)
        self._secret = file.read_bytes()

    def mark(self, mark: Mark) -> Mark:
        """Return a mark under the student's code. Names of files often have the student's in them.

        So whatever is said of a submission has the code in place of the name.
        """
        student, submission = mark.student, mark.submission
        if submission:
            notes = tuple(self.hide(note, [student]) for note in submission.notes)
            submission = replace(submission, notes=notes)
        return replace(
            mark,
            student=Student(self.code(student.id)),
            trouble=self.hide(mark.trouble, [student]),
            submission=submission,
        )

    def hide(self, text: str, students: Iterable[Student]) -> str:
        """Return a text with codes in place of these students' names, and of each part of them."""
        for student in students:
            code = self.code(student.id)
            for part in _parts(student):
                text = re.sub(_alone(part), code, text, flags=re.IGNORECASE)
        return text

    def code(self, student_id: str) -> str:
        """Return a student's code, such as `s-k4tz2`."""
        digest = hmac.digest(self._secret, student_id.encode("utf-8", "surrogatepass"), "sha256")
        return f"s-{base64.b32encode(digest).decode().lower()[:6]}"

    def write_names(self, students: Iterable[Student]) -> Path:
        """Write down whose code is whose, and return where."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(["code", "student", "name"])
        rows = sorted((self.code(each.id), cell(each.id), cell(each.name)) for each in students)
        writer.writerows(rows)
        data = b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")
        write_atomically(self._names, data, _ONLY_MINE)
        return self._names


def _parts(student: Student) -> list[str]:
    """Return what could tell who a student is, the longest first."""
    whole = [student.id, student.name, student.email]
    parts = [part for text in whole for part in re.findall(r"\w+", text)]
    return sorted({each for each in [*whole, *parts, *student.also] if len(each) > 1}, key=_longest)


def _longest(text: str) -> tuple[int, str]:
    return -len(text), text


def _alone(part: str) -> str:
    """Return a pattern for a part of a name. A short one counts only where it is a word."""
    pattern = re.escape(part)
    return pattern if len(part) > 4 else rf"(?<![^\W_]){pattern}(?![^\W_])"
