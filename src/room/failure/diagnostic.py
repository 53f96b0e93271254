"""A failure as data: the parts of what a learner reads, before they are rendered.

failure.py makes it. It travels as JSON in pytest's reports and is pickled on its way to `watch`. It
is rendered last: by text.py as plain text, by the `workbook` command in color.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from room.failure.advice import KINDS
from room.failure.compare import Comparison


@dataclass(frozen=True)
class Excerpt:
    """The last lines of a longer text; `left_out` counts the lines before them."""

    lines: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class Diagnostic:
    """Everything the learner reads about one failed test, in the order in which it is shown.

    Any part may be missing. Each sentence is on one line, and no part contains control characters.
    If `is_verbatim`, the `headline` is not our prose, or it ends in a line of code: it may have
    several lines, which stay as they are. If `is_unwritten`, this describes an unwritten task, and
    has a headline, the `place` where its `raise` is, and a hint.
    """

    headline: str = ""  # what happened, if no comparison shows it
    is_verbatim: bool = False
    comparison: Comparison | None = None
    details: tuple[str, ...] = ()  # lines that belong to the headline: our own traceback
    waited: str = ""  # who waited for what when the program broke
    explanation: str = ""  # why that matters, or what probably explains the difference
    remedy: str = ""  # what helps against the exception that kept the server from starting
    attempt: str = ""  # what to try, if no remedy is known
    conversation: Excerpt = Excerpt()
    rule: str = ""  # of the test
    reason: str = ""  # what probably explains the failure: an exception of the program, for example
    remarks: tuple[str, ...] = ()  # on the reason, or instead of it
    printed: Excerpt = Excerpt()  # by the program
    hint: str = ""  # the task that there is a hint for: "3.1"
    kind: str = ""  # of the `WorldFailure`, when the program broke: "syntax", "hang"...
    is_unwritten: bool = False
    place: str = ""  # "work/ch03_on_connection.py, line 31"
    line: int = 0  # of the learner's file, to look at first; 0 if unknown

    @property
    def cause(self) -> tuple[str, Comparison | None]:
        """What failed. Two tests with the same cause failed for the same reason."""
        return self.headline, self.comparison

    @property
    def before_anybody(self) -> bool:
        """Whether the server did not even start."""
        return self.kind in KINDS and KINDS[self.kind].before_anybody

    def as_json(self) -> str:
        """Return the parts that are not empty, as a JSON object in ASCII."""
        parts = {name: part for name, part in vars(self).items() if part != _EMPTY[name]}
        return json.dumps(parts, default=vars)


def verbatim(text: str) -> Diagnostic:
    """Return a diagnostic in someone else's words, such as pytest's on a mistake in a test."""
    return Diagnostic(headline=text, is_verbatim=True)


def diagnostic_of(text: str) -> Diagnostic:
    """Return the diagnostic that `as_json` has written."""
    parts = json.loads(text)
    for name in parts.keys() & _REBUILD.keys():
        parts[name] = _REBUILD[name](parts[name])
    return Diagnostic(**parts)


def _excerpt(part: dict[str, Any]) -> Excerpt:
    return Excerpt(tuple(part["lines"]), part["left_out"])


_EMPTY = vars(Diagnostic())
_REBUILD: dict[str, Callable[[Any], Any]] = {
    "comparison": lambda part: Comparison(**part),
    "details": tuple,
    "conversation": _excerpt,
    "remarks": tuple,
    "printed": _excerpt,
}  # JSON has neither tuples nor classes
