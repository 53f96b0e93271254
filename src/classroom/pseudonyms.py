"""Codes in place of names, for `--anonymous`: always the same for a student, and told to nobody.

A code is made from the student's name and a secret beside the results. names.csv says whose is
whose; it is the one file that nobody but the teacher should see.
"""

from __future__ import annotations

import base64
import csv
import hmac
import io
import secrets
from collections.abc import Iterable
from pathlib import Path

from classroom.escaping import cell
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

    def student(self, student: Student) -> Student:
        """Return the student under a code, and with nothing else."""
        return Student(self.code(student.id))

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
