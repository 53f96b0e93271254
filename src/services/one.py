"""Grades what one student has handed in for one chapter, in a bundle made by `bundle.py`."""

from __future__ import annotations

import ast
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from classroom.errors import ClassError, Refusal
from classroom.intake.folder import entries_in
from classroom.intake.pick import pick, unpacked
from classroom.late import Lateness
from classroom.points import ChapterPoints, TaskPoints, points_for
from classroom.settings import Settings, read_settings
from classroom.versions import WORLDS, hidden_tests, versions_of
from course import Chapter, SourceError, all_chapters
from course.tasks import read_tasks
from grader.report import PASSED, Result, easiest_first
from isolation import Job, Judgement, Level, best_level, judge

LEAST = Level.USER
"""No service grades at a lower level: its students' programs could write their own results."""

DEADLINE = 300.0  # seconds; a service's machine may be slow
SETTINGS = "class.toml"


@dataclass(frozen=True)
class Outcome:
    """What became of one submission. `is_ours` says that the trouble is not the student's.

    `said` has a text for each task that has not passed, by the task's id. It tells nothing of
    hidden tests but that one of them failed.
    """

    points: ChapterPoints
    said: dict[str, str]
    trouble: str
    is_ours: bool
    level: str
    version: str
    seconds: float
    notes: tuple[str, ...] = ()


def grade_one(bundle: Path, submission: Path, level: Level | None = None) -> Outcome:
    """Grade the one chapter of a bundle in the folder of a submission.

    `level` is for tests; otherwise it is the best one here. Raises `ClassError` for a bundle that
    is not complete, and for a machine that cannot keep the program from its judge.
    """
    begun = monotonic()
    chapter, settings = _contents(bundle)
    level = best_level() if level is None else level
    if level < LEAST:
        raise ClassError(
            f"This machine cannot keep a program from its judge: {level.value} is the best level "
            f"here, and {LEAST.value} is needed. In a container, be root."
        )
    try:
        picked = pick(chapter, unpacked(entries_in(submission)), only_chapter=True)
        problem, notes = picked.problem, picked.notes
    except (Refusal, OSError) as refusal:
        problem, notes = str(refusal), ()
    if problem:
        judgement = Judgement(level, (), "", problem, 0.0)
        return _outcome(chapter, settings, judgement, False, notes, begun)
    with tempfile.TemporaryDirectory(prefix="submission-") as folder:
        file = Path(folder) / f"{chapter.name}.py"
        file.write_bytes(picked.source)
        judgement = judge(_job(chapter, settings, file), level)
    return _outcome(chapter, settings, judgement, judgement.outcome == "broke", notes, begun)


def _contents(bundle: Path) -> tuple[Chapter, Settings]:
    chapters = all_chapters(bundle)
    if len(chapters) != 1:
        raise ClassError(f"{bundle} has {len(chapters)} chapters, and a bundle has one.")
    return chapters[0], read_settings(bundle / SETTINGS)


def _job(chapter: Chapter, settings: Settings, file: Path) -> Job:
    return Job(
        root=chapter.root,
        chapter=chapter.name,
        file=file,
        worlds=WORLDS,
        seeds=settings.seeds,
        first_seed=settings.first_seed,
        hidden_tests=hidden_tests(chapter, settings),
        deadline=DEADLINE,
    )


def _outcome(
    chapter: Chapter,
    settings: Settings,
    judgement: Judgement,
    is_ours: bool,
    notes: tuple[str, ...],
    begun: float,
) -> Outcome:
    try:
        about = read_tasks(chapter)
    except (OSError, SourceError) as error:
        raise ClassError(str(error)) from None
    points = points_for(about, judgement.results, Lateness(), settings, ())
    said = {
        task.task: _said(task, judgement.results, _known_tests(chapter))
        for task in points.tasks
        if task.verdict != PASSED
    }
    return Outcome(
        points=points,
        said=said,
        trouble=judgement.trouble,
        is_ours=is_ours,
        level=judgement.level.value,
        version=versions_of(chapter, settings).version,
        seconds=monotonic() - begun,
        notes=notes,
    )


def _said(task: TaskPoints, results: tuple[Result, ...], known: set[str]) -> str:
    """Return why a task has not passed, from its easiest test that the student knows."""
    failed = [each for each in results if each.task == task.task and each.verdict != PASSED]
    shown = sorted((each for each in failed if each.function in known), key=easiest_first)
    if shown:
        return f"{shown[0].test}\n\n{shown[0].text}".strip()
    return "A test that you cannot see has failed." if failed else ""


def _known_tests(chapter: Chapter) -> set[str]:
    """Return the names of the tests that every student has."""
    tree = ast.parse(chapter.test.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
