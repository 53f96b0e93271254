"""The mark of each student in each chapter: which attempt counts, and what it earns.

Marks are worked out from the store and the settings, every time. So a new due date, another late
policy or an override change them without anything being graded again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from classroom.late import Lateness, lateness
from classroom.nothing import for_nothing, nothing
from classroom.points import ChapterPoints, points_for, written
from classroom.roster import Student, is_called
from classroom.settings import Override, Settings
from classroom.store import Store
from classroom.submission import Submission, digest_of
from classroom.trimmed import results_of
from classroom.versions import Versions
from course import Chapter
from course.tasks import About
from grader.report import PASSED, Result, summarize

GRADED = "graded"
NOT_GRADED = "not graded yet"
MISSING = "nothing handed in"
REFUSED = "refused"


@dataclass(frozen=True)
class Mark:
    """What one student gets for one chapter, and why.

    `outcome` is "graded", "took too long", "broke", or one of the three above. `failed` has the
    names of the tests that did not pass in some world. `stopped` says why no server started, or "".
    """

    student: Student
    chapter: Chapter
    points: ChapterPoints
    late: Lateness
    outcome: str
    trouble: str = ""
    submission: Submission | None = None
    level: str = ""
    key: str = ""
    attempts: int = 0
    failed: frozenset[str] = frozenset()
    tests: int = 0
    seconds: float = 0
    stopped: str = ""

    @property
    def is_passed(self) -> bool:
        """Whether every task has passed."""
        return self.outcome == GRADED and all(t.verdict == PASSED for t in self.points.tasks)


class Marker:
    """Marks the students of a class in one chapter."""

    def __init__(
        self, chapter: Chapter, about: About, settings: Settings, store: Store, versions: Versions
    ) -> None:
        self.chapter, self.about, self.settings = chapter, about, settings
        self._store, self._versions = store, versions
        self.free = self._free() if settings.partial_credit else frozenset[str]()

    def mark(self, student: Student, attempts: Sequence[Submission]) -> Mark:
        """Return the mark of one student, who has handed in `attempts`, in order."""
        marks = [self._of_attempt(student, attempt, len(attempts)) for attempt in attempts]
        if not marks:
            return self._without(student, MISSING, "")
        if self.settings.attempt == "best":
            return max(marks, key=lambda mark: mark.points.points)  # the first of the best
        return marks[-1]

    def results(self, mark: Mark) -> tuple[Result, ...]:
        """Return the results behind a mark, read from the disk."""
        return results_of(self._record(mark.key)["results"]) if mark.key else ()

    def _of_attempt(self, student: Student, attempt: Submission, attempts: int) -> Mark:
        if attempt.problem:
            return self._without(student, REFUSED, attempt.problem, attempt, attempts)
        key = self._versions.key(attempt.digest)
        if self._store.judgement(key) is None:
            return self._without(student, NOT_GRADED, "", attempt, attempts)
        record = self._record(key)
        results = results_of(record["results"])
        late = lateness(attempt, self.chapter.number, self.settings)
        return Mark(
            student=student,
            chapter=self.chapter,
            points=self._points(student, results, late),
            late=late,
            outcome=record["outcome"],
            trouble=record["trouble"],
            submission=attempt,
            level=record["level"],
            key=key,
            attempts=attempts,
            failed=frozenset(each.function for each in results if each.verdict != PASSED),
            tests=len({each.function for each in results}),
            seconds=record["seconds"],
            stopped="" if record["trouble"] else _stopped(results),
        )

    def _without(
        self,
        student: Student,
        outcome: str,
        trouble: str,
        submission: Submission | None = None,
        attempts: int = 0,
    ) -> Mark:
        late = Lateness()
        points = self._points(student, (), late)
        return Mark(
            student, self.chapter, points, late, outcome, trouble, submission, attempts=attempts
        )

    def _points(
        self, student: Student, results: tuple[Result, ...], late: Lateness
    ) -> ChapterPoints:
        own = [each for each in self.settings.overrides if each.student == student.id]
        return points_for(self.about, results, late, self.settings, own, self.free)

    def _free(self) -> frozenset[str]:
        """Return the tests that a program passes which does nothing, if that was graded."""
        key = self._versions.key(digest_of(nothing(self.chapter)))
        line = self._store.judgement(key)
        return for_nothing(results_of(self._store.read(line)["results"])) if line else frozenset()

    def _record(self, key: str) -> Mapping[str, Any]:
        line = self._store.judgement(key)
        assert line
        return self._store.read(line)


def attempts_by_student(
    submissions: Iterable[Submission], store: Store, settings: Settings
) -> dict[tuple[str, str], list[Submission]]:
    """Return the attempts of each student at each chapter, in order, and write down new ones.

    With `attempt = "best"`, what was handed in for an earlier run counts too.
    """
    found: dict[tuple[str, str], list[Submission]] = {}
    students: dict[str, Student] = {}
    listed = sorted(submissions, key=_when)
    for each in listed:
        students[each.student.id] = each.student
        if each.digest:
            store.append_attempt(_attempt(each))
    if settings.attempt == "best":
        current = {(each.student.id, each.chapter, each.digest) for each in listed}
        for record in store.attempts:
            earlier = _earlier(record, students)
            if earlier and (earlier.student.id, earlier.chapter, earlier.digest) not in current:
                found.setdefault((earlier.student.id, earlier.chapter), []).append(earlier)
    for each in listed:
        found.setdefault((each.student.id, each.chapter), []).append(each)
    for attempts in found.values():
        # What cannot be used counts only when there is nothing else.
        usable = [each for each in attempts if each.digest]
        attempts[:] = usable or attempts[-1:]
    return found


def with_ids(settings: Settings, students: Iterable[Student]) -> Settings:
    """Return the settings with students' ids in place of the names by which a page shows them."""
    listed = [*students]
    known = {student.id for student in listed}

    def id_of(name: str) -> str:
        fitting = [] if name in known else [each.id for each in listed if is_called(each, name)]
        return fitting[0] if len(fitting) == 1 else name

    return replace(
        settings,
        extensions={id_of(name): when for name, when in settings.extensions.items()},
        overrides=tuple(replace(e, student=id_of(e.student)) for e in settings.overrides),
    )


def unknown_names(
    settings: Settings, students: Iterable[Student], ours: Sequence[About]
) -> list[str]:
    """Return a sentence for each override or extension that nobody and nothing here fits."""
    known = {student.id for student in students}
    tasks = {task.id: task.points for about in ours for task in about.tasks}
    named = [*settings.extensions, *(each.student for each in settings.overrides)]
    found = [
        f"class.toml names the student {name!r}, who is not here.{_most_alike(name, known)}"
        for name in dict.fromkeys(named)
        if name not in known
    ]
    for override in settings.overrides:
        if "." in override.task and override.task not in tasks and _is_ours(override, ours):
            found.append(f"class.toml overrides task {override.task}, which does not exist.")
        most = tasks.get(override.task, override.points)
        if settings.points is None and override.points > most:
            found.append(
                f"class.toml gives {override.student} {written(override.points)} points for task "
                f"{override.task}, which is worth {most}."
            )
    return found


def _is_ours(override: Override, ours: Sequence[About]) -> bool:
    chapter = override.task.partition(".")[0]
    return any(about.tasks[0].id.partition(".")[0] == chapter for about in ours)


def _most_alike(name: str, known: Iterable[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, known, 1)
    return f" Is it {close[0]!r}?" if close else ""


def _stopped(results: Sequence[Result]) -> str:
    summary = summarize(results)
    first = summary and summary.first
    if not first or not first.diagnostic or not first.before_anybody:
        return ""
    return " ".join(first.diagnostic.headline.split())[:200]


def _when(submission: Submission) -> tuple[int, float]:
    when = submission.handed_in
    return submission.order, when.timestamp() if when else 0.0


def _attempt(submission: Submission) -> dict[str, Any]:
    when = submission.handed_in
    return {
        "student": submission.student.id,
        "chapter": submission.chapter,
        "file": submission.digest,
        "handed_in": when.isoformat() if when else None,
        "notes": [*submission.notes],
    }


def _earlier(record: dict[str, Any], students: Mapping[str, Student]) -> Submission | None:
    student = students.get(record["student"])
    if student is None:
        return None
    when = record["handed_in"]
    return Submission(
        student=student,
        chapter=record["chapter"],
        digest=record["file"],
        notes=tuple(record["notes"]),
        handed_in=datetime.fromisoformat(when) if when else None,
        order=-1,
    )
