"""A class in one chapter at a glance: what failed, why, how often, and who is alike.

Made while the results are read once, submission by submission. Of each cause one example is kept,
and nothing else of the conversations.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from classroom.known_mistakes import KnownMistake, read_known_mistakes, resembled
from classroom.marks import MISSING, NOT_GRADED, REFUSED, Mark
from classroom.roster import Student
from classroom.similarity import Features, Pair, features, similar
from course import Chapter
from course.tasks import About
from grader.hints import fitting_mistake
from grader.report import FAILED, NOT_WRITTEN, PASSED, WAITS, Result, easiest_first, summarize

_QUESTION = re.compile(r"A question for the class: (.+?)(?:\n\n|</details>|\Z)", re.DOTALL)


@dataclass
class Cause:
    """One reason why submissions failed, and whose. `example` is a failure to look at together."""

    title: str
    kind: str  # "known mistake", or what else it is
    task: str = ""
    hint: str = ""
    students: list[Student] = field(default_factory=list)
    example: Result | None = None


@dataclass
class TestRow:
    """One test: its rule as a sentence, and how many submissions did not pass it."""

    function: str
    task: str
    sentence: str
    rule: str
    is_hidden: bool = False
    failed: int = 0


@dataclass
class Overview:
    """What the page of a class shows. `cells` has each student's verdict on each test."""

    chapter: Chapter
    about: About
    marks: list[Mark] = field(default_factory=list)
    tests: dict[str, TestRow] = field(default_factory=dict)
    causes: dict[str, Cause] = field(default_factory=dict)
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    question: str = ""

    @property
    def graded(self) -> list[Mark]:
        """The marks behind which there are results."""
        return [mark for mark in self.marks if mark.key]

    @property
    def by_frequency(self) -> list[Cause]:
        """The causes, the most common first."""
        return sorted(self.causes.values(), key=lambda cause: (-len(cause.students), cause.title))

    def without_a_result(self, outcome: str) -> list[Student]:
        """Return the students whose submission has this outcome."""
        return [mark.student for mark in self.marks if mark.outcome == outcome]


class OverviewMaker:
    """Is shown each mark once, with its results and source, and then makes the overview."""

    def __init__(self, chapter: Chapter, about: About) -> None:
        self.overview = Overview(chapter, about, question=_question(chapter))
        self.known = read_known_mistakes(chapter)
        self._public = rules(chapter)
        self._features: dict[str, Features] = {}
        self._ours = _text(chapter.solution)
        self._known = features(_text(chapter.starter)) | features(self._ours)

    def add(self, mark: Mark, results: Sequence[Result], source: str) -> KnownMistake | None:
        """Take in one mark, and return the known mistake that it resembles."""
        overview = self.overview
        overview.marks.append(mark)
        if mark.outcome in (MISSING, NOT_GRADED, REFUSED):
            return None
        overview.cells[mark.student.id] = verdicts_by_test(results)
        for result in sorted(results, key=easiest_first):
            self._row(result)
        for function, verdict in overview.cells[mark.student.id].items():
            overview.tests[function].failed += verdict != PASSED
        self._features[mark.student.id] = features(source) - self._known
        if mark.is_passed:
            return None
        mistake = resembled(results, source, self.known, self._ours)
        self._add_cause(mark, results, mistake)
        return mistake

    def finish(self) -> Overview:
        """Compare the submissions with each other, and return the overview."""
        self.overview.pairs = similar(self._features)
        return self.overview

    def is_hidden(self, function: str) -> bool:
        """Return whether a test is one of the teacher's own."""
        return function not in self._public

    def _row(self, result: Result) -> None:
        if result.function not in self.overview.tests:
            self.overview.tests[result.function] = TestRow(
                function=result.function,
                task=result.task,
                sentence=result.test,
                rule=self._public.get(result.function, ""),
                is_hidden=self.is_hidden(result.function),
            )

    def _add_cause(
        self, mark: Mark, results: Sequence[Result], mistake: KnownMistake | None
    ) -> None:
        cause = self._cause(mark, results, mistake)
        kept = self.overview.causes.setdefault(cause.title, cause)
        kept.students.append(mark.student)
        kept.hint = kept.hint or cause.hint

    def _cause(self, mark: Mark, results: Sequence[Result], mistake: KnownMistake | None) -> Cause:
        if mark.outcome != "graded":
            return Cause(f"It {mark.outcome}.", mark.outcome)
        summary = summarize(results)
        assert summary  # something did not pass
        first = summary.first
        hint = self._hint(first)
        if mistake:
            return Cause(mistake.mistake, "known mistake", mistake.task, hint, example=first)
        if first.verdict in (NOT_WRITTEN, WAITS):
            return Cause(f"Task {first.task} is not written yet.", NOT_WRITTEN, first.task)
        if first.before_anybody:
            return Cause("The server does not start.", "did not start", first.task, hint)
        title = f"Something else fails: {first.test}."
        return Cause(title, "not a known mistake", first.task, hint, example=first)

    def _hint(self, result: Result) -> str:
        task = next((each for each in self.overview.about.tasks if each.id == result.task), None)
        known = task and fitting_mistake(task, f"{result.test} {result.text}")
        return known.hint if known else ""


def verdicts_by_test(results: Iterable[Result]) -> dict[str, str]:
    """Return the worst verdict of each test over its worlds, in the order of the results."""
    worst = (FAILED, NOT_WRITTEN, WAITS, PASSED)
    found: dict[str, str] = {}
    for result in sorted(results, key=easiest_first):
        before = found.get(result.function, PASSED)
        found[result.function] = min(before, result.verdict, key=worst.index)
    return found


def rules(chapter: Chapter) -> dict[str, str]:
    """Return the rule of each test that students may know, by the test's name."""
    tree = ast.parse(chapter.test.read_text(encoding="utf-8"))
    return {
        node.name: " ".join((ast.get_docstring(node) or "").split())
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def _text(file: Path) -> str:
    """Return the text of a file; "" for one that an edition leaves out."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""


def _question(chapter: Chapter) -> str:
    """Return the question for the class that the chapter's page suggests, or ""."""
    found = _QUESTION.search(_text(chapter.page))
    return " ".join(found[1].split()) if found else ""
