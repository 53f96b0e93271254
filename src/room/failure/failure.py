"""The facts of a failure, and the diagnostic that is made from them.

The room fills in the facts. The diagnostic is for a learner who reads it alone, late at night: what
happened, what the rule is, the likely reason, what to try, and where to find a hint. This module
opens no file and quotes no source line, because the judged program supplies the places in here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from room.contract import Note, WorldFailure
from room.failure.advice import (
    CLOSED_DESCRIPTOR,
    KINDS,
    LOGGED_IN_PARTS,
    NOTHING_CAME,
    PRINTED_NOT_LOGGED,
    PRINTED_NOT_WRITTEN,
    REFUSAL,
    STRAYED_HEADLINE,
    STUMBLED,
    THERE_ALREADY,
    UNDECODED_NAME,
)
from room.failure.compare import compare, forgotten_f, one_side, what_it_gives_away
from room.failure.diagnostic import Diagnostic, Excerpt
from room.failure.reason import Place, Unwritten, likely_reason, remedy_for, waits, went_on
from room.failure.text import as_text
from room.failure.wording import place, plain, printable, sentence

LAST_LINES = 16  # of the conversation, and of what was printed
NOT_HELD = "Something that has to be true is not."
TRACEBACK = 24  # lines of our own traceback


class RoomFailure(AssertionError):
    """An expectation that did not hold, or a world that broke (`wrong`). `str()` is the text.

    `expected` and `received` are bytes when bytes were compared, and a sentence otherwise.
    `transcript` is the conversation so far. `wrong` is set if the program hung, crashed or could
    not be imported, for example. Then `expected` says what the room was waiting for.
    """

    def __init__(
        self,
        *,
        client: str,
        expected: bytes | str,
        received: bytes | str,
        rule: str = "",
        transcript: str = "",
        notes: Sequence[Note] = (),
        hint_task: str = "",
        wrong: WorldFailure | None = None,
    ) -> None:
        super().__init__()
        self.client = client
        self.expected = expected
        self.received = received
        self.rule = rule
        self.transcript = transcript
        self.notes = tuple(notes)
        self.hint_task = hint_task
        self.wrong = wrong
        self.printed = ""  # by the program
        self.strayed: Unwritten | None = None  # a task that the program should not have reached
        self.blames = ""  # the task that contains the learner's line at which it failed
        self.given: frozenset[Place] = frozenset()  # failing lines that the learner did not write
        self.suspicion = ""  # a mistake that the source of the file shows
        self.let_in = ""  # the client's last line, if that is a registered name
        self.wrote_to = ""  # another client that received something instead

    def __str__(self) -> str:
        return as_text(self.diagnostic())

    def place(self) -> tuple[str, int]:
        """Return the file and line at which the learner's code failed; ("", 0) if unknown."""
        if self.wrong is not None:
            return self.wrong.file, self.wrong.line
        for kind in ("never awaited", "exception"):  # the first often causes the second
            for note in self.notes:
                if note.kind == kind and note.file:
                    return note.file, note.line
        return "", 0

    def diagnostic(self) -> Diagnostic:
        """Return what the learner reads about this failure."""
        happened = self._mismatch() if self.wrong is None else self._breakdown(self.wrong)
        reason, *remarks = self._reason() or ("",)
        return replace(
            happened,
            conversation=_last_lines(self.transcript),
            rule="" if happened.before_anybody else " ".join(self.rule.split()),
            reason=reason,
            remarks=(*remarks, *self._remarks(bool(reason))),
            printed=_last_lines(self.printed),
            hint=self.hint_task,
            line=self._line_to_look_at(),
        )

    def _line_to_look_at(self) -> int:
        """Return the learner's line that failed, or else the one that waits; 0 if unknown."""
        waiting = [(note.file, note.line) for note in self.notes if note.kind == "waiting"]
        places = [self.place(), *waiting]
        return next((line for file, line in places if file and (file, line) not in self.given), 0)

    def _reason(self) -> tuple[str, ...]:
        """Return the likely reason and remarks on it; () if no reason is known."""
        forgotten = [note for note in self.notes if note.kind == "never awaited"]
        if self.strayed and not forgotten:
            return went_on(self.strayed)
        if self.strayed:  # it did not wait, and so it came too far
            return likely_reason(forgotten, self.given)
        found = likely_reason(self.notes, self.given)
        if found and self._is_refusal() and found[0].startswith("UnicodeDecodeError"):
            return found if self.place() in self.given else (found[0], UNDECODED_NAME)
        if self.suspicion and self.wrong is None and len(found) < 2:
            return (*found, sentence(self.suspicion) if found else self.suspicion)
        return found or self._waits()

    def _remarks(self, has_reason: bool) -> tuple[str, ...]:
        """Return remarks that need no known reason."""
        if self.let_in and self._is_refusal():
            return (f"The server let this client in: {self.let_in} is in `butterflies`.",)
        if has_reason or self.wrong is not None:
            return ()
        if self._has_printed():
            return (PRINTED_NOT_WRITTEN,)
        if "cannot be formatted with" in str(self.received):
            return (LOGGED_IN_PARTS,)
        if self._nothing_came():
            instead = f"Nothing came here. What the server wrote last went to {self.wrote_to}."
            return (instead if self.wrote_to else NOTHING_CAME, *waits(self.notes, self.given))
        if self.printed and "in the log" in str(self.expected):
            return (PRINTED_NOT_LOGGED,)
        return ()

    def _waits(self) -> tuple[str, ...]:
        """Return where the program waits for anything but a client, if something is missing."""
        if isinstance(self.expected, bytes):
            came = b"" if self.received == "nothing" else self.received
            is_missing = isinstance(came, bytes) and self.expected.startswith(came)
        else:
            is_missing = self.expected != "silence"
        first, *others = waits(self.notes, self.given, reads=False) or ("",)
        if not (is_missing and first) or self.wrong is not None:
            return ()
        return (first[:1].lower() + first[1:], *others)

    def _nothing_came(self) -> bool:
        return isinstance(self.expected, bytes) and self.received in (b"", "nothing")

    def _has_printed(self) -> bool:
        """Return whether the program printed what a client should have received."""
        if not isinstance(self.expected, bytes) or not isinstance(self.received, str | bytes):
            return False
        came = self.received if isinstance(self.received, str) else self.received.decode("latin-1")
        said = self.expected.decode("utf-8", "replace").strip()
        return len(said) > 2 and said in self.printed and said not in came

    def _is_refusal(self) -> bool:
        return isinstance(self.expected, bytes) and bool(re.search(REFUSAL, self.expected))

    def _mismatch(self) -> Diagnostic:
        comparison = compare(self.client, self.expected, self.received)
        if isinstance(self.expected, bytes) and isinstance(self.received, bytes):
            guess = what_it_gives_away(self.expected, self.received)
            return Diagnostic(comparison=comparison, explanation=guess)
        guess = forgotten_f(comparison.expected, comparison.received)
        return Diagnostic(comparison=comparison, explanation=guess)

    def _breakdown(self, wrong: WorldFailure) -> Diagnostic:
        known = KINDS.get(wrong.kind)
        headline, *details = wrong.message.splitlines() or [wrong.kind]
        if wrong.kind == "broken" and "Bad file descriptor" in wrong.message:
            known, headline, details = KINDS["bad reply"], CLOSED_DESCRIPTOR, []
        headline = headline if details else headline.rstrip(": ")
        ends_in_code = wrong.kind == "syntax"
        remedy = self.suspicion or _remedy_of_start(wrong)
        found = Diagnostic(
            headline=plain(headline)
            if ends_in_code
            else _with_place(plain(headline), wrong, self.given),
            is_verbatim=ends_in_code,
            details=printable(details[-TRACEBACK:]),
            explanation=known.why if known else "",
            remedy=remedy,
            attempt=known.attempt if known and not remedy else "",
            kind=wrong.kind,
        )
        if not self.expected or found.before_anybody:
            return found
        who = "The room" if self.client in ("", "the server") else self.client
        return replace(found, waited=f"{who} was waiting for {one_side(self.expected)}.")


class Disproved(RoomFailure):
    """A plain `assert` in a test that did not hold. `claim` says what; `lines` compare."""

    def __init__(
        self,
        claim: str,
        lines: Sequence[str] = (),
        *,
        transcript: str = "",
        notes: Sequence[Note] = (),
    ) -> None:
        super().__init__(client="", expected="", received="", transcript=transcript, notes=notes)
        self.claim = claim
        self.lines = tuple(lines)

    def _mismatch(self) -> Diagnostic:
        claim = sentence(plain(self.claim)) if self.claim.strip() else NOT_HELD
        return Diagnostic(headline=claim, details=printable(self.lines[:LAST_LINES]))


class Stumbled(RoomFailure):
    """A program that sent everything as expected, but failed where no client sees it."""

    def __init__(self, *, transcript: str, notes: Sequence[Note]) -> None:
        super().__init__(client="", expected="", received="", transcript=transcript, notes=notes)

    def _mismatch(self) -> Diagnostic:
        return Diagnostic(headline=STUMBLED)


class Strayed(Stumbled):
    """A program that sent everything as expected, but reached a task that it should not."""

    def _mismatch(self) -> Diagnostic:
        return Diagnostic(headline=STRAYED_HEADLINE)


def _last_lines(text: str) -> Excerpt:
    lines = text.splitlines()
    left_out = max(0, len(lines) - LAST_LINES)
    return Excerpt(printable(lines[left_out:]), left_out)


def _with_place(headline: str, wrong: WorldFailure, given: Collection[Place]) -> str:
    """Return the headline as a sentence, with the place unless the message has the line."""
    said = sentence(headline)
    if not wrong.line or re.search(rf"\bline {wrong.line}\b", wrong.message):
        return said
    whose = f", {THERE_ALREADY}" if (wrong.file, wrong.line) in given else ""
    return f"{said} See {place(wrong.file, wrong.line)}{whose}."


def _remedy_of_start(wrong: WorldFailure) -> str:
    """Return the remedy for an exception that kept the server from starting; or ""."""
    if wrong.kind == "syntax":  # x.py, line 9: the message: the line of code
        return remedy_for("".join(wrong.message.split(": ", 2)[1:2]))
    return remedy_for(wrong.message) if wrong.kind in ("import", "raised", "serve raised") else ""
