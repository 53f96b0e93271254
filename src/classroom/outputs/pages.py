"""The pages: one for each student, and one for the class. Each is a single file without scripts.

Jinja2 escapes everything that is put into a template. Drawings of conversations come from
room.diagram, which escapes what it draws.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import jinja2
from markupsafe import Markup, escape

from classroom.escaping import file_name
from classroom.marks import MISSING, NOT_GRADED, REFUSED, Mark
from classroom.outputs import charts
from classroom.outputs.results_csv import notes_on
from classroom.overview import Cause, Overview
from classroom.points import written
from classroom.roster import Student
from course.tasks import About
from grader.drawing import drawing_of
from grader.hints import fitting_mistake
from grader.report import FAILED, NOT_WRITTEN, PASSED, WAITS, Result, headline, remarks, summarize
from isolation.job import BROKE
from room.diagram import diagram_of
from room.failure.compare import Comparison
from room.failure.diagnostic import Diagnostic, Excerpt
from room.failure.layout import Paragraph, sections
from room.failure.text import comparison_lines
from room.transcript import transcript

MOST_FAILURES = 3  # shown in full on a student's page
TALK_ABOUT = 3  # mistakes, on Monday


def with_code(text: str) -> Markup:
    """Return text as HTML, with what is in backticks as code."""
    parts = re.split(r"`([^`]+)`", text)
    marked = [
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    ]
    return Markup("").join(marked)


_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("classroom.outputs"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
)
_TEMPLATES.filters["points"] = written
_TEMPLATES.filters["code"] = with_code


@dataclass(frozen=True)
class ChapterOfStudent:
    """What a student's page shows of one chapter. `hidden` are names of the teacher's own tests."""

    mark: Mark
    about: About
    results: tuple[Result, ...]
    hidden: frozenset[str]


def page_name(student: Student) -> str:
    """Return the name of a student's page."""
    return f"{file_name(student.id)}.html"


def student_page(student: Student, chapters: Sequence[ChapterOfStudent], hints: int) -> str:
    """Return a student's page, with at most `hints` hints for each task that failed."""
    return _TEMPLATES.get_template("student.html").render(
        student=student,
        heading=_heading([each.about for each in chapters], [each.mark for each in chapters]),
        parts=[_part_of_student(each, hints) for each in chapters],
        how=_how([each.mark for each in chapters]),
    )


def class_page(title: str, overviews: Sequence[Overview], pages: Mapping[str, str]) -> str:
    """Return the page of a class. `pages` has the address of each student's page."""
    marks = [mark for overview in overviews for mark in overview.marks]
    return _TEMPLATES.get_template("class.html").render(
        title=title,
        heading=_heading([each.about for each in overviews], [each.marks[0] for each in overviews]),
        parts=[_part_of_class(each, pages) for each in overviews],
        pages=pages,
        shown={mark.student.id: mark.student.shown for mark in marks},
        share=charts.share,
        how=_how(marks),
    )


def _heading(abouts: Sequence[About], marks: Sequence[Mark]) -> str:
    if len(abouts) == 1:
        return f"Chapter {marks[0].chapter.number}: {abouts[0].title}"
    return f"Chapters {', '.join(str(mark.chapter.number) for mark in marks)}"


def _part_of_student(part: ChapterOfStudent, hints: int) -> dict[str, Any]:
    mark = part.mark
    public = [each for each in part.results if each.function not in part.hidden]
    summary = summarize(public)
    failures: list[Result] = []
    others: list[str] = []
    if summary:
        listed = [summary.first, *summary.others]
        failures = listed[:MOST_FAILURES]
        others = [f"{each.test} (task {each.task})" for each in listed[MOST_FAILURES:]]
    return {
        "mark": mark,
        "about": part.about,
        "headline": _headline(mark),
        "when": _when(mark),
        "notes": [*notes_on(replace(mark, stopped="")), *remarks(part.results)],
        "failures": [_failure(each) for each in failures],
        "others": others,
        "alike": summary.alike_in_words() if summary and summary.alike else "",
        "hidden": _hidden(part),
        "hints": _hints(part, public, hints),
    }


def _headline(mark: Mark) -> str:
    if mark.outcome in (MISSING, NOT_GRADED):
        return f"{mark.outcome[:1].upper()}{mark.outcome[1:]}."
    if mark.outcome == REFUSED:
        return "What was handed in could not be used:"
    if mark.outcome != "graded":
        return f"The grading {mark.outcome}."
    return "Everything is right." if mark.is_passed else ""


def _when(mark: Mark) -> str:
    """Return when it was handed in and due, as far as that is known."""
    said = []
    if mark.submission and mark.submission.handed_in:
        said.append(f"Handed in on {_day(mark.submission.handed_in)}.")
    if mark.late.due:
        extended = ", with your extension" if mark.late.has_extension else ""
        said.append(f"Due on {_day(mark.late.due)}{extended}.")
    if mark.attempts > 1:
        said.append(f"You handed in {mark.attempts} times.")
    return " ".join(said)


def _day(when: datetime) -> str:
    return f"{when:%A}, {when.day} {when:%B} {when.year}, {when:%H:%M %Z}".rstrip()


def _hidden(part: ChapterOfStudent) -> str:
    """Return how many of the teacher's own tests failed, and nothing else of them."""
    failed = {each.function for each in part.results if each.verdict != PASSED} & part.hidden
    if not failed:
        return ""
    tests = "1 test" if len(failed) == 1 else f"{len(failed)} tests"
    return f"Your teacher has more tests, which are not shown. {tests} of them did not pass."


def _hints(part: ChapterOfStudent, public: Sequence[Result], most: int) -> list[dict[str, str]]:
    """Return the hints for each task that failed: the one for a known mistake first."""
    found = []
    for task in part.about.tasks if most else ():
        wrong = [each for each in public if each.task == task.id and each.verdict != PASSED]
        if not wrong:
            continue
        texts = (f"{each.test} {each.text}" for each in wrong if each.verdict == FAILED)
        known = fitting_mistake(task, next(texts, ""))
        listed = [*([known.hint] if known else []), *task.hints][:most]
        found += [
            {"title": f"Hint {number} for task {task.id}", "text": text}
            for number, text in enumerate(listed, start=1)
        ]
    return found


def _failure(result: Result) -> dict[str, Any]:
    title = headline(result)
    if result.before_anybody:
        title = "The server did not start"
    elif result.verdict in (NOT_WRITTEN, WAITS):
        title = f"Task {result.task}: {result.verdict}"
    return {
        "title": title,
        "sections": _sections(result),
        "drawing": _drawing(result),
        "words": transcript(result.events),
    }


def _drawing(result: Result) -> Markup:
    return Markup(diagram_of(drawing_of(result)).svg) if result.events else Markup()


def _sections(result: Result) -> list[list[dict[str, str]]]:
    """Return why a test failed, as the templates show it.

    The command for a hint is left out, and so is the conversation if there is a drawing of it.
    """
    diagnostic = replace(result.diagnostic or Diagnostic(), hint="")
    if result.events:
        diagnostic = replace(diagnostic, conversation=Excerpt())
    return [[_block(block) for block in section] for section in sections(diagnostic)]


def _block(block: object) -> dict[str, str]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "label": block.label, "text": block.text}
    if isinstance(block, Comparison):
        return {"kind": "comparison", "text": "\n".join(comparison_lines(block))}
    lines: Any = block
    return {"kind": "lines", "title": lines.title, "text": "\n".join(lines.lines)}


def _part_of_class(overview: Overview, pages: Mapping[str, str]) -> dict[str, Any]:
    graded = overview.graded
    values = [mark.points.points for mark in graded]
    most = overview.marks[0].points.most
    talk = [cause for cause in overview.by_frequency if cause.kind != NOT_WRITTEN]
    talk = [cause for cause in talk if len(cause.students) > 1] or talk
    return {
        "overview": overview,
        "passed": sum(mark.is_passed for mark in graded),
        "right": [mark.student for mark in graded if mark.is_passed],
        "mean": statistics.fmean(values) if values else 0.0,
        "median": statistics.median(values) if values else 0.0,
        "most": most,
        "missing": overview.without_a_result(MISSING),
        "refused": [mark for mark in overview.marks if mark.outcome == REFUSED],
        "unfinished": [mark for mark in overview.marks if mark.outcome in (NOT_GRADED, BROKE)],
        "histogram": charts.histogram(values, most),
        "talk": [_talk(cause, overview) for cause in talk[:TALK_ABOUT]],
        "tasks": _tasks(overview),
        "grid": charts.grid(overview, pages),
    }


def _talk(cause: Cause, overview: Overview) -> dict[str, Any]:
    example = cause.example
    row = overview.tests.get(example.function) if example else None
    return {
        "title": cause.title,
        "students": cause.students,
        "hint": cause.hint,
        "rule": row.rule if row else "",
        "sections": _sections(example) if example else [],
        "drawing": _drawing(example) if example else Markup(),
    }


def _tasks(overview: Overview) -> list[dict[str, Any]]:
    verdicts = [task for mark in overview.graded for task in mark.points.tasks]
    return [
        {
            "id": task.id,
            "title": task.title,
            "failed": sum(each.task == task.id and each.verdict != PASSED for each in verdicts),
        }
        for task in overview.about.tasks
    ]


def _how(marks: Sequence[Mark]) -> str:
    """Return how programs were held while they were graded."""
    levels = sorted({mark.level for mark in marks if mark.level})
    return f"Graded with isolation: {', '.join(levels)}." if levels else ""
