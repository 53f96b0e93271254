"""The hint for the mistake that is being made, and the hints of a notebook.

A task has hints from a nudge to nearly the answer. It also knows common mistakes: where a failure
says the words of one, the hint for that mistake comes before the others, after every check.
"""

from __future__ import annotations

from collections.abc import Iterable

from course.tasks import Mistake, Task
from grader.report import PASSED, Result, easiest_first
from room.transcript import count


def fitting_mistake(task: Task, said: str) -> Mistake | None:
    """Return the first known mistake of the task whose words are all in what was said.

    Words may be broken into lines anywhere.
    """
    told = _in_one_line(said)
    return next(
        (known for known in task.mistakes if all(_in_one_line(w) in told for w in known.says)),
        None,
    )


class NotebookHints:
    """What the cells of one notebook have been told, for as long as its kernel runs."""

    def __init__(self) -> None:
        self._failures: dict[str, str] = {}  # by task: what its first failure said
        self._shown: dict[str, int] = {}  # by task: how many of its hints
        self._is_fitting_shown: set[str] = set()  # tasks, since they were graded last

    def remember(self, results: Iterable[Result]) -> None:
        """Remember why each task failed: its hint for that comes next."""
        listed = sorted(results, key=easiest_first)
        for result in listed:
            self._failures.pop(result.task, None)
            self._is_fitting_shown.discard(result.task)
        for result in listed:
            if result.verdict != PASSED:
                self._failures.setdefault(result.task, f"{result.test} {result.text}")

    def next(self, task: Task) -> str:
        """Return the hint for the mistake that was made, if it is known, or else the next one."""
        known = fitting_mistake(task, self._failures.get(task.id, ""))
        is_last = self._shown.get(task.id, 0) >= len(task.hints)
        if known and (is_last or task.id not in self._is_fitting_shown):
            self._is_fitting_shown.add(task.id)
            return f"A hint for what went wrong in task {task.id}: {known.hint}"
        if is_last:
            self._shown[task.id] = 0
            return f"You have seen all {count(len(task.hints), 'hint')} for this task."
        self._shown[task.id] = number = self._shown.get(task.id, 0) + 1
        return f"Hint {number} of {len(task.hints)} for task {task.id}: {task.hints[number - 1]}"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
