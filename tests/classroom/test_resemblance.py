"""Which of our wrong solutions a submission resembles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from classroom.known_mistakes import read_known_mistakes, resembled
from course import Chapter
from grader.report import FAILED, PASSED, Result
from room.failure import Diagnostic
from room.failure.compare import Comparison

ROOT = Path(__file__).parents[2]
RELAY = Chapter(ROOT, "ch06_relay")
OURS = RELAY.solution.read_text()
TABLE = json.loads((ROOT / "tests/mutants/golden/ch06_relay/table.json").read_text())
LOOP = """        for other, _ in handler.butterflies.values():
            if other is not butterfly:
                other.write(butterfly.nick + b": " + data)
"""

THEIRS = {
    "uses_self": """        for client, task in self.butterflies.values():
            if client is not butterfly:
                client.write(butterfly.nick + b": " + data)
""",
    "strips": """        message = data.strip()
        for client, task in handler.butterflies.values():
            if client is not butterfly:
                client.write(butterfly.nick + b": " + message)
""",
    "tells_the_first_one_only": """        for client, task in handler.butterflies.values():
            if client is not butterfly:
                client.write(butterfly.nick + b": " + data)
                return
""",
}
SAYS = {
    "uses_self": Diagnostic(
        comparison=Comparison("bob", 'b"ann: hello\\n"', 'b"ann has left the room.\\n"'),
        rule="When a client says something, the others receive exactly its nickname",
        reason="NameError: name 'self' is not defined",
    ),
    "strips": Diagnostic(
        comparison=Comparison("bob", 'b"ann: hello\\n"', 'b"ann: hello"'),
        explanation="Only the newline at the end is missing.",
    ),
    "tells_the_first_one_only": Diagnostic(
        comparison=Comparison("cy", 'b"ann: hello\\n"', "nothing"),
        explanation="Nothing came here. What the server wrote last went to bob.",
        rule="Everyone who has joined, except the speaker, receives what is said, once.",
    ),
}


def results_like(mistake: str, diagnostic: Diagnostic) -> list[Result]:
    """Results in which the tests fail that fail for a known mistake."""
    every = dict.fromkeys(test for tests in TABLE.values() for test in tests)
    return [
        Result(
            *("6.1", "relay", test.removeprefix("test_").replace("_", " "), "child"),
            verdict=FAILED if test in TABLE[mistake] else PASSED,
            line=number,
            function=test,
            diagnostic=diagnostic if test in TABLE[mistake] else None,
        )
        for number, test in enumerate(every)
    ]


@pytest.mark.parametrize("mistake", THEIRS)
def test_a_mistake_written_in_another_way_is_recognized(mistake: str) -> None:
    assert LOOP in OURS
    source = OURS.replace(LOOP, THEIRS[mistake])
    known = read_known_mistakes(RELAY)
    found = resembled(results_like(mistake, SAYS[mistake]), source, known, OURS)
    assert found
    assert found.name == mistake


def test_what_is_like_nothing_is_not_named() -> None:
    results = [
        Result("6.1", "relay", "it works", "child", FAILED, function="test_of_a_teacher"),
        Result("6.1", "relay", "it works too", "child", PASSED, function="test_another"),
    ]
    assert resembled(results, OURS, read_known_mistakes(RELAY), OURS) is None


def test_a_right_submission_resembles_none() -> None:
    results = [r._replace(verdict=PASSED) for r in results_like("strips", Diagnostic())]
    assert resembled(results, OURS, read_known_mistakes(RELAY), OURS) is None


def test_an_edition_without_mutants_has_no_known_mistakes(tmp_path: Path) -> None:
    assert read_known_mistakes(Chapter(tmp_path, "ch06_relay")) == []
