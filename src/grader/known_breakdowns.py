"""How a program has broken so far, so that it is not broken again in every test and every world.

A program that hangs costs seconds, and its learner wants to read of it now. So once a room could
not even be opened, no other is tried; and once a test of a task has broken the program, what is
left of that task's tests fails for the same reason. The verdict on a task is the same either way:
one of its tests has failed. The other tasks are tried, for they may well be right.

A way to break that costs little is tried again, up to a point: then what is said of each test is
what this test has found. But when the whole check took too long, it has ended.
"""

from __future__ import annotations

from room.contract import WorldFailure
from room.failure.advice import KINDS

MOST = 10  # breakdowns of any kind


class KnownBreakdowns:
    """Of one program, under the tests of one chapter."""

    def __init__(self) -> None:
        self._of_all: WorldFailure | None = None
        self._of_task: dict[str, WorldFailure] = {}
        self._count = 0

    def add(self, task: str, wrong: WorldFailure, was_open: bool) -> None:
        self._count += 1
        self._of_task[task] = wrong
        if not was_open or wrong.kind == "took too long":
            self._of_all = self._of_all or wrong

    def foretell(self, task: str) -> WorldFailure | None:
        """What a test of this task would come to, if it is known well enough not to be tried."""
        if self._of_all:
            return self._of_all
        wrong = self._of_task.get(task)
        return wrong if wrong and (KINDS[wrong.kind].costly or self._count >= MOST) else None
