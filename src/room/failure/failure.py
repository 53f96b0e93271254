"""The facts of a failure, and the diagnostic that is made of them.

The room fills in the facts. What is said is for somebody who is alone with it, at night: what
happened, what the rule is, why it may be so, what to try, where a hint is. This file reads no file
and shows no line of ours: the program that is judged names the places in here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from room.contract import Note, WorldFailure
from room.failure.advice import KINDS, NOTHING_CAME, STRAYED_HEADLINE, STUMBLED
from room.failure.compare import compare, one_side, what_it_gives_away
from room.failure.diagnostic import Diagnostic, Excerpt
from room.failure.reason import Unwritten, likely_reason, remedy_for, waits, went_on
from room.failure.text import as_text
from room.failure.wording import place, plain, printable, sentence

LAST_LINES = 24  # of the conversation


class RoomFailure(AssertionError):
    """An expectation that did not hold, or a world that broke (`wrong`). `str()` is the text.

    `expected` and `received` are bytes when bytes were compared, and a sentence otherwise.
    `transcript` is the conversation so far. `wrong` is set when the program hung, crashed, could
    not be imported...: then `expected` says what was waited for.
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
        self.strayed: Unwritten | None = None  # a task that it should not have come to
        self.blames = ""  # the task that contains the learner's line at which it failed

    def __str__(self) -> str:
        return as_text(self.diagnostic())

    def place(self) -> tuple[str, int]:
        """File and line at which the learner's code failed; ("", 0) where that is not known."""
        if self.wrong is not None:
            return self.wrong.file, self.wrong.line
        for kind in ("never awaited", "exception"):  # the first is often why there is the second
            for note in self.notes:
                if note.kind == kind and note.file:
                    return note.file, note.line
        return "", 0

    def diagnostic(self) -> Diagnostic:
        happened = self._mismatch() if self.wrong is None else self._breakdown(self.wrong)
        reason = went_on(self.strayed) if self.strayed else likely_reason(self.notes)
        remarks = reason[1:]
        if not reason and self._nothing_came():
            remarks = (NOTHING_CAME, *waits(self.notes))
        return replace(
            happened,
            conversation=_last_lines(self.transcript),
            rule="" if happened.before_anybody else " ".join(self.rule.split()),
            reason=reason[0] if reason else "",
            remarks=remarks,
            printed=_last_lines(self.printed),
            hint=self.hint_task,
        )

    def _nothing_came(self) -> bool:
        return isinstance(self.expected, bytes) and self.received in (b"", "nothing")

    def _mismatch(self) -> Diagnostic:
        comparison = compare(self.client, self.expected, self.received)
        if isinstance(self.expected, bytes) and isinstance(self.received, bytes):
            guess = what_it_gives_away(self.expected, self.received)
            return Diagnostic(comparison=comparison, explanation=guess)
        return Diagnostic(comparison=comparison)

    def _breakdown(self, wrong: WorldFailure) -> Diagnostic:
        known = KINDS.get(wrong.kind)
        headline, *details = wrong.message.splitlines() or [wrong.kind]
        ends_in_code = wrong.kind == "syntax"
        remedy = _remedy_of_start(wrong)
        found = Diagnostic(
            headline=plain(headline) if ends_in_code else _with_place(plain(headline), wrong),
            is_verbatim=ends_in_code,
            details=printable(details[-LAST_LINES:]),
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
    """A plain `assert` of a test that did not hold; `claim` is what pytest says about it."""

    def __init__(self, claim: str, *, transcript: str = "", notes: Sequence[Note] = ()) -> None:
        super().__init__(client="", expected="", received="", transcript=transcript, notes=notes)
        self.claim = claim

    def _mismatch(self) -> Diagnostic:
        claim = "\n".join(printable(self.claim.splitlines()[:LAST_LINES]))
        return Diagnostic(
            headline=claim or "Something that has to hold does not.", is_verbatim=True
        )


class Stumbled(RoomFailure):
    """Everything was said as expected, and meanwhile the program failed where no client sees it."""

    def __init__(self, *, transcript: str, notes: Sequence[Note]) -> None:
        super().__init__(client="", expected="", received="", transcript=transcript, notes=notes)

    def _mismatch(self) -> Diagnostic:
        return Diagnostic(headline=STUMBLED)


class Strayed(Stumbled):
    """Everything was said as expected, and the program came to a task that has no part in it."""

    def _mismatch(self) -> Diagnostic:
        return Diagnostic(headline=STRAYED_HEADLINE)


def _last_lines(text: str) -> Excerpt:
    lines = text.splitlines()
    left_out = max(0, len(lines) - LAST_LINES)
    return Excerpt(printable(lines[left_out:]), left_out)


def _with_place(headline: str, wrong: WorldFailure) -> str:
    """The headline as a sentence, and where it was, unless it names the line already."""
    said = sentence(headline)
    if not wrong.line or re.search(rf"\bline {wrong.line}\b", wrong.message):
        return said
    return f"{said} See {place(wrong.file, wrong.line)}."


def _remedy_of_start(wrong: WorldFailure) -> str:
    """What helps when it was an exception that kept the server from starting."""
    if wrong.kind == "syntax":  # x.py, line 9: the message: the line of code
        return remedy_for("".join(wrong.message.split(": ", 2)[1:2]))
    return remedy_for(wrong.message) if wrong.kind in ("raised", "serve raised") else ""
