"""Grades what one student has handed in for one chapter, in a bundle made by `bundle.py`."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from classroom.errors import ClassError, Refusal
from classroom.grading import job_for
from classroom.intake.folder import entries_in
from classroom.intake.pick import Picked, pick, unpacked
from classroom.late import Lateness
from classroom.marks import REFUSED, Mark
from classroom.nothing import for_nothing, nothing
from classroom.points import points_for
from classroom.roster import Student
from classroom.settings import Settings, read_settings
from classroom.submission import Submission, digest_of
from classroom.versions import hidden_tests, tests_in, versions_of
from course import Chapter, SourceError, all_chapters
from course.tasks import read_tasks
from grader.report import PASSED, Result, easiest_first
from isolation import Judgement, Level, best_level, judge
from isolation.job import BROKE

LEAST = Level.USER
"""No service grades at a lower level: its students' programs could write their own results."""

DEADLINE = 300.0  # seconds; a service's machine may be slow
SETTINGS = "class.toml"


@dataclass(frozen=True)
class Graded:
    """What became of one submission. `hidden` has the names of the teacher's own tests."""

    mark: Mark
    results: tuple[Result, ...]
    hidden: frozenset[str]

    @property
    def is_our_fault(self) -> bool:
        """Whether the judge itself failed, so that the mark says nothing about the program."""
        return self.mark.outcome == BROKE

    def why(self, task: str) -> str:
        """Return why a task has not passed, for the student; "" if it has, or nobody knows."""
        failed = [each for each in self.results if each.task == task and each.verdict != PASSED]
        shown = sorted((e for e in failed if e.function not in self.hidden), key=easiest_first)
        if shown:
            return f"{shown[0].test}\n\n{shown[0].text}".strip()
        return "A test that you cannot see has failed." if failed else self.mark.trouble


def grade_one(bundle: Path, submission: Path, level: Level | None = None) -> Graded:
    """Grade the one chapter of a bundle in the folder of a submission.

    `level` is for tests; otherwise it is the best one here. Raises `ClassError` for a bundle that
    is not complete, and for a machine that cannot keep the program from its judge.
    """
    chapter, settings = _contents(bundle)
    level = best_level() if level is None else level
    if level < LEAST:
        raise ClassError(
            f"This machine cannot keep a program away from its judge: {level.value} is the best "
            f"level here, and {LEAST.value} is needed. In a container, be root."
        )
    picked = _picked(chapter, submission)
    free: frozenset[str] = frozenset()
    if picked.problem:
        judgement = Judgement(level, (), REFUSED, picked.problem, 0.0)
    else:
        with tempfile.TemporaryDirectory(prefix="submission-") as folder:
            file = Path(folder) / f"{chapter.name}.py"
            file.write_bytes(picked.source)
            judgement = judge(job_for(chapter, settings, file, DEADLINE), level)
            free = _free(chapter, settings, level, file) if settings.partial_credit else free
    mark = _mark(chapter, settings, picked, judgement, free)
    return Graded(mark, judgement.results, _hidden(chapter, settings))


def _contents(bundle: Path) -> tuple[Chapter, Settings]:
    chapters = all_chapters(bundle)
    if len(chapters) != 1:
        raise ClassError(f"{bundle} has {len(chapters)} chapters, and a bundle has one.")
    return chapters[0], read_settings(bundle / SETTINGS)


def _picked(chapter: Chapter, submission: Path) -> Picked:
    try:
        return pick(chapter, unpacked(entries_in(submission)), only_chapter=True)
    except (Refusal, OSError) as refusal:
        return Picked(problem=str(refusal))


def _free(chapter: Chapter, settings: Settings, level: Level, file: Path) -> frozenset[str]:
    """Return the tests that a program passes which does nothing. It takes the place of `file`."""
    file.write_bytes(nothing(chapter))
    return for_nothing(judge(job_for(chapter, settings, file, DEADLINE), level).results)


def _mark(
    chapter: Chapter,
    settings: Settings,
    picked: Picked,
    judgement: Judgement,
    free: frozenset[str],
) -> Mark:
    try:
        about = read_tasks(chapter)
    except (OSError, SourceError) as error:
        raise ClassError(str(error)) from None
    nobody, digest = Student(""), digest_of(picked.source)
    return Mark(
        student=nobody,  # the service knows, and we do not ask
        chapter=chapter,
        points=points_for(about, judgement.results, Lateness(), settings, (), free),
        late=Lateness(),
        outcome=judgement.outcome,
        trouble=judgement.trouble,
        submission=Submission(nobody, chapter.name, digest, notes=picked.notes),
        level=judgement.level.value,
        key=versions_of(chapter, settings).key(digest),
        attempts=1,
        seconds=judgement.seconds,
    )


def _hidden(chapter: Chapter, settings: Settings) -> frozenset[str]:
    """Return the names of the tests that only the teacher has."""
    file = hidden_tests(chapter, settings)
    if file is None:
        return frozenset()
    return frozenset(test.name for test in tests_in(file))
