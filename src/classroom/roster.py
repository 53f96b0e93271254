"""Who is in the class, and whose submission this is.

A roster is a CSV file with a line of headers. Its column `student`, or else its first one, is the
name by which everything here knows a student. Any other column helps to recognize that student: a
number, a login, an email address. `name`, `email` and `section` are also shown. A gradebook that
was downloaded from Canvas or Moodle is a roster too.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from classroom.errors import ClassError
from classroom.sheet import decoded


@dataclass(frozen=True)
class Student:
    """A student. `also` has every other word by which gradebooks may know them, normalized."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    also: frozenset[str] = frozenset()

    @property
    def shown(self) -> str:
        """The name to show."""
        return self.name or self.id


def normalized(text: str) -> str:
    """Return the letters and digits of a text in a form in which the same name is the same text."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum() or _is_mark(letter))


def words_for(texts: Iterable[str]) -> frozenset[str]:
    """Return every normalized form of these names, numbers and addresses."""
    found: set[str] = set()
    for text in texts:
        found.add(normalized(text))
        if "@" in text:
            found.add(normalized(text.partition("@")[0]))
        if text.count(",") == 1:  # "Doe, Jane" is Jane Doe
            last, first = text.split(",")
            found |= {normalized(first + last), normalized(last + first)}
        elif len(parts := text.split()) > 1:  # Canvas names a file after "doejane"
            found.add(normalized("".join([parts[-1], *parts[:-1]])))
        if number := re.search(r"\d{2,}$", text):  # Moodle: "Participant 1234"
            found.add(number[0])
    return frozenset(found - {""})


class Roster:
    """The students of a class. Without a file, whoever hands something in becomes a student."""

    def __init__(self, students: Sequence[Student] = (), file: Path | None = None) -> None:
        self.students = tuple(students)
        self.file = file
        self._by_word: dict[str, list[Student]] = {}
        for student in self.students:
            for word in student.also:
                self._by_word.setdefault(word, []).append(student)

    def find(self, known_as: Sequence[str]) -> Student | None:
        """Return the one student who is known by one of these texts; None if it is not clear.

        A folder such as `week6-alice` is alice's, if that is clear.
        """
        exact = [each for each in self.students if each.id in known_as]
        if len(exact) == 1:
            return exact[0]
        for words in (words_for(known_as), _last_parts(known_as)):
            fitting = {each.id: each for word in words for each in self._by_word.get(word, ())}
            if len(fitting) == 1:
                return next(iter(fitting.values()))
        return None


def read_roster(file: Path) -> Roster:
    """Read a roster. Raises `ClassError` when it cannot be read, or names someone twice."""
    try:
        text = decoded(file.read_bytes()).text
    except OSError as error:
        raise ClassError(f"The roster {file} cannot be read: {error.strerror}.") from None
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    if not rows:
        raise ClassError(f"The roster {file} is empty: it needs a line of headers.")
    headers = [header.strip().casefold() for header in rows[0]]
    column = headers.index("student") if "student" in headers else 0
    students: dict[str, Student] = {}
    for row in rows[1:]:
        cells = dict(zip(headers, (cell.strip() for cell in row), strict=False))
        student_id = row[column].strip() if column < len(row) else ""
        if not student_id or student_id.casefold().startswith("points possible"):
            continue
        if student_id in students:
            raise ClassError(f"The roster {file} names {student_id!r} twice: once is enough.")
        students[student_id] = Student(
            id=student_id,
            name=cells.get("name", "") or cells.get("full name", ""),
            email=cells.get("email", "") or cells.get("email address", ""),
            section=cells.get("section", ""),
            also=words_for(cell for cell in cells.values() if len(cell) > 1),
        )
    return Roster([*students.values()], file)


def _last_parts(texts: Iterable[str]) -> frozenset[str]:
    """Return what follows each `-` or `_` of a folder's name: "alice" of "week6-alice"."""
    found = set()
    for text in texts:
        parts = re.split(r"[-_]", text)
        found |= {normalized("".join(parts[start:])) for start in range(1, len(parts))}
    return frozenset(found - {""})


def _is_mark(letter: str) -> bool:
    """Return whether it belongs to the letter before it, as vowel signs do in many scripts."""
    return unicodedata.category(letter).startswith("M")
