"""From a download to submissions: whose they are, which file counts, and a copy of that file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from classroom.errors import ClassError
from classroom.intake.download import Delivery, deliveries, passed_over
from classroom.intake.pick import chapters_in, pick
from classroom.roster import Roster, Student, words_for
from classroom.settings import Settings
from classroom.store import Store
from classroom.submission import Submission, digest_of
from classroom.times import Times, time_of
from course import Chapter


@dataclass(frozen=True)
class Collected:
    """What the class has handed in. `unknown` are names that the roster does not have.

    `passed_over` has the names of files beside the submissions that are nobody's.
    """

    students: tuple[Student, ...]
    submissions: tuple[Submission, ...]
    unknown: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()


def chapters_handed_in(places: Iterable[Path], chapters: Sequence[Chapter]) -> list[Chapter]:
    """Return the chapters of which at least one file was handed in, in order."""
    found: set[str] = set()
    for place in places:
        for delivery in deliveries(place):
            found |= chapters_in(delivery.entries, chapters)
    return [chapter for chapter in chapters if chapter.name in found]


def collect(
    places: Sequence[Path],
    chapters: Sequence[Chapter],
    settings: Settings,
    roster: Roster,
    times: Times,
    store: Store,
) -> Collected:
    """Copy the named files of every student into the store, and say what there is.

    A mistake in one student's submission becomes that submission's problem. Raises `ClassError` for
    a place that cannot be read.
    """
    students: dict[str, Student] = {student.id: student for student in roster.students}
    submissions: list[Submission] = []
    unknown: list[str] = []
    for turn, place in enumerate(places):
        for delivery in deliveries(place):
            student = roster.find(delivery.known_as) or _stranger(delivery, students)
            if roster.students and student.id not in students:
                unknown.append(student.id)
            students[student.id] = student
            for chapter in chapters:
                submissions.append(
                    _submission(
                        *(chapter, delivery, student, settings, times, store, turn),
                        only_chapter=len(chapters) == 1,
                    )
                )
    if not submissions:
        named = ", ".join(map(str, places))
        raise ClassError(f"There is no submission in {named}: no folder, no archive, no .py file.")
    return Collected(
        tuple(students.values()),
        tuple(submissions),
        tuple(dict.fromkeys(unknown)),
        tuple(name for place in places for name in passed_over(place)),
    )


def _submission(
    chapter: Chapter,
    delivery: Delivery,
    student: Student,
    settings: Settings,
    times: Times,
    store: Store,
    turn: int,
    only_chapter: bool,
) -> Submission:
    picked = pick(chapter, delivery.entries, only_chapter)
    problem = delivery.problem if delivery.problem and not picked.source else picked.problem
    digest = ""
    if not problem:
        digest = digest_of(picked.source)
        store.keep_source(digest, chapter.name, picked.source)
    names = (student.id, student.name, *delivery.known_as)
    handed_in = time_of(times, names, chapter.number) or picked.handed_in
    if handed_in is None and settings.file_times:
        handed_in = picked.modified
    return Submission(
        student=student,
        chapter=chapter.name,
        digest=digest,
        problem=problem,
        notes=picked.notes,
        handed_in=handed_in,
        is_late=delivery.is_late,
        order=turn * 1000 + delivery.order,
    )


def _stranger(delivery: Delivery, students: dict[str, Student]) -> Student:
    """Return a student who is known only by what they handed in."""
    name, *more = (normalize("NFC", each) for each in delivery.known_as)
    known = students.get(name)
    also = words_for(delivery.known_as)
    if known and known.also != also:  # two of the same name
        name = f"{name} ({' '.join(more)})" if more else name
    return students.get(name) or Student(name, also=also)
