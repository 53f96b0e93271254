"""What is kept of a result: all of a failure, and of a test that passed only that it did.

The conversation of a test that passed would be most of the file, and nobody looks at it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grader.report import PASSED, Result
from isolation.record import as_json, from_json

MOST_EVENTS = 200  # of a conversation that failed, the last ones
LONGEST = 4000  # characters of what was printed


def as_data(results: Iterable[Result]) -> list[dict[str, Any]]:
    """Return the results as what `json.dumps` takes. Empty fields are left out."""
    return [
        {key: value for key, value in as_json(_trimmed(each)).items() if value} for each in results
    ]


def results_of(data: Iterable[dict[str, Any]]) -> tuple[Result, ...]:
    """Return the results that `as_data` has written."""
    empty = as_json(Result("", "", "", "", ""))
    return tuple(from_json({**empty, **each}) for each in data)


def _trimmed(result: Result) -> Result:
    if result.verdict == PASSED:
        return result._replace(code="", events=(), sent=(), printed="", diagnostic=None)
    events = result.events[-MOST_EVENTS:]
    sent = result.sent if len(events) == len(result.events) else ()
    return result._replace(code="", events=events, sent=sent, printed=result.printed[:LONGEST])
