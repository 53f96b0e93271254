"""Finds in the notes on a program why it failed, and which tasks are not written yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from room.contract import Note, WorldFailure
from room.failure.advice import (
    AWAIT_IT,
    AWAITED_TOO_LATE,
    BLOCKED,
    CAME_TOO_FAR,
    FAILED_BEFORE,
    NEVER_AWAITED,
    NOT_ASYNC,
    OF_ITS_LINE,
    REMEDIES,
    STOPS_THE_SERVER,
    STRAYED,
    THERE_ALREADY,
)
from room.failure.diagnostic import Diagnostic
from room.failure.wording import at, place, plain, sentence

MOST_PLACES = 5  # at which the program waits
READS = re.compile(
    r"Butterfly\.read\(\) to return|bytes from "
)  # what it waits for most of the time

Place = tuple[str, int]


class Unwritten(NamedTuple):
    """A task whose `raise NotImplementedError("Task 3.1: ...")` is still there, and was reached."""

    task: str
    title: str
    file: str
    line: int

    def diagnostic(self) -> Diagnostic:
        """Return what to report: this task is not written yet."""
        return Diagnostic(
            headline=f"Task {self.task} is not written yet: {sentence(self.title)}",
            hint=self.task,
            is_unwritten=True,
            place=place(self.file, self.line),
            line=self.line,
        )


def unwritten(notes: Iterable[Note], wrong: WorldFailure | None = None) -> list[Unwritten]:
    """Return the unwritten tasks that the program reached, in that order."""
    reached = [
        (note.message, note.file, note.line)
        for note in notes
        if note.kind == "reached"
        or (note.kind == "exception" and note.type == "NotImplementedError")
    ]
    if wrong is not None and wrong.type == "NotImplementedError":
        reached.append((wrong.message, wrong.file, wrong.line))
    return [
        Unwritten(match["task"], plain(match["title"]), file, line)
        for message, file, line in reached
        if (match := re.search(r"Task (?P<task>\d+\.\d+): (?P<title>.+)", message))
    ]


def waits_for(task: str, other: Unwritten) -> Diagnostic:
    """Return the diagnostic of a task that cannot be judged before another one is written."""
    return Diagnostic(
        headline=f"Task {task} waits for task {other.task}: {sentence(other.title)}",
        hint=other.task,
        is_unwritten=True,
        line=other.line,
        place=place(other.file, other.line),
    )


def went_on(strayed: Unwritten) -> tuple[str, ...]:
    """Return the reason, and a remark, for code that ran on to a task it should not reach."""
    return (
        f"your code goes on to task {strayed.task}{at(strayed.file, strayed.line)}.",
        STRAYED,
    )


def has_stumbled(notes: Iterable[Note]) -> bool:
    """Return whether the program raised, never awaited a coroutine, or blocked the event loop.

    A task that is not written yet does not count.
    """
    return any(
        note.kind in ("never awaited", "blocked")
        or (note.kind == "exception" and not unwritten([note]))
        for note in notes
    )


def likely_reason(notes: Iterable[Note], given: Collection[Place] = ()) -> tuple[str, ...]:
    """Return the likely reason for the failure and remarks on it; () if the notes have none.

    `given` are places that the learner did not write.
    """
    listed = list(notes)
    forgotten = [note for note in listed if note.kind == "never awaited"]
    for note in listed:
        if note.kind == "exception" and not unwritten([note]):
            return _raised(note, given, forgotten)
    for note in forgotten:
        return _said_at(note), _remedy_of_call(note, given, NEVER_AWAITED)
    for note in listed:
        if note.kind == "blocked":
            return _said_at(note), BLOCKED
    return ()


def remedy_for(raised: str) -> str:
    """Return the remedy for an exception, written as `TypeError: its message`; "" if unknown."""
    for looks, remedy in REMEDIES:
        if found := re.search(looks, raised):
            return found.expand(remedy)
    return ""


def waits(
    notes: Iterable[Note], given: Collection[Place] = (), reads: bool = True
) -> tuple[str, ...]:
    """Return a sentence for each known place at which the program waits, except `given` places.

    Without `reads`, places at which it waits for a client are left out.
    """
    found = {(note.file, note.line): note.message for note in notes if note.kind == "waiting"}
    told = [
        (where, reason)
        for where, reason in found.items()
        if where not in given and (reads or not READS.match(reason))
    ]
    return tuple(
        f"Your code is waiting{at(*where)} for {plain(reason)}."
        for where, reason in told[:MOST_PLACES]
    )


def _raised(note: Note, given: Collection[Place], forgotten: Iterable[Note]) -> tuple[str, ...]:
    message = f": {plain(note.message)}" if note.message.strip() else ""
    whose = f" ({THERE_ALREADY})" if (note.file, note.line) in given else ""
    remedy = _remedy(note, given, forgotten)
    reason = f"{note.type}{at(note.file, note.line)}{whose}{message}"
    return (reason, *([remedy] if remedy else []))


def _remedy(note: Note, given: Collection[Place], forgotten: Iterable[Note]) -> str:
    if "coroutine" in note.message:
        for call in forgotten:
            if (call.file, call.line) == (note.file, note.line) and "attribute" in note.message:
                return AWAITED_TOO_LATE
            return f"{_said_at(call)} {_remedy_of_call(call, given, AWAIT_IT)}"
    is_given = (note.file, note.line) in given
    remedy = remedy_for(f"{note.type}: {note.message}")
    if is_given and re.search(OF_ITS_LINE, note.message):
        return CAME_TOO_FAR
    return remedy or (FAILED_BEFORE if is_given else "")


def _remedy_of_call(call: Note, given: Collection[Place], otherwise: str) -> str:
    """Return the remedy for a coroutine that was made and never awaited."""
    if (call.file, call.line) in given:
        return NOT_ASYNC
    return STOPS_THE_SERVER if "Handler.stop'" in call.message else otherwise


def _said_at(note: Note) -> str:
    return f"{plain(note.message)}{at(note.file, note.line)}."
