"""Fills in a teacher's own gradebook, as it was downloaded from Canvas or Moodle.

Moodle's headers are in the language of the site, and schools add columns. So rows are matched by
what is in them, whatever the columns are called, and only one column is changed. Every other byte
of the file stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from classroom.errors import ClassError
from classroom.marks import MISSING, NOT_GRADED, Mark
from classroom.points import written
from classroom.roster import Student, words_for
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
_CANVAS_ASSIGNMENT = re.compile(r".+ \(\d+\)")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


@dataclass
class Filled:
    """A gradebook that is filled in: the file, how many rows, and what to tell the teacher."""

    data: bytes
    column: str
    count: int = 0
    remarks: list[str] = field(default_factory=list)


def fill_in(
    data: bytes, marks: Sequence[Mark], column: str | None, chapters: Sequence[Chapter]
) -> Filled:
    """Write the points of each student into one column. Nobody without a result is changed.

    Raises `ClassError` when it is not clear which column that is, or when nobody is recognized.
    """
    sheet = read_sheet(data)
    if len(sheet.rows) < 2:
        raise ClassError("The gradebook is empty: it needs a line of headers, and students.")
    place = _column(sheet.rows[0], column, chapters)
    filled = Filled(data, sheet.rows[0][place])
    totals, most = _totals(marks)
    students = {mark.student.id: mark.student for mark in marks}
    found = _rows(sheet, place, students.values())
    if not found:
        raise ClassError("No row of the gradebook is one of these students. Is it the right file?")
    decimal = _decimal(sheet)
    for student_id, row in found.items():
        if student_id not in totals:
            continue
        value = written(totals[student_id]).replace(".", decimal)
        before = sheet.rows[row][place].strip()
        filled.count += 1
        if before.casefold() == "ex" or _same(before, value):
            continue
        sheet.set(row, place, value)
        if before not in ("", "-"):
            filled.remarks.append(
                f"{students[student_id].shown} had {before} in the gradebook, and now has {value}."
            )
    filled.remarks += _left_out(students, found, totals)
    filled.remarks += _other_scale(sheet, place, most, found.values())
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


def _column(headers: Sequence[str], wanted: str | None, chapters: Sequence[Chapter]) -> int:
    plain = [header.strip().casefold() for header in headers]
    if wanted is not None:
        text = wanted.strip().casefold()
        fitting = [i for i, header in enumerate(plain) if header == text]
        fitting = fitting or [i for i, header in enumerate(plain) if text in header]
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


def _rows(sheet: Sheet, place: int, students: Iterable[Student]) -> dict[str, int]:
    """Return the row of each student who is in the gradebook exactly once."""
    by_word: dict[str, set[str]] = {}
    for student in students:
        for word in student.also | words_for([student.id, student.name, student.email]):
            by_word.setdefault(word, set()).add(student.id)
    by_column = [
        _rows_by(sheet, column, by_word) for column in range(len(sheet.rows[0])) if column != place
    ]
    found: dict[str, int] = {}
    for of_column in sorted(by_column, key=len, reverse=True):  # the first of the best
        taken = {*found.values()}
        found |= {
            who: row for who, row in of_column.items() if who not in found and row not in taken
        }
    return found


def _rows_by(sheet: Sheet, column: int, by_word: Mapping[str, set[str]]) -> dict[str, int]:
    """Return whom one column recognizes, if it is a column of names or numbers of people."""
    cells = {
        row: cells[column] for row, cells in enumerate(sheet.rows) if row and column < len(cells)
    }
    filled = [cell for cell in cells.values() if cell.strip()]
    if len({*filled}) < 0.8 * len(filled):  # points repeat, names do not
        return {}
    rows: dict[str, list[int]] = {}
    for row, cell in cells.items():
        fitting = {who for word in words_for([cell]) for who in by_word.get(word, ())}
        if len(fitting) == 1:
            rows.setdefault(fitting.pop(), []).append(row)
    return {who: listed[0] for who, listed in rows.items() if len(listed) == 1}


def _left_out(
    students: Mapping[str, Student], found: Mapping[str, int], totals: Mapping[str, float]
) -> list[str]:
    names = [students[who].shown for who in totals if who not in found]
    return [f"Not found in the gradebook: {', '.join(names)}."] if names else []


def _other_scale(sheet: Sheet, place: int, most: float, rows: Iterable[int]) -> list[str]:
    """Return a remark when the gradebook counts from another number of points."""
    listed = [sheet.rows[row] for row in rows]
    theirs = {row[place + 1].strip() for row in listed if place + 1 < len(row)}
    for row in sheet.rows[1:3]:  # Canvas: a row of its own
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
    return "," if with_comma > with_point else "."


def _same(before: str, value: str) -> bool:
    if not _NUMBER.fullmatch(before):
        return False
    return float(before.replace(",", ".")) == float(value.replace(",", "."))
