"""Who is in the class, and whose submission this is.

A roster is a CSV file with a line of headers. Its column `student`, or else its first one, is the
name by which everything here knows a student. Any other column helps to recognize that student: a
number, a login, an email address. `name`, `email` and `section` are also shown. A gradebook that
was downloaded from Canvas or Moodle is a roster too.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from classroom.errors import ClassError
from classroom.sheet import read_table

CANVAS_TEST_STUDENT = "Student, Test"


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

    def __init__(
        self, students: Sequence[Student] = (), file: Path | None = None, header: str = ""
    ) -> None:
        self.students = tuple(students)
        self.file = file
        self.header = header  # of the column with the students, in small letters
        self._by_word: dict[str, list[Student]] = {}
        self._by_number: dict[str, list[Student]] = {}
        for student in self.students:
            for word in student.also:
                self._by_word.setdefault(word, []).append(student)
            for number in without_zeros(student.also):
                self._by_number.setdefault(number, []).append(student)

    def find(self, known_as: Sequence[str]) -> Student | None:
        """Return the one student who is known by one of these texts; None if it is not clear.

        A folder such as `week6-alice` is alice's, if that is clear.
        """
        exact = [each for each in self.students if each.id in known_as]
        if len(exact) == 1:
            return exact[0]
        for index, words in (
            (self._by_word, lambda texts: {*map(normalized, texts)}),
            (self._by_word, words_for),
            (self._by_word, _last_parts),
            (self._by_number, lambda texts: without_zeros(words_for(texts))),
        ):
            clear: dict[str, Student] = {}
            for text in known_as:  # two may share a name, and not a number
                fitting = {each.id: each for word in words([text]) for each in index.get(word, ())}
                clear |= fitting if len(fitting) == 1 else {}
            if len(clear) == 1:
                return next(iter(clear.values()))
        return None


def read_roster(file: Path) -> Roster:
    """Read a roster. Raises `ClassError` when it cannot be read, or names someone twice."""
    rows = read_table(file, f"The roster {file}")
    if not rows:
        raise ClassError(f"The roster {file} is empty: it needs a line of headers.")
    headers = [header.casefold() for header in rows[0]]
    column = headers.index("student") if "student" in headers else 0
    is_canvas = "student" in headers and "id" in headers  # names, which two may share
    listed: list[tuple[str, list[str]]] = []
    for row in rows[1:]:
        name = unicodedata.normalize("NFC", row[column]) if column < len(row) else ""
        is_student = name and not name.casefold().startswith("points possible")
        if is_student and not (is_canvas and name == CANVAS_TEST_STUDENT):
            listed.append((name, row))
    how_often = Counter(name for name, _ in listed)
    students: dict[str, Student] = {}
    for name, row in listed:
        cells = dict(zip(headers, row, strict=False))
        is_shared = how_often[name] > 1 and is_canvas and cells.get("id")
        student_id = f"{name} ({cells['id']})" if is_shared else name
        if student_id in students:
            raise ClassError(f"The roster {file} names {student_id!r} twice: once is enough.")
        students[student_id] = _student(student_id, cells, row)
    return Roster([*students.values()], file, headers[column])


def _student(student_id: str, cells: Mapping[str, str], row: Sequence[str]) -> Student:
    both = " ".join(filter(None, (cells.get("first name"), cells.get("last name"))))
    beside = (f"{one} {other}" for one, other in pairwise(row) if is_name(one) and is_name(other))
    return Student(
        id=student_id,
        name=cells.get("name", "") or cells.get("full name", "") or both,
        email=cells.get("email", "") or cells.get("email address", ""),
        section=cells.get("section", ""),
        also=words_for([*(cell for cell in row if len(cell) > 1), *beside]),
    )


def is_name(cell: str) -> bool:
    """Return whether a cell could be a first or a last name."""
    return 0 < len(cell) <= 60 and not re.search(r"[\d@=/]", cell)


def is_called(student: Student, name: str) -> bool:
    """Return whether a teacher may mean this student by a name."""
    if student.id == name:
        return True
    return normalized(name) in {normalized(student.id), normalized(student.name), *student.also}


def without_zeros(words: Iterable[str]) -> frozenset[str]:
    """Return the numbers among these as a spreadsheet would write them: 00123 is 123."""
    return frozenset(word.lstrip("0") for word in words if word.isdecimal()) - {""}


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
