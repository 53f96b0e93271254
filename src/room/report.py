"""What became of each task, as text: the same on the command line and in a notebook.

A task is passed when every test of it passed, in every world. The first thing to mend is told in
full; what else went wrong gets a line each, because it often goes away with the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from simnet import Event

PASSED = "passed"
FAILED = "failed"
NOT_WRITTEN = "not written yet"


class Result(NamedTuple):
    """One test in one world. `verdict` is PASSED, FAILED or NOT_WRITTEN; `text` says why not."""

    task: str  # "3.1"
    title: str  # of the task
    test: str  # "a newcomer is announced"
    world: str  # "in-process", "child" or "tls"
    verdict: str
    seed: int = 0  # the first that failed
    line: int = 0  # of the test in its file: the easier tests come first
    text: str = ""
    kind: str = ""  # of the `WorldFailure`, when the program broke: "syntax", "hang"...
    printed: str = ""  # by the program
    code: str = ""  # of the test; only from workbook.grade
    events: tuple[Event, ...] = ()  # the conversation; only from workbook.grade


def report(results: Iterable[Result]) -> str:
    """The verdict on each task, in order, then what to mend first, then what else failed."""
    listed = sorted(results, key=easiest_first)
    if not listed:
        return "No test was run."
    wrong = [result for result in listed if result.verdict != PASSED]
    sections = [_table(listed), *_first(wrong), _the_rest(wrong)]
    return "\n\n".join(filter(None, sections))


def verdicts(results: Iterable[Result]) -> dict[str, str]:
    """Each task's verdict, in the order of the tasks."""
    found: dict[str, set[str]] = {}
    for result in sorted(results, key=easiest_first):
        found.setdefault(result.task, set()).add(result.verdict)
    worst_first = (NOT_WRITTEN, FAILED, PASSED)
    return {
        task: next(verdict for verdict in worst_first if verdict in of_it)
        for task, of_it in found.items()
    }


def easiest_first(result: Result) -> tuple[tuple[int, ...], int, int]:
    """What results are sorted by: the first one that is not passed is told in full."""
    worlds = ("in-process", "child", "tls")
    world = worlds.index(result.world) if result.world in worlds else len(worlds)
    return place_of(result.task), world, result.line


def place_of(task: str) -> tuple[int, ...]:
    """A task's id as what it is sorted by: 3.10 comes after 3.9."""
    return tuple(int(number) for number in task.split("."))


def _table(results: Sequence[Result]) -> str:
    titles = {result.task: result.title for result in results}
    judged = verdicts(results)
    number, verdict = max(map(len, judged)), max(map(len, judged.values()))
    lines = [
        f"Task {task:<{number}}  {judged[task]:<{verdict}}  {titles[task]}".rstrip()
        for task in judged
    ]
    passed = sum(1 for verdict_of_it in judged.values() if verdict_of_it == PASSED)
    tasks = "1 task" if len(judged) == 1 else f"{len(judged)} tasks"
    return "\n".join([*lines, f"{passed} of {tasks} passed."])


def _first(wrong: Sequence[Result]) -> list[str]:
    if not wrong:
        return []
    first = wrong[0]
    if first.verdict == NOT_WRITTEN:
        return [first.text]
    where = {"in-process": "", "child": "", "tls": " over TLS"}.get(first.world, "")
    return [f"{_capital(first.test)} (task {first.task}{where}, seed {first.seed}):", first.text]


def _the_rest(wrong: Sequence[Result]) -> str:
    """The other tests that failed, once each, whatever the number of worlds they failed in."""
    others = {(each.task, each.test): each for each in reversed(wrong) if each.verdict == FAILED}
    for first in wrong[:1]:
        others.pop((first.task, first.test), None)
    lines, alike = [], 0
    for each in reversed(others.values()):
        if _headline(each) == _headline(wrong[0]):
            alike += 1
        else:
            lines.append(f"  {each.task}  {each.test}")
    told = ["\n".join(["Failed as well:", *lines])] if lines else []
    if alike:
        tests = "1 more test fails" if alike == 1 else f"{alike} more tests fail"
        told.append(f"{tests} for the same reason.")
    return "\n\n".join(told)


def _headline(result: Result) -> str:
    return result.text.partition("\n\n")[0]


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
