"""Runs one test of a chapter with one seed: holds its conversation and judges it.

Besides what the test itself expects, one rule applies to all tests: a program that raises, forgets
an `await` or stops the event loop has not passed, even if no client sees it.

The result may depend on other tasks that are not written yet:

- The test's own task was reached and is not written: there is nothing to judge.
- The test needs a task that is not written (passage.py): it waits for that task.
- The test reached a task that our solution does not reach there: that is a mistake, such as a
  missing `return`.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import re
from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from course import chapter_of_test
from grader.claims import message_of
from grader.effort import effort_of
from grader.files import graded_file
from grader.graded_worlds import SERVE
from grader.items import passage_for, seeds_of, task_of, weather_of
from grader.known_breakdowns import KnownBreakdowns
from grader.report import place_of
from grader.suspicions import outside, suspicion
from grader.unwritten import unwritten_in
from grader.whose_line import task_of_line, was_there
from room.contract import WorldFailure, Worlds
from room.failure import (
    Diagnostic,
    Disproved,
    RoomFailure,
    Strayed,
    Stumbled,
    Unwritten,
    as_text,
    has_stumbled,
    unwritten,
    waits_for,
)
from room.room import Room

ROOM = pytest.StashKey[Room | None]()
"""On an item that has run: the room that failed, or else the last; None if none was opened."""

SEED = pytest.StashKey[int]()
"""On an item that has run: the seed that failed, or the last."""

REACHED = pytest.StashKey[set[str]]()
"""On an item that has run: the unwritten tasks that its conversations reached."""

CLAIM = pytest.StashKey[list[str]]()
"""On the config while a graded test runs: how the sides of its last failed comparison differ."""

_AT_A_LINE = ("exception", "never awaited", "waiting")  # notes on a line that may be ours

_UNKNOWN = re.compile(r"NameError: name '(\w+)' is not defined")

_UNDO = pytest.StashKey[set[Worlds]]()
"""On the config: worlds of a program that hid something, whose changes of Python are undone now."""

GUARDED = 5
"""In a class, one conversation of this many is held with our code put back before each command."""

_BROKEN = pytest.StashKey[dict[Path, KnownBreakdowns]]()


class NotWritten(AssertionError):
    """A test reached a task that is not written yet. `str()` is the text."""

    def __init__(self, task: Unwritten) -> None:
        super().__init__()
        self._task = task

    def __str__(self) -> str:
        return as_text(self.diagnostic())

    def diagnostic(self) -> Diagnostic:
        """Return what to report: this task is not written yet."""
        return self._task.diagnostic()


class Waits(AssertionError):
    """A test cannot be judged before other tasks are written. `str()` is the text."""

    def __init__(self, task: str, others: Sequence[Unwritten]) -> None:
        super().__init__()
        self.others = tuple(dict.fromkeys(other.task for other in others))
        self._task = task
        self._first = others[0]

    def __str__(self) -> str:
        return as_text(self.diagnostic())

    def diagnostic(self) -> Diagnostic:
        """Return what to report: which task has to be written first."""
        return waits_for(self._task, self._first)


class Attempts:
    """Runs one test, one seed at a time, in one kind of world.

    `given` holds the test's other fixtures.
    """

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
        self._passage = passage_for(item)
        self._file = _file_of(item)
        self._effort = effort_of(item.config, item.path)
        self._proves = item.config.getoption("prove")
        self._shows_output = item.config.getoption("capture") == "no"

    def run(self, seed: int) -> None:
        """Run the test's conversation in a room of its own.

        Raises `RoomFailure`, `NotWritten` or `Waits`, or whatever a mistake in the test itself
        raises.
        """
        self._item.stash[SEED] = seed
        self._item.stash[ROOM] = None
        output = io.StringIO()
        try:
            self._check_what_is_known()
            with self._captured(output):
                notes = self._heard(seed)
        except RoomFailure as failure:
            self._remember(failure.wrong)
            failure.strayed = self._strayed(unwritten(failure.notes, failure.wrong))
            self._complete(failure, output.getvalue())
            raise
        if strayed := self._strayed(unwritten(notes)):
            room = self._item.stash[ROOM]
            transcript = room.transcript() if room else ""
            too_far = Strayed(transcript=transcript, notes=notes)
            too_far.strayed = strayed
            self._complete(too_far, output.getvalue())
            raise too_far

    def _complete(self, failure: RoomFailure, printed: str) -> None:
        failure.rule = self._rule
        failure.hint_task = self._task
        failure.printed += printed
        failure.blames = self._blames(failure)
        failure.given = self._there_already(failure)
        if failure.wrong is None:
            failure.suspicion = suspicion(self._file)
        elif (found := _UNKNOWN.search(failure.wrong.message)) and self._reads(failure.wrong.file):
            failure.suspicion = outside(found[1], failure.wrong.file, failure.wrong.line)

    def _heard(self, seed: int) -> list[Any]:
        """Hold the conversation; again, if the program hid something in a way that can be undone.

        So its honest part is judged, whatever else it tried.
        """
        try:
            return self._converse(seed)
        except RoomFailure as failure:
            hides = failure.wrong is not None and failure.wrong.kind == "hides"
            undone = self._item.config.stash.setdefault(_UNDO, set())
            if not hides or self._worlds in undone:
                raise
            undone.add(self._worlds)
            self._worlds.close()  # the next room gets a new process
            return self._converse(seed)

    def _converse(self, seed: int) -> list[Any]:
        try:
            world = self._worlds.open()
        except WorldFailure as wrong:  # no process can be started for the program
            raise _broken(wrong) from wrong
        undo = self._worlds in self._item.config.stash.get(_UNDO, ())
        begun = monotonic()
        guard = self._proves and (seed - seeds_of(self._item).start) % GUARDED == 0
        room = Room(world, seed, weather_of(self._item), self._item.originalname, guard, undo)
        waited = monotonic() - begun if self._proves else inf
        self._item.stash[ROOM] = room
        self._effort.look_for_slow_import(self._item, room.notes, waited)
        given = {**self._given, "room": room}
        try:
            with room:
                self._item.obj(**{name: given[name] for name in self._takes})
                if self._proves:
                    room.expect_reports()
        except RoomFailure as failure:
            failure.printed = room.printed
            raise
        except AssertionError as error:
            lines = self._item.config.stash.get(CLAIM, [])
            claim = Disproved(
                message_of(error), lines, transcript=room.transcript(), notes=room.notes
            )
            claim.printed = room.printed
            raise claim from error
        if has_stumbled(note for note in room.notes if note.type not in room.forgiven):
            raise Stumbled(transcript=room.transcript(), notes=room.notes)
        return room.notes

    def _check_what_is_known(self) -> None:
        """Raise `RoomFailure` if we know that the program breaks in this test, or time is over."""
        wrong = self._breakdowns.predict(self._task)
        if wrong is None and self._effort.limit.is_over():
            wrong = self._effort.limit.failure()
        if wrong:
            raise _broken(wrong)

    def _remember(self, wrong: WorldFailure | None) -> None:
        if wrong and not self._breakdowns.predict(self._task):
            was_open = self._item.stash[ROOM] is not None
            self._breakdowns.add(self._task, wrong, was_open)

    def _captured(self, output: io.StringIO) -> contextlib.AbstractContextManager[Any]:
        if self._shows_output:
            return contextlib.nullcontext()
        both = contextlib.ExitStack()
        both.enter_context(contextlib.redirect_stdout(output))
        both.enter_context(contextlib.redirect_stderr(output))
        return both

    def _strayed(self, reached: list[Unwritten]) -> Unwritten | None:
        """Return a task that this conversation should not have reached; None if there is none.

        Raises `NotWritten` or `Waits`, and then nothing else counts.
        """
        self._item.stash.setdefault(REACHED, set()).update(task.task for task in reached)
        for task in reached:
            if task.task == self._task:
                raise NotWritten(task) from None
        if needed := [task for task in reached if self._needs(task.task)]:
            for left in unwritten_in(needed[0].file) if self._reads(needed[0].file) else ():
                if left.task == self._task:
                    raise NotWritten(left) from None
            raise Waits(self._task, needed) from None
        passage = self._passage
        return next((t for t in reached if passage and t.task not in passage.through), None)

    def _needs(self, task: str) -> bool:
        """Return whether the test can judge nothing until that task is written."""
        if self._passage is not None:
            return task in self._passage.needs
        return place_of(task) < place_of(self._task)

    def _blames(self, failure: RoomFailure) -> str:
        """Return the task whose lines contain the failure; "" if unknown.

        A task that cannot fail this test is not to blame. The test's own task is: its code ran too
        far.
        """
        chapter = chapter_of_test(self._item.path)
        place = failure.place()
        if chapter is None or not self._reads(place[0]):
            return ""
        blamed = task_of_line(*place, chapter.starter)
        suspects = tasks_that_can_fail(self._item)
        return self._task if blamed and suspects and blamed not in suspects else blamed

    def _there_already(self, failure: RoomFailure) -> frozenset[tuple[str, int]]:
        """Return the places where the program failed or waits, and that the starter has too."""
        chapter = chapter_of_test(self._item.path)
        failed = {(note.file, note.line) for note in failure.notes if note.kind in _AT_A_LINE}
        if chapter is None:
            return frozenset()
        failed.add(failure.place())
        return frozenset(
            place
            for place in failed
            if self._reads(place[0]) and was_there(*place, chapter.starter)
        )

    def _reads(self, file: str) -> bool:
        """Return whether we may open this file, of which the program says that it failed there.

        It could be a device without an end, or someone else's. So only the graded file is read. A
        notebook's cell is in no file, and shares this process with us anyway.
        """
        return SERVE in self._item.config.stash or file == os.path.abspath(self._file)


def tasks_that_can_fail(item: pytest.Function) -> frozenset[str]:
    """Return the tasks that can fail the test, once it has run; empty if unknown.

    A test that forgives everything ignores what a later task raises.
    """
    passage = passage_for(item)
    room = item.stash.get(ROOM, None)
    if passage and room and room.forgives_everything:
        return passage.needs | {task_of(item)}
    return passage.through if passage else frozenset()


def _file_of(item: pytest.Function) -> str:
    """Return the file that is graded, or the name of the notebook's cell."""
    config = item.config
    if SERVE in config.stash:
        return config.stash[SERVE].__code__.co_filename
    return str(graded_file(config, item.path))


def _broken(wrong: WorldFailure) -> RoomFailure:
    return RoomFailure(client="", expected="", received="", notes=wrong.notes, wrong=wrong)


def _breakdowns(item: pytest.Item) -> KnownBreakdowns:
    """Return the known breakdowns of the graded file, shared by all worlds."""
    return item.config.stash.setdefault(_BROKEN, {}).setdefault(item.path, KnownBreakdowns())
