"""A verdict on each task that does not depend on the other tasks.

A conversation passes through several tasks, so a mistake in one of them can fail the tests of
another. A task is never called wrong because of that, and never right because something else is
missing. It *waits* for the other task instead.

Each test has been judged by itself (run_test.py): where it needs a task that is not written yet, it
waits. What is left to decide, once all tests of a chapter have run, is who is to blame for a test
that failed and passes through several tasks:

1. Where the learner's own line is known that failed, the task that contains it is to blame.
2. A failed test that passes through no other failing task can only blame its own.
3. A task that passes a test of that kind, and fails none, is not to blame: its failed tests wait.
4. A task whose failed tests all pass through one that is to blame waits for that one.
5. What is still open begins with the first of the tasks in the book, because it is written first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.report import FAILED, PASSED, WAITS, Result, place_of


def settled(results: Iterable[Result]) -> list[Result]:
    """Return the results, with those that failed because of another task waiting for it."""
    listed = [_blamed(result) for result in results]
    wrong = _wrong_tasks(listed)
    return [_settled(result, wrong) for result in listed]


def _blamed(result: Result) -> Result:
    """A failure in a line of another task is that task's."""
    if result.verdict == FAILED and result.blames not in ("", result.task):
        return result._replace(waits_for=(result.blames,), verdict=WAITS)
    return result


def _wrong_tasks(results: Sequence[Result]) -> set[str]:
    """The tasks that have a mistake of their own."""
    blamed = {result.blames for result in results} - {""}
    failing = {result.task for result in results if result.verdict == FAILED} | blamed
    alone = [result for result in results if not _others(result, failing)]
    wrong = blamed | {result.task for result in alone if result.verdict == FAILED}
    right = {result.task for result in alone if result.verdict == PASSED} - wrong
    undecided = sorted(failing - wrong - right, key=place_of)
    for task in undecided:
        if not all(_others(result, wrong) for result in _failed(results, task)):
            wrong.add(task)
    if failing and not wrong:  # all of them are right by themselves, and not together
        wrong.add(min(failing, key=place_of))
    return wrong


def _settled(result: Result, wrong: set[str]) -> Result:
    """Let a failure wait for those that are to blame, unless its own task is."""
    if result.verdict != FAILED or result.task in wrong:
        return result
    others = sorted(_others(result, wrong), key=place_of)
    return result._replace(verdict=WAITS, waits_for=tuple(others)) if others else result


def _failed(results: Iterable[Result], task: str) -> list[Result]:
    return [each for each in results if each.task == task and each.verdict == FAILED]


def _others(result: Result, tasks: set[str]) -> set[str]:
    """Those of the tasks, but for its own, that the test passes through."""
    return (set(result.through) & tasks) - {result.task}
