"""The same results for other programs: Gradescope, Classroom 50 and nbgrader.

Gradescope reads `results.json` ("Autograder Specifications" in its documentation), Classroom 50 a
`classroom50/result/v1`, and nbgrader's users the CSV file that its `export` writes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from classroom.escaping import cell, fenced
from classroom.marks import GRADED, REFUSED, Mark
from classroom.outputs.results_csv import notes_on
from classroom.points import written
from grader.report import PASSED, Result, headline

LONGEST = 4000  # characters of one test's output

_NBGRADER = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


def gradescope(mark: Mark, results: Sequence[Result], hidden: frozenset[str]) -> str:
    """Return Gradescope's results.json for one submission.

    Each task is worth its points. Its tests are listed without points of their own: `hidden` are
    the teacher's, and students never see them.
    """
    tests = [_task(task.task, task.title, task.points, task.most) for task in mark.points.tasks]
    tests += [_test(result, result.function in hidden) for result in results]
    return _json(
        {
            "score": mark.points.points,
            "execution_time": round(mark.seconds),
            "output": "\n".join([*_outcome(mark), *notes_on(mark)]),
            "output_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "tests": tests,
            "extra_data": {"isolation": mark.level, "outcome": mark.outcome, "key": mark.key},
        }
    )


def classroom50(mark: Mark, when: datetime) -> str:
    """Return Classroom 50's result for one submission.

    Its scores are whole numbers, and the tests' have to add up to the whole.
    """
    points = mark.points
    mosts = whole_numbers([task.most for task in points.tasks])
    # Lateness, and points that the teacher has set, are shared out among the tasks.
    share = points.points / points.earned if points.earned else 0.0
    tests: list[dict[str, Any]] = [
        {
            "test-name": f"task {task.task}: {task.title}",
            "passed": task.verdict == PASSED,
            "score": round(most * task.points / task.most * share) if task.most else 0,
            "max-score": most,
        }
        for task, most in zip(points.tasks, mosts, strict=True)
    ]
    if points.points and not points.earned:
        for test in tests:
            test["score"] = round(test["max-score"] * points.points / points.most)
    return _json(
        {
            "schema": "classroom50/result/v1",
            "assignment": mark.chapter.name,
            "owner": mark.student.id,
            "datetime": _handed_in(mark) or when.isoformat(timespec="seconds"),
            "graded_at": when.isoformat(timespec="seconds"),
            "score": sum(test["score"] for test in tests),
            "max-score": sum(mosts),
            "tests": tests,
        }
    )


def whole_numbers(values: Sequence[float]) -> list[int]:
    """Return whole numbers close to these, whose sum is that of these, rounded."""
    found = [int(value) for value in values]
    by_rest = sorted(range(len(values)), key=lambda place: found[place] - values[place])
    for place in by_rest[: round(sum(values)) - sum(found)]:
        found[place] += 1
    return found


def nbgrader_csv(marks: Sequence[Mark]) -> str:
    """Return the CSV file that `nbgrader export` would write."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_NBGRADER)
    for mark in marks:
        points, student = mark.points, mark.student
        first, _, last = student.name.rpartition(" ")
        due = mark.late.due
        writer.writerow(
            [
                mark.chapter.name,
                due.isoformat(sep=" ") if due else "",
                _handed_in(mark),
                *map(cell, (student.id, last, first, student.email)),
                written(points.earned),
                written(max(0.0, points.earned * mark.late.percent / 100)),
                written(points.points),
                written(points.most),
            ]
        )
    return text.getvalue()


def _outcome(mark: Mark) -> list[str]:
    if mark.outcome == GRADED:
        return []
    if mark.outcome == REFUSED:
        return ["What was handed in could not be used."]
    return [f"The grading {mark.outcome}."]


def _task(task: str, title: str, points: float, most: float) -> dict[str, Any]:
    return {
        "name": f"Task {task}: {title}",
        "score": round(points, 2),
        "max_score": round(most, 2),
        "visibility": "visible",
    }


def _test(result: Result, is_hidden: bool) -> dict[str, Any]:
    passed = result.verdict == PASSED
    over_tls = " (over TLS)" if result.world == "tls" else ""
    return {
        "name": f"{result.task}: {result.test}{over_tls}" if passed else headline(result),
        "status": "passed" if passed else "failed",
        "output": fenced(result.text[:LONGEST]) if result.text else "",
        "output_format": "md",
        "visibility": "hidden" if is_hidden else "visible",
    }


def _handed_in(mark: Mark) -> str:
    when = mark.submission and mark.submission.handed_in
    return when.isoformat(sep=" ", timespec="seconds") if when else ""


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=True) + "\n"
