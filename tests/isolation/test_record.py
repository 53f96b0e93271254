"""Results travel as bounded JSON, and what is no result is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grader.report import FAILED, Result
from isolation import record
from isolation.record import as_json, from_json
from room.drawing import Sent
from room.failure.diagnostic import Diagnostic, Excerpt
from room.wire import Malformed
from simnet import Event

RESULT = Result(
    task="3.1",
    title="Greet",
    test="a newcomer is greeted",
    world="child",
    verdict=FAILED,
    seed=7,
    line=12,
    diagnostic=Diagnostic(headline="nothing came", conversation=Excerpt(("ann -> server",), 3)),
    printed="hello\n",
    function="test_a_newcomer_is_greeted",
    through=("3.1", "3.2"),
    code="def test(): ...",
    events=(Event(0.5, "ann", "server", "data", b"\xff\n"),),
    sent=(Sent("ann", b"\xff"), Sent("ann", b"\n")),
)


def travelled(result: Result) -> Result:
    return from_json(json.loads(json.dumps(as_json(result))))


def test_a_result_is_the_same_afterwards() -> None:
    assert travelled(RESULT) == RESULT


def test_long_texts_are_cut() -> None:
    many = tuple(Event(0.0, "ann", "server", "data", b"x" * 1000) for _ in range(5000))
    huge = Diagnostic(headline="y" * 1_000_000)
    found = travelled(RESULT._replace(printed="z" * 10**6, events=many, diagnostic=huge))
    assert len(found.printed) == record.MOST_PRINTED
    assert sum(len(event.data) for event in found.events) <= record.MOST_DATA
    assert found.sent == ()  # without its beginning, a conversation shows no split reads
    assert len(found.text) < 2000


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "excellent"},
        {"task": 3},
        {"seed": True},
        {"through": ["3.1", 7]},
        {"events": [[0, "ann"]]},
        {"sent": [["ann"]]},
        {"sent": [["ann", "\u20ac"]]},
        {"events": [[0, "ann", "server", "data", "\u20ac"]]},
        {"diagnostic": "no JSON"},
        {"diagnostic": "[]"},
        {"code": None},
    ],
)
def test_what_is_no_result_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        from_json({**as_json(RESULT), **change})


@pytest.mark.parametrize("nothing", [None, [], "passed", {}, {"verdict": "passed"}])
def test_something_else_is_refused(nothing: object) -> None:
    with pytest.raises(Malformed):
        from_json(nothing)
