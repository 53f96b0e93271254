"""What a submission earns: points for each task, from the verdicts and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from classroom.late import Lateness
from classroom.settings import Override, Settings
from course.tasks import About
from grader.report import FAILED, PASSED, Result, verdicts


@dataclass(frozen=True)
class TaskPoints:
    """The points of one task. `passed` of `tests` tests passed, in all worlds.

    With partial credit, tests that a program passes which does nothing are not among them.
    """

    task: str
    title: str
    points: float
    most: float
    verdict: str  # "passed", "failed", "not written yet", "waits for 3.1"
    passed: int = 0
    tests: int = 0
    override: Override | None = None


@dataclass(frozen=True)
class ChapterPoints:
    """The points of a chapter. `points` is after lateness and overrides, `earned` before."""

    tasks: tuple[TaskPoints, ...]
    points: float
    most: float
    earned: float
    override: Override | None = None


def points_for(
    about: About,
    results: Sequence[Result],
    late: Lateness,
    settings: Settings,
    overrides: Sequence[Override],
    free: frozenset[str] = frozenset(),
) -> ChapterPoints:
    """Return what a submission earns in a chapter.

    `free` are the tests that give no partial credit (nothing.py).
    Lateness takes a share of what was earned. An override of a task comes before that, so a late
    student's override costs the same share; an override of the chapter is the last word.
    """
    judged = verdicts(results)
    tasks = [
        _task(
            task.id, task.title, task.points, judged.get(task.id, FAILED), results, settings, free
        )
        for task in about.tasks
    ]
    by_task = {override.task: override for override in overrides}
    if settings.points is not None:
        factor = settings.points / sum(each.most for each in tasks)
        tasks = [_scaled(each, factor) for each in tasks]
    tasks = [_overridden(each, by_task.get(each.task)) for each in tasks]
    earned, most = sum(each.points for each in tasks), sum(each.most for each in tasks)
    points = earned * (100 - late.percent) / 100
    chapter = about.tasks[0].id.partition(".")[0]
    whole = by_task.get(chapter)
    return ChapterPoints(
        tasks=tuple(tasks),
        points=_rounded(whole.points if whole else points),
        most=_rounded(most),
        earned=_rounded(earned),
        override=whole,
    )


def written(points: float) -> str:
    """Return points as text: 20, 17.5, 3.33."""
    return f"{_rounded(points):.2f}".rstrip("0").rstrip(".")


def _task(
    task: str,
    title: str,
    most: int,
    verdict: str,
    results: Sequence[Result],
    settings: Settings,
    free: frozenset[str],
) -> TaskPoints:
    tests: dict[str, bool] = {}
    for result in results:
        if result.task == task and not (settings.partial_credit and result.function in free):
            tests[result.function] = tests.get(result.function, True) and result.verdict == PASSED
    passed = sum(tests.values())
    points = float(most) if results and verdict == PASSED else 0.0
    if settings.partial_credit and tests and verdict != PASSED:
        points = most * passed / len(tests)
    return TaskPoints(task, title, points, most, verdict, passed, len(tests))


def _scaled(task: TaskPoints, factor: float) -> TaskPoints:
    return replace(task, points=task.points * factor, most=task.most * factor)


def _overridden(task: TaskPoints, override: Override | None) -> TaskPoints:
    return replace(task, points=override.points, override=override) if override else task


def _rounded(points: float) -> float:
    return round(points + 1e-9, 2)
