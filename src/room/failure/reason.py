"""What the notes on a program give away: why it failed, and which tasks are not written yet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from room.contract import Note, WorldFailure
from room.failure.advice import BLOCKED, NEVER_AWAITED, REMEDIES, STRAYED
from room.failure.diagnostic import Diagnostic
from room.failure.wording import at, place, plain, sentence

MOST_PLACES = 5  # at which the program waits


class Unwritten(NamedTuple):
    """A task whose `raise NotImplementedError("Task 3.1: ...")` is still there, and was reached."""

    task: str
    title: str
    file: str
    line: int

    def diagnostic(self) -> Diagnostic:
        return Diagnostic(
            headline=f"Task {self.task} is not written yet: {sentence(self.title)}",
            hint=self.task,
            is_unwritten=True,
            place=place(self.file, self.line),
        )


def unwritten(notes: Iterable[Note], wrong: WorldFailure | None = None) -> list[Unwritten]:
    """The tasks that turned out not to be written, in the order in which they were reached."""
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
    """What is said about a task that cannot be judged before another one is written."""
    return Diagnostic(
        headline=f"Task {task} waits for task {other.task}: {sentence(other.title)}",
        hint=other.task,
        is_unwritten=True,
        place=place(other.file, other.line),
    )


def went_on(strayed: Unwritten) -> tuple[str, ...]:
    """What is said about code that comes to a task where it should have ended before."""
    return (
        f"your code goes on to task {strayed.task}{at(strayed.file, strayed.line)}.",
        STRAYED,
    )


def has_stumbled(notes: Iterable[Note]) -> bool:
    """Whether the program raised something, never awaited a coroutine, or blocked the event loop.

    A task that is not written yet does not count.
    """
    return any(
        note.kind in ("never awaited", "blocked")
        or (note.kind == "exception" and not unwritten([note]))
        for note in notes
    )


def likely_reason(notes: Iterable[Note]) -> tuple[str, ...]:
    """What the program let out that explains the failure, and remarks on it; () when it kept
    quiet.
    """
    listed = list(notes)
    for note in listed:
        if note.kind == "exception" and not unwritten([note]):
            return _raised(note)
    for note in listed:
        if note.kind == "never awaited":
            return _said_at(note), NEVER_AWAITED
    for note in listed:
        if note.kind == "blocked":
            return _said_at(note), BLOCKED
    return ()


def remedy_for(message: str) -> str:
    """What helps against an exception with this message; "" when nothing is known."""
    return next((remedy for looks, remedy in REMEDIES if re.search(looks, message)), "")


def waits(notes: Iterable[Note]) -> tuple[str, ...]:
    """A sentence for each place at which the program waits, where that is known."""
    found = {(note.file, note.line): note.message for note in notes if note.kind == "waiting"}
    return tuple(
        f"Your code waits{at(*where)}, for {plain(reason)}."
        for where, reason in [*found.items()][:MOST_PLACES]
    )


def _raised(note: Note) -> tuple[str, ...]:
    message = f": {plain(note.message)}" if note.message.strip() else ""
    remedy = remedy_for(note.message)
    return (f"{note.type}{at(note.file, note.line)}{message}", *([remedy] if remedy else []))


def _said_at(note: Note) -> str:
    return f"{plain(note.message)}{at(note.file, note.line)}."
