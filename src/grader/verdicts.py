"""Decides each task's verdict, so that it does not depend on the other tasks.

A conversation passes through several tasks, so a mistake in one of them can fail the tests of
another. A task is never called wrong because of that, and never right because something else is
missing. It *waits* for the other task instead.

Each test was judged by itself (run_test.py): if it needs a task that is not written yet, it waits.
Once all tests of a chapter have run, we decide which task is to blame for a failed test that passes
through several tasks:

1. A failed test that passes through no other failing task can only blame its own task.
2. If we know which line of the learner failed, the task that contains it is to blame, provided that
   our solution reaches that task too. An earlier wrong task takes precedence: a missing `await`
   fails only where the result is used.
3. A task that passes a test of the first kind, and fails none, is not to blame. Its failed tests
   wait.
4. A task whose failed tests all pass through a task that is to blame waits for that task.
5. If no task is to blame yet, the first failing task is, because the learner writes it first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.report import FAILED, PASSED, WAITS, Result, place_of


def settled(results: Iterable[Result]) -> list[Result]:
    """Return the results. A test that failed because of another task now waits for it."""
    listed = [*results]
    wrong = _wrong_tasks(listed)
    return [_settled(result, wrong) for result in listed]


def _wrong_tasks(results: Sequence[Result]) -> set[str]:
    """Return the tasks that have a mistake of their own."""
    failed = [result for result in results if result.verdict == FAILED]
    failing = {result.task for result in failed} | {_blamed(result) for result in failed} - {""}
    alone = [result for result in results if not _others(result, failing)]
    wrong = {result.task for result in alone if _is_its_own(result)}
    wrong |= {_blamed(result) for result in failed if _is_to_blame(result, wrong)}
    right = {result.task for result in alone if result.verdict == PASSED} - wrong
    for task in sorted(failing - wrong - right, key=place_of):
        if not all(_others(result, wrong) for result in _failed(results, task)):
            wrong.add(task)
    if failing and not wrong:  # each of them is right by itself, but not with the others
        wrong.add(min(failing, key=place_of))
    return wrong


def _blamed(result: Result) -> str:
    """Return the task with the failing line, if our solution reaches it in this test too; or ""."""
    return result.blames if result.blames in result.through else ""


def _is_its_own(result: Result) -> bool:
    return result.verdict == FAILED and _blamed(result) in ("", result.task)


def _is_to_blame(result: Result, wrong: set[str]) -> bool:
    """Return whether the task with the failing line is to blame, and no earlier wrong task."""
    blamed = _blamed(result)
    before = set(result.through) & wrong - {blamed}
    return blamed != "" and all(place_of(other) > place_of(blamed) for other in before)


def _settled(result: Result, wrong: set[str]) -> Result:
    """Let a failure wait for the tasks to blame, unless its own task is one of them."""
    if result.verdict != FAILED:
        return result
    if (blamed := _blamed(result)) in wrong - {result.task}:
        return result._replace(verdict=WAITS, waits_for=(blamed,))
    others = sorted(_others(result, wrong), key=place_of)
    if result.task in wrong or not others:
        return result
    return result._replace(verdict=WAITS, waits_for=tuple(others))


def _failed(results: Iterable[Result], task: str) -> list[Result]:
    return [each for each in results if each.task == task and each.verdict == FAILED]


def _others(result: Result, tasks: set[str]) -> set[str]:
    """Return which of the tasks, except its own, the test passes through."""
    return (set(result.through) & tasks) - {result.task}
