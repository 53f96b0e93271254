"""Reports the verdict on each task as text, the same on the command line and in a notebook.

A task is passed when every test of it passed, in every world. The first thing to fix is shown in
full. What else failed gets a line each, because it often goes away with the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from room.drawing import Sent
from room.failure import Diagnostic, as_text
from room.script import Script
from simnet import Event

PASSED = "passed"
FAILED = "failed"
NOT_WRITTEN = "not written yet"
WAITS = "waits"
"""The task cannot be judged before another one is written or right."""

MOST_OTHERS = 5  # other failed tests that are listed by name


class Result(NamedTuple):
    """The result of one test in one world. `diagnostic` says why it has not passed.

    `verdict` is PASSED, FAILED, NOT_WRITTEN or WAITS.
    """

    task: str  # "3.1"
    title: str  # of the task
    test: str  # "a newcomer is announced"
    world: str  # "in-process", "child" or "tls"
    verdict: str
    seed: int = 0  # the first that failed, or the last
    line: int = 0  # of the test in its file: the easier tests come first
    diagnostic: Diagnostic | None = None  # of a test that has not passed
    remark: str = ""  # on the file as a whole: why fewer seeds were tried
    printed: str = ""  # by the program
    function: str = ""  # "test_a_newcomer_is_announced"
    reached: tuple[str, ...] = ()  # tasks that are not written, and that the test reached
    through: tuple[str, ...] = ()  # tasks that our solution enters in this test
    blames: str = ""  # the task that contains the line at which the learner's code failed
    waits_for: tuple[str, ...] = ()  # with WAITS: the tasks that come first
    code: str = ""  # of the test; only from workbook.checking.grade
    events: tuple[Event, ...] = ()  # the conversation; only from workbook.checking.grade
    sent: tuple[Sent, ...] = ()  # what the clients of that conversation wrote
    script: Script | None = None  # what makes that conversation again

    @property
    def text(self) -> str:
        """Why the test has not passed, as plain text; "" when it has."""
        return as_text(self.diagnostic) if self.diagnostic else ""

    @property
    def kind(self) -> str:
        """The kind of the `WorldFailure` when the program broke: "syntax", "hang"..."""
        return self.diagnostic.kind if self.diagnostic else ""

    @property
    def before_anybody(self) -> bool:
        """Whether the server did not even start."""
        return self.diagnostic is not None and self.diagnostic.before_anybody


def report(results: Iterable[Result]) -> str:
    """Return the verdict on each task, then what to fix first, then what else failed."""
    listed = sorted(results, key=easiest_first)
    if not listed:
        return "No test was run."
    summary = summarize(listed)
    found = [_table(listed), *remarks(listed), *(_in_words(summary) if summary else [])]
    return "\n\n".join(found)


class Summary(NamedTuple):
    """The failed tests of a check, sorted by how much to show of each."""

    first: Result  # the one to fix first, shown in full
    others: tuple[Result, ...]  # failed for other reasons, one for each test
    alike: tuple[Result, ...]  # failed for the same reason as the first, one for each test

    def alike_in_words(self) -> str:
        """Return a sentence that counts the tests in `alike`."""
        count = len(self.alike)
        tests = "1 more test fails" if count == 1 else f"{count} more tests fail"
        return f"{tests} for the same reason."

    def others_in_words(self) -> list[str]:
        """Return a line for each test in `others`. Beyond MOST_OTHERS they are only counted."""
        shown = [f"  {each.task}  {each.test}" for each in self.others[:MOST_OTHERS]]
        left_out = len(self.others) - len(shown)
        return [*shown, f"  and {left_out} more"] if left_out else shown


def summarize(results: Iterable[Result]) -> Summary | None:
    """Return what to fix first and what else failed, easiest first; None if everything passed.

    A test that failed in several worlds counts once.
    """
    listed = sorted(results, key=easiest_first)
    wrong = [result for result in listed if result.verdict in (FAILED, NOT_WRITTEN)]
    wrong = wrong or [result for result in listed if result.verdict != PASSED]
    if not wrong:
        return None
    first = wrong[0]
    once = {(each.task, each.test): each for each in reversed(wrong) if each.verdict == FAILED}
    once.pop((first.task, first.test), None)
    rest = [*reversed(once.values())]
    return Summary(
        first=first,
        others=tuple(each for each in rest if _cause(each) != _cause(first)),
        alike=tuple(each for each in rest if _cause(each) == _cause(first)),
    )


def remarks(results: Iterable[Result]) -> list[str]:
    """Return the remarks on the file as a whole, each once."""
    return [*dict.fromkeys(result.remark for result in results if result.remark)]


def headline(result: Result) -> str:
    """Return a title such as `A newcomer is greeted (task 2.1 over TLS, seed 0)`."""
    where = " over TLS" if result.world == "tls" else ""
    return f"{_capital(result.test)} (task {result.task}{where}, seed {result.seed})"


def passed_of(verdicts: Mapping[str, str]) -> str:
    """Return a sentence such as `1 of 2 tasks passed.`."""
    passed = sum(1 for verdict in verdicts.values() if verdict == PASSED)
    tasks = "1 task" if len(verdicts) == 1 else f"{len(verdicts)} tasks"
    return f"{passed} of {tasks} passed."


def verdicts(results: Iterable[Result]) -> dict[str, str]:
    """Return each task's verdict, in the order of the tasks."""
    found: dict[str, list[Result]] = {}
    for result in sorted(results, key=easiest_first):
        found.setdefault(result.task, []).append(result)
    return {task: _verdict(of_it) for task, of_it in found.items()}


def _verdict(results: Sequence[Result]) -> str:
    """Return the worst verdict of one task's tests: "passed", "failed", "waits for 3.1"..."""
    given = {result.verdict for result in results}
    worst = next(each for each in (NOT_WRITTEN, FAILED, WAITS, PASSED) if each in given)
    if worst != WAITS:
        return worst
    others = {task for result in results for task in result.waits_for}
    return f"{WAITS} for {', '.join(sorted(others, key=place_of))}"


def easiest_first(result: Result) -> tuple[tuple[int, ...], int, int]:
    """Return a key to sort results by. The first that has not passed is shown in full."""
    worlds = ("in-process", "child", "tls")
    world = worlds.index(result.world) if result.world in worlds else len(worlds)
    return place_of(result.task), world, result.line


def place_of(task: str) -> tuple[int, ...]:
    """Return a key to sort the ids of tasks by: 3.10 comes after 3.9."""
    return tuple(int(number) for number in task.split("."))


def _table(results: Sequence[Result]) -> str:
    titles = {result.task: result.title for result in results}
    judged = verdicts(results)
    number, verdict = max(map(len, judged)), max(map(len, judged.values()))
    lines = [
        f"Task {task:<{number}}  {judged[task]:<{verdict}}  {titles[task]}".rstrip()
        for task in judged
    ]
    return "\n".join([*lines, passed_of(judged)])


def _in_words(summary: Summary) -> list[str]:
    title = [] if summary.first.verdict in (NOT_WRITTEN, WAITS) else [f"{headline(summary.first)}:"]
    lines = summary.others_in_words()
    others = ["\n".join(["Also failed:", *lines])] if lines else []
    alike = [summary.alike_in_words()] if summary.alike else []
    return [*title, summary.first.text, *others, *alike]


def _cause(result: Result) -> object:
    return result.diagnostic and result.diagnostic.cause


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
