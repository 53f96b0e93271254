"""results.csv: a line for each student and chapter, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from classroom.escaping import cell
from classroom.marks import Mark
from classroom.points import written

_BEFORE = ("student", "name", "section", "chapter")
_AFTER = (
    *("points", "most", "earned", "late_percent", "days_late", "handed_in", "outcome", "isolation"),
    *("attempts", "note"),
)


def results_csv(marks: Sequence[Mark]) -> bytes:
    """Return the marks as CSV in UTF-8, with a mark at the start so that Excel reads it as such."""
    tasks = list(dict.fromkeys(task.task for mark in marks for task in mark.points.tasks))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")  # RFC 4180
    writer.writerow([*_BEFORE, *(f"task {task}" for task in tasks), *_AFTER])
    for mark in marks:
        of_task = {task.task: written(task.points) for task in mark.points.tasks}
        student = mark.student
        before = (student.id, student.name, student.section, mark.chapter.name)
        row = [*map(cell, before), *(of_task.get(task, "") for task in tasks), *_after(mark)]
        writer.writerow(row)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def _after(mark: Mark) -> list[str]:
    points = mark.points
    when = mark.submission and mark.submission.handed_in
    return [
        written(points.points),
        written(points.most),
        written(points.earned),
        written(mark.late.percent),
        str(mark.late.days),
        when.isoformat(sep=" ", timespec="minutes") if when else "",
        mark.outcome,
        mark.level,
        str(mark.attempts),
        cell(" ".join(notes_on(mark))),
    ]


def notes_on(mark: Mark) -> list[str]:
    """Return every remark on a mark, a sentence each."""
    found = [said for said in (mark.trouble, mark.stopped) if said]
    if mark.submission:
        found += [f"{note[:1].upper()}{note[1:]}." for note in mark.submission.notes]
        if mark.submission.is_late and not mark.late.days:
            found.append("The download says that it is late.")
    if mark.late.words:
        found.append(mark.late.words)
    overrides = [task.override for task in mark.points.tasks] + [mark.points.override]
    for override in filter(None, overrides):
        why = f": {override.reason}" if override.reason else ""
        what = "task" if "." in override.task else "chapter"
        found.append(
            f"The teacher set {what} {override.task} to {written(override.points)} points{why}."
        )
    return found
