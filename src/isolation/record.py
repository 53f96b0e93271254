"""Turns results into JSON and back, between the judge's process and the one that asked for it.

Only the judge holds the other end, but the texts in a result come from the program that was judged.
So what is written is bounded, and every field is checked when it is read. Nothing is ever pickled.
"""

from __future__ import annotations

import json
from typing import Any

from grader.report import FAILED, NOT_WRITTEN, PASSED, WAITS, Result
from room.drawing import Sent
from room.failure.diagnostic import diagnostic_of, verbatim
from room.wire import Malformed, event_fields, event_of, typed
from simnet import Event

MOST_PRINTED = 20_000  # characters kept of what a program printed
MOST_EVENTS = 1000  # kept of a conversation: the last ones
MOST_DATA = 200_000  # bytes in them
MOST_DIAGNOSTIC = 200_000  # characters, as JSON
_VERDICTS = {PASSED, FAILED, NOT_WRITTEN, WAITS}
_TEXTS = (
    *("task", "title", "test", "world", "verdict", "remark", "printed", "function"),
    *("blames", "code"),
)
_TASKS = ("reached", "through", "waits_for")


def as_json(result: Result) -> dict[str, Any]:
    """Return a result as what `json.dumps` takes, cut to a bounded length."""
    fields: dict[str, Any] = {name: getattr(result, name) for name in _TEXTS}
    fields |= {name: list(getattr(result, name)) for name in _TASKS}
    diagnostic = result.diagnostic
    if diagnostic is not None and len(diagnostic.as_json()) > MOST_DIAGNOSTIC:
        diagnostic = verbatim(diagnostic.headline[:1000])
    events = _last(result.events)
    is_whole = len(events) == len(result.events)  # else nobody can tell which write was read where
    return fields | {
        "printed": result.printed[:MOST_PRINTED],
        "seed": result.seed,
        "line": result.line,
        "diagnostic": diagnostic and diagnostic.as_json(),
        "events": [event_fields(event) for event in events],
        "sent": _written(result.sent) if is_whole else [],
    }


def from_json(fields: object) -> Result:
    """Return the result that `as_json` was given. Raises `Malformed`."""
    try:
        given = typed(fields, dict)
        if given["verdict"] not in _VERDICTS:
            raise Malformed("a verdict that does not exist")
        diagnostic = given["diagnostic"]
        parts: dict[str, Any] = {name: typed(given[name], str) for name in _TEXTS}
        parts |= {name: tuple(typed(task, str) for task in given[name]) for name in _TASKS}
        return Result(
            **parts,
            seed=typed(given["seed"], int),
            line=typed(given["line"], int),
            diagnostic=None if diagnostic is None else diagnostic_of(typed(diagnostic, str)),
            events=tuple(event_of(event) for event in typed(given["events"], list)),
            sent=tuple(_sent(each) for each in typed(given["sent"], list)),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Malformed(f"not a result: {error}") from error


def line_of(message: dict[str, Any]) -> bytes:
    """Return a message as one line."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def _written(sent: tuple[Sent, ...]) -> list[list[str]]:
    if len(sent) > MOST_EVENTS or sum(len(each.data) for each in sent) > MOST_DATA:
        return []
    return [[each.client, each.data.decode("latin-1")] for each in sent]


def _sent(fields: object) -> Sent:
    client, data = typed(fields, list)
    return Sent(typed(client, str), typed(data, str).encode("latin-1"))


def _last(events: tuple[Event, ...]) -> list[Event]:
    kept: list[Event] = []
    size = 0
    for event in reversed(events[-MOST_EVENTS:]):
        size += len(event.data)
        if size > MOST_DATA:
            break
        kept.append(event)
    return kept[::-1]
