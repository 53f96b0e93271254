"""One test of a chapter, tried with a seed: its conversation held, and judged.

Beside what the test itself expects there is a rule for all of them: a program that raises, forgets
an `await` or stops the event loop where no client sees it has not passed; nor has one that reaches
a task that is not written yet.
"""

from __future__ import annotations

import contextlib
import inspect
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.effort import effort_of
from grader.items import weather_of
from grader.known_breakdowns import KnownBreakdowns
from grader.report import place_of
from room.contract import WorldFailure, Worlds
from room.failure import (
    Diagnostic,
    Disproved,
    RoomFailure,
    Stumbled,
    Unwritten,
    as_text,
    has_stumbled,
    unwritten,
)
from room.room import Room

ROOM = pytest.StashKey[Room | None]()
"""On an item that has run: the room that failed, or that of the last seed; None: none opened."""

SEED = pytest.StashKey[int]()
"""On an item that has run: the seed that failed, or the last."""

_BROKEN = pytest.StashKey[dict[Path, KnownBreakdowns]]()


class NotWritten(AssertionError):
    """A test reached a task that is not written yet. `str()` is the text."""

    def __init__(self, task: Unwritten) -> None:
        super().__init__()
        self._task = task

    def __str__(self) -> str:
        return as_text(self.diagnostic())

    def diagnostic(self) -> Diagnostic:
        return self._task.diagnostic()


class Attempts:
    """At one test in worlds of one kind; `given` is what the test takes beside the room."""

    def __init__(
        self, item: pytest.Function, task: str, worlds: Worlds, given: Mapping[str, Any]
    ) -> None:
        self._item = item
        self._task = task
        self._worlds = worlds
        self._given = given
        self._rule = inspect.getdoc(item.obj) or ""
        self._takes = inspect.signature(item.obj).parameters
        self._breakdowns = _breakdowns(item)
        self._effort = effort_of(item.config, item.path)
        self._shows_output = item.config.getoption("capture") == "no"

    def run(self, seed: int) -> None:
        """Raise `RoomFailure`, or `NotWritten`, or whatever a mistake in the test itself raises."""
        self._item.stash[SEED] = seed
        self._item.stash[ROOM] = None
        output = io.StringIO()
        try:
            self._look_back()
            with self._captured(output):
                notes = self._converse(seed)
        except RoomFailure as failure:
            self._remember(failure.wrong)
            self._reached(unwritten(failure.notes, failure.wrong))
            failure.rule = self._rule
            failure.hint_task = self._task
            failure.printed += output.getvalue()
            raise
        self._reached(unwritten(notes))

    def _converse(self, seed: int) -> list[Any]:
        try:
            world = self._worlds.open()
        except WorldFailure as wrong:  # there is no process to be had for the program
            raise _broken(wrong) from wrong
        room = self._item.stash[ROOM] = Room(world, seed, weather_of(self._item))
        self._effort.hear(self._item, room.notes)
        given = {**self._given, "room": room}
        try:
            with room:
                self._item.obj(**{name: given[name] for name in self._takes})
        except RoomFailure as failure:
            failure.printed = room.printed
            raise
        except AssertionError as error:
            claim = Disproved(str(error), transcript=room.transcript(), notes=room.notes)
            claim.printed = room.printed
            raise claim from error
        if has_stumbled(note for note in room.notes if note.type not in room.forgiven):
            raise Stumbled(transcript=room.transcript(), notes=room.notes)
        return room.notes

    def _look_back(self) -> None:
        """Raise `RoomFailure` when the program is known to break in this test, or time is over."""
        wrong = self._breakdowns.foretell(self._task)
        if wrong is None and self._effort.limit.is_over():
            wrong = self._effort.limit.failure()
        if wrong:
            raise _broken(wrong)

    def _remember(self, wrong: WorldFailure | None) -> None:
        if wrong and not self._breakdowns.foretell(self._task):
            was_open = self._item.stash[ROOM] is not None
            self._breakdowns.add(self._task, wrong, was_open)

    def _captured(self, output: io.StringIO) -> contextlib.AbstractContextManager[Any]:
        if self._shows_output:
            return contextlib.nullcontext()
        both = contextlib.ExitStack()
        both.enter_context(contextlib.redirect_stdout(output))
        both.enter_context(contextlib.redirect_stderr(output))
        return both

    def _reached(self, tasks: list[Unwritten]) -> None:
        """Reaching a task that is not written fails its own test, and those of later tasks."""
        for reached in tasks:
            if place_of(reached.task) <= place_of(self._task):
                raise NotWritten(reached) from None


def _broken(wrong: WorldFailure) -> RoomFailure:
    return RoomFailure(client="", expected="", received="", notes=wrong.notes, wrong=wrong)


def _breakdowns(item: pytest.Item) -> KnownBreakdowns:
    """Of the file that the chapter of this test grades, in every world."""
    return item.config.stash.setdefault(_BROKEN, {}).setdefault(item.path, KnownBreakdowns())
