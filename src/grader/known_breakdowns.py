"""Remembers how a program has broken, so that it does not break again in every test and world.

A program that hangs costs seconds, and its learner wants the answer now. So once a room could not
even be opened, no other room is tried. Once a test of a task has broken the program, the rest of
that task's tests fail for the same reason. The verdict on the task is the same either way: one of
its tests has failed. The other tasks are still tried, because they may be right.

A breakdown that costs little is allowed a few more times, so that each test reports what it found
itself. When the whole check took too long, nothing else is tried.
"""

from __future__ import annotations

from room.contract import WorldFailure
from room.failure.advice import KINDS

MOST = 10  # breakdowns of any kind


class KnownBreakdowns:
    """Remembers how one program has broken under a chapter's tests."""

    def __init__(self) -> None:
        self._of_all: WorldFailure | None = None
        self._of_task: dict[str, WorldFailure] = {}
        self._count = 0

    def add(self, task: str, wrong: WorldFailure, was_open: bool) -> None:
        """Remember a breakdown in a test of this task. `was_open`: the room had opened."""
        self._count += 1
        self._of_task[task] = wrong
        if not was_open or wrong.kind == "took too long":
            self._of_all = self._of_all or wrong

    def predict(self, task: str) -> WorldFailure | None:
        """Return how a test of this task would break; None if it has to be tried."""
        if self._of_all:
            return self._of_all
        wrong = self._of_task.get(task)
        return wrong if wrong and (KINDS[wrong.kind].costly or self._count >= MOST) else None
