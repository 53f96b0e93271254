"""Whose score changed since the file was graded before, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from classroom.late import Lateness
from classroom.marks import Mark, Marker
from classroom.points import points_for, written
from classroom.store import Store
from classroom.trimmed import results_of
from grader.report import PASSED, Result
from isolation.job import BROKE


def changes(
    marks: Iterable[Mark], markers: Sequence[Marker], store: Store, since: int
) -> list[str]:
    """Return a line for each submission that was graded again in this run with another outcome.

    `since` is where the results ended when this run began, or the regrade that it continues.
    Lateness and overrides are left out: this is about what the tests say.
    """
    by_chapter = {marker.chapter.name: marker for marker in markers}
    lines = []
    for mark in marks:
        if not mark.key or not mark.submission:
            continue
        marker = by_chapter[mark.chapter.name]
        judged = store.earlier(mark.chapter.name, mark.submission.digest)
        earlier = [line for line in judged if line.outcome != BROKE]  # that says nothing of a file
        if len(earlier) < 2 or earlier[-1].offset < since:
            continue
        before, now = store.read(earlier[-2]), store.read(earlier[-1])
        was, has = results_of(before["results"]), results_of(now["results"])
        points_before, points_now = (_points(marker, results) for results in (was, has))
        if points_before == points_now and _failed(was) == _failed(has):
            continue
        lines.append(
            f"{mark.student.shown}, chapter {mark.chapter.number}: {written(points_before)} -> "
            f"{written(points_now)} points. {_why(before, now)} {_what(was, has)}".rstrip()
        )
    return lines


def _points(marker: Marker, results: tuple[Result, ...]) -> float:
    return points_for(marker.about, results, Lateness(), marker.settings, (), marker.free).points


def _failed(results: Iterable[Result]) -> frozenset[str]:
    return frozenset(each.test for each in results if each.verdict != PASSED)


def _what(was: Sequence[Result], has: Sequence[Result]) -> str:
    """Return which tests changed, in words."""
    before, now = _failed(was), _failed(has)
    parts = []
    if worse := sorted(now - before):
        parts.append(f"Now fails: {', '.join(worse)}.")
    if better := sorted(before - now):
        parts.append(f"No longer fails: {', '.join(better)}.")
    return " ".join(parts)


def _why(before: dict[str, object], now: dict[str, object]) -> str:
    """Return what is different about how it was graded."""
    names = {
        "tests": "the tests changed",
        "version": "the workbook changed",
        "seeds": "the number of seeds changed",
        "first_seed": "the seeds changed",
        "level": "the isolation changed",
        "outcome": f"it was {before['outcome']!r}, and now it is {now['outcome']!r}",
    }
    found = [words for name, words in names.items() if before[name] != now[name]]
    if not found:
        return "Nothing else changed. Look at this one: it does not behave the same every time."
    return f"Because {' and '.join(found)}."
