"""The chapter's graders on the text in the editor, and hints: what `workbook check` and `hint` do.

The same tests, with the same plugin and the same report. They run in this process, on the simulated
network, because the browser has no other. What the command line tries over TLS is not tried here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from course import Chapter
from course.tasks import Task, read_tasks
from grader.hints import NotebookHints
from grader.report import (
    PASSED,
    Result,
    headline,
    passed_of,
    place_of,
    remarks,
    summarize,
    verdicts,
)
from grader.run import run
from grader.verdicts import settled
from playground.actions import as_action
from playground.as_data import Json, failure_as_data, picture_as_data
from playground.words import in_a_browser
from room.drawing import Missing, draw

OPTIONS = ("--world", "in-process")


class Checker:
    """Grades the chapters of the checkout at `root`, and remembers which hint comes next."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._hints = NotebookHints()

    def check(self, name: str, source: str, tell: Callable[[Json], object]) -> Json:
        """Grade `source` as the chapter's file in work/, and return the report.

        `tell` receives the verdicts so far, after each test.
        """
        chapter = Chapter(self._root, name)
        chapter.work.parent.mkdir(exist_ok=True)
        chapter.work.write_text(source, encoding="utf-8")
        titles = {task.id: task.title for task in read_tasks(chapter).tasks}
        so_far: list[Result] = []

        def note(_place: int, result: Result) -> None:
            so_far.append(result)
            tell({"tasks": _tasks(settled(so_far), titles), "tests": len(so_far)})

        options = ["--file", str(chapter.work), *OPTIONS]
        found = run(chapter.test, self._root, options, listen=note)
        if not (found.has_run and found.results):
            return {"trouble": f"The tests did not run:\n{found.output.strip()}"}
        self._hints.remember(found.results)
        return _report(found.results, titles)

    def hint(self, name: str, task: str) -> str:
        """Return the next hint for a task: first the one for the mistake that was seen, if any."""
        return self._hints.next(_task(Chapter(self._root, name), task))


def _task(chapter: Chapter, wanted: str) -> Task:
    return next(task for task in read_tasks(chapter).tasks if task.id == wanted)


def _tasks(results: Iterable[Result], titles: dict[str, str]) -> list[Json]:
    """Return every task with its verdict, "" while none of its tests has run."""
    judged = verdicts(results)
    return [
        {"id": task, "title": titles[task], "verdict": judged.get(task, "")}
        for task in sorted(titles, key=place_of)
    ]


def _picture(result: Result) -> Json | None:
    """Draw the conversation of a failed test, with what should have come and did not."""
    if not result.events:
        return None
    compared = result.diagnostic.comparison if result.diagnostic else None
    is_data = compared is not None and compared.expected.startswith(('b"', "b'", '"'))
    missing = Missing(compared.who, compared.expected) if compared and is_data else None
    return picture_as_data(draw(result.events, sent=result.sent, missing=missing), result.events)


def _conversation(result: Result) -> Json | None:
    """Return what the clients of a failed test did, for a page that goes on from there."""
    script = result.script
    if script is None or not result.events:
        return None
    actions = [as_action(command) for command in script.asked]
    return {"weather": script.weather, "seed": script.seed, "actions": actions}


def _report(results: tuple[Result, ...], titles: dict[str, str]) -> Json:
    judged, summary = verdicts(results), summarize(results)
    report: Json = {
        "tasks": _tasks(results, titles),
        "sentence": passed_of(judged),
        "passed": all(verdict == PASSED for verdict in judged.values()),
        "remarks": remarks(results),
        "first": None,
        "others": [],
        "alike": "",
    }
    if summary is not None:
        first = summary.first
        report["first"] = {
            "task": first.task,
            "test": first.test,
            "verdict": first.verdict,
            "headline": headline(first),
            "seed": first.seed,
            "line": first.diagnostic.line if first.diagnostic else 0,
            "beforeAnybody": first.before_anybody,
            "failure": failure_as_data(first.diagnostic) if first.diagnostic else None,
            "text": in_a_browser(first.text),
            "picture": _picture(first),
            "conversation": _conversation(first),
        }
        report["others"] = summary.others_in_words()
        report["alike"] = summary.alike_in_words() if summary.alike else ""
    return report
