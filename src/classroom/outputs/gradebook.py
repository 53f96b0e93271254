"""Fills in a teacher's own gradebook, as it was downloaded from Canvas or Moodle.

Moodle's headers are in the language of the site, and schools add columns. So rows are matched by
what is in them, whatever the columns are called, and only one column is changed. Every other byte
of the file stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from classroom.errors import ClassError
from classroom.marks import MISSING, NOT_GRADED, Mark
from classroom.outputs.people import People
from classroom.points import written
from classroom.sheet import Sheet, read_sheet
from course import Chapter
from isolation.job import BROKE

# What Moodle calls the column in some of its languages.
_GRADE = {
    *("grade", "bewertung", "note", "calificación", "nota", "valutazione", "beoordeling"),
    *("betyg", "karakter", "karakterer", "arvosana", "ocena", "známka", "hodnocení", "értékelés"),
    *(
        "оценка",
        "оцінка",
        "βαθμός",
        "评分",
        "成绩",
        "成績",
        "評点",
        "評定",
        "성적",
        "not",
        "الدرجة",
    ),
}
MOST_TITLES = 4  # lines in which to look for the headers
_CANVAS_ASSIGNMENT = re.compile(r".+ \(\d+\)")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


@dataclass
class Filled:
    """A gradebook that is filled in: the file, how many rows, and what to tell the teacher."""

    data: bytes
    column: str
    count: int = 0
    remarks: list[str] = field(default_factory=list)


def check(data: bytes, column: str | None, chapters: Sequence[Chapter]) -> None:
    """Raise `ClassError` when `fill_in` could not, whatever the results are going to be."""
    _headers(read_sheet(data), column, chapters)


def fill_in(
    data: bytes, marks: Sequence[Mark], column: str | None, chapters: Sequence[Chapter]
) -> Filled:
    """Write the points of each student into one column. Nobody without a result is changed.

    Raises `ClassError` when it is not clear which column that is, or when nobody is recognized.
    """
    sheet = read_sheet(data)
    header, place = _headers(sheet, column, chapters)
    filled = Filled(data, sheet.rows[header][place])
    totals, most = _totals(marks)
    students = {mark.student.id: mark.student for mark in marks}
    people = People(sheet, header, place, students.values())
    if people.are_in(place):
        raise ClassError(f"{filled.column!r} has names of students in it: name another column.")
    if not people.found:
        raise ClassError(
            people.missing(students, people.unclear)
            or "No row of the gradebook is one of these students. Is it the right file?"
        )
    decimal = _decimal(sheet)
    for student_id, row in people.found.items():
        if student_id not in totals:
            continue
        value = written(totals[student_id]).replace(".", decimal)
        before = sheet.rows[row][place].strip() if place < len(sheet.rows[row]) else ""
        filled.count += 1
        if before.casefold() == "ex" or _same(before, value):
            continue
        sheet.set(row, place, value)
        if before not in ("", "-"):
            filled.remarks.append(
                f"{students[student_id].shown} had {before} in the gradebook, and now has {value}."
            )
    if left_out := people.missing(students, totals):
        filled.remarks.append(left_out)
    filled.remarks += _other_scale(sheet, header, place, most, people.found.values())
    filled.data = sheet.encoded()
    return filled


def _totals(marks: Iterable[Mark]) -> tuple[dict[str, float], float]:
    """Return the points of each student who has a result, and what everything right is worth."""
    totals: dict[str, float] = {}
    most: dict[str, float] = {}
    unfinished: set[str] = set()
    for mark in marks:
        most[mark.chapter.name] = mark.points.most
        was_set = mark.points.override or any(task.override for task in mark.points.tasks)
        if mark.outcome in (NOT_GRADED, BROKE) and not was_set:
            unfinished.add(mark.student.id)
        elif mark.outcome != MISSING or was_set:
            totals[mark.student.id] = totals.get(mark.student.id, 0) + mark.points.points
    return {who: points for who, points in totals.items() if who not in unfinished}, sum(
        most.values()
    )


def _headers(sheet: Sheet, column: str | None, chapters: Sequence[Chapter]) -> tuple[int, int]:
    """Return the row of the headers, below a title if there is one, and the column to fill in."""
    if sum(any(row) for row in sheet.rows) < 2:
        raise ClassError("The gradebook is empty: it needs a line of headers, and students.")
    problem = None
    for header, row in enumerate(sheet.rows[:MOST_TITLES]):
        try:
            place = _column(row, column, chapters, is_first=header == 0)
        except ClassError as error:
            problem = error
            if sum(bool(cell.strip()) for cell in row) > 2:  # no title
                break
        else:
            below = [each[place].strip() for each in sheet.rows[header + 1 :] if place < len(each)]
            if any(cell.casefold() == "(read only)" for cell in below[:3]):
                raise ClassError(f"{row[place]!r} is read only in Canvas: name another column.")
            return header, place
    assert problem
    raise problem


def _column(
    headers: Sequence[str], wanted: str | None, chapters: Sequence[Chapter], is_first: bool
) -> int:
    plain = [header.strip().casefold() for header in headers]
    if wanted is not None:
        text = wanted.strip().casefold()
        fitting = [i for i, header in enumerate(plain) if header == text]
        if is_first and not fitting:
            fitting = [i for i, header in enumerate(plain) if text in header]
        return _only(fitting, headers, f"{wanted!r} is {{}} of the gradebook's columns")
    if "student" in plain[0] and plain[1:2] == ["id"]:
        fitting = [i for i, h in enumerate(headers) if _CANVAS_ASSIGNMENT.fullmatch(h.strip())]
        if len(fitting) > 1:
            fitting = [i for i in fitting if _names(plain[i], chapters)]
    else:
        fitting = [i for i, header in enumerate(plain) if header in _GRADE]
    return _only(fitting, headers, "It is not clear which column to fill in: {} would do")


def _only(fitting: Sequence[int], headers: Sequence[str], problem: str) -> int:
    if len(fitting) == 1:
        return fitting[0]
    how_many = "none" if not fitting else str(len(fitting))
    listed = ", ".join(repr(header) for header in headers if header.strip())
    raise ClassError(f"{problem.format(how_many)}. Name one with --column: {listed}.")


def _names(header: str, chapters: Sequence[Chapter]) -> bool:
    """Return whether a header names the one chapter that was graded: "Chapter 6", "ch06_relay"."""
    if len(chapters) != 1:
        return False
    number, name = chapters[0].number, chapters[0].name
    words = re.findall(r"[a-z]+|\d+", header.partition(" (")[0])
    return name in header or str(number) in [word.lstrip("0") or "0" for word in words]


def _other_scale(
    sheet: Sheet, header: int, place: int, most: float, rows: Iterable[int]
) -> list[str]:
    """Return a remark when the gradebook counts from another number of points."""
    listed = [sheet.rows[row] for row in rows]
    theirs = {row[place + 1].strip() for row in listed if place + 1 < len(row)}
    for row in sheet.rows[header + 1 : header + 3]:  # Canvas: a row of its own
        if row[0].strip().casefold().startswith("points possible") and place < len(row):
            theirs = {row[place].strip()}
    numbers = {float(each.replace(",", ".")) for each in theirs if _NUMBER.fullmatch(each)}
    if len(theirs) != 1 or len(numbers) != 1 or numbers == {most} or 0 in numbers:
        return []
    scale = written(numbers.pop())
    return [
        f"The gradebook's column has {scale} points, and these results have {written(most)}. "
        f"To make them agree, write points = {scale} in class.toml."
    ]


def _decimal(sheet: Sheet) -> str:
    """Return what this gradebook writes before a fraction."""
    cells = [cell.strip() for row in sheet.rows for cell in row]
    with_comma = sum(1 for cell in cells if re.fullmatch(r"\d+,\d+", cell))
    with_point = sum(1 for cell in cells if re.fullmatch(r"\d+\.\d+", cell))
    if with_comma == with_point:  # where a comma separates cells, it is no decimal comma
        return "," if sheet.delimiter == ";" else "."
    return "," if with_comma > with_point else "."


def _same(before: str, value: str) -> bool:
    if not _NUMBER.fullmatch(before):
        return False
    return float(before.replace(",", ".")) == float(value.replace(",", "."))
