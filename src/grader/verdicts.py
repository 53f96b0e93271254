"""A verdict on each task that does not depend on the other tasks.

A conversation passes through several tasks, so a mistake in one of them can fail the tests of
another. A task is never called wrong because of that, and never right because something else is
missing. It *waits* for the other task instead.

Each test has been judged by itself (run_test.py): where it needs a task that is not written yet, it
waits. What is left to decide, once all tests of a chapter have run, is who is to blame for a test
that failed and passes through several tasks:

1. Where the learner's own line is known that failed, the task that contains it is to blame.
2. A failed test that passes through no other task in trouble can only blame its own.
3. A task that passes every test of that kind, and has some, is not to blame; its failed tests wait
   for the others that they pass through.
4. What is still open is the first of the tasks, in the order of the book: it is written first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.report import FAILED, NOT_WRITTEN, PASSED, WAITS, Result, place_of


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
    blamed = {task for result in results if result.blames for task in (result.blames,)}
    unwritten = {result.task for result in results if result.verdict == NOT_WRITTEN}
    failing = {result.task for result in results if result.verdict == FAILED} | blamed
    wrong = {task for task in failing if task in blamed}
    open_tasks = failing - wrong
    for task in sorted(open_tasks, key=place_of):
        if any(not _others(result, failing | unwritten) for result in _failed(results, task)):
            wrong.add(task)
    innocent = {
        task
        for task in open_tasks - wrong
        if any(
            result.task == task and result.verdict == PASSED and not _others(result, failing)
            for result in results
        )
        and all(_others(result, (failing | unwritten) - {task}) for result in _failed(results, task))
    }
    guilty = open_tasks - wrong - innocent
    while guilty:  # whoever waits for one that is wrong waits; else the first of them is wrong
        waiting = {
            task
            for task in guilty
            if all(_others(result, wrong | unwritten) for result in _failed(results, task))
        }
        if waiting:
            guilty -= waiting
        else:
            first = min(guilty, key=place_of)
            wrong.add(first)
            guilty.remove(first)
    if innocent and not wrong and not unwritten:
        wrong.add(min(innocent, key=place_of))
    return wrong


def _settled(result: Result, wrong: set[str]) -> Result:
    if result.verdict != FAILED or result.task in wrong:
        return result
    others = sorted(_others(result, wrong), key=place_of)
    return result._replace(verdict=WAITS, waits_for=tuple(others)) if others else result


def _failed(results: Iterable[Result], task: str) -> list[Result]:
    return [each for each in results if each.task == task and each.verdict == FAILED]


def _others(result: Result, tasks: set[str]) -> set[str]:
    """Those of the tasks, but for its own, that the test passes through."""
    return (set(result.through) & tasks) - {result.task}
