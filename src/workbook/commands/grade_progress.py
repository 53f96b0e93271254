"""How far a class is: a bar with the time that is left in a terminal, some lines on a pipe."""

from __future__ import annotations

import sys
from types import TracebackType

import rich.progress
from rich.console import Console

LINES = 10  # on a pipe, about as many


class Progress:
    """Shows how many of the gradings are done. Used in a `with`, and told by `begin` and `done`."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen
        self._count, self._total = 0, 0
        self._bar: rich.progress.Progress | None = None
        self._task = rich.progress.TaskID(0)
        if screen.is_terminal:
            self._bar = rich.progress.Progress(
                rich.progress.TextColumn("Grading"),
                rich.progress.BarColumn(),
                rich.progress.MofNCompleteColumn(),
                rich.progress.TimeRemainingColumn(compact=True),
                rich.progress.TextColumn("left"),
                console=screen,
                transient=True,
                speed_estimate_period=600,
            )

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def begin(self, total: int, known: int) -> None:
        """Say how many gradings there are to do, and how many were done before."""
        self._total = total
        if not total:
            return
        before = f" ({known} were graded before)" if known else ""
        self._screen.print(f"Grading {total} {'file' if total == 1 else 'files'}{before} ...")
        if self._bar:
            self._task = self._bar.add_task("", total=total)
            self._bar.start()

    def done(self) -> None:
        """Say that one more is done."""
        self._count += 1
        if self._bar:
            self._bar.advance(self._task)
        elif self._count == self._total or self._count % max(1, self._total // LINES) == 0:
            print(f"{self._count} of {self._total} graded", file=sys.stdout, flush=True)
