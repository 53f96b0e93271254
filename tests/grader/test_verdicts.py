"""A task is never wrong because of another one, and never right because another one is missing."""

import pytest

from grader.report import FAILED, NOT_WRITTEN, PASSED, WAITS, Result, verdicts
from grader.verdicts import settled


def result(task: str, verdict: str, through: str = "", blames: str = "") -> Result:
    passes = tuple(dict.fromkeys([task, *through.split()]))
    return Result(task, "", f"{task} {through}", "child", verdict, through=passes, blames=blames)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        pytest.param(
            [result("3.1", PASSED), result("3.1", FAILED, "3.2"), result("3.2", FAILED)],
            {"3.1": "waits for 3.2", "3.2": FAILED},
            id="right by itself, and failing with the next",
        ),
        pytest.param(
            [result("3.1", FAILED), result("3.2", FAILED, "3.1")],
            {"3.1": FAILED, "3.2": "waits for 3.1"},
            id="built on one that is wrong",
        ),
        pytest.param(
            [result("3.1", FAILED), result("3.2", FAILED)],
            {"3.1": FAILED, "3.2": FAILED},
            id="wrong by itself, both of them",
        ),
        pytest.param(
            [result("3.1", FAILED, "3.2"), result("3.2", FAILED, "3.1")],
            {"3.1": FAILED, "3.2": "waits for 3.1"},
            id="nothing tells them apart: the first in the book",
        ),
        pytest.param(
            [result("3.1", FAILED, "3.2", blames="3.2"), result("3.2", FAILED, "3.1")],
            {"3.1": "waits for 3.2", "3.2": FAILED},
            id="the line that failed is the other's",
        ),
        pytest.param(
            [
                result("5.1", PASSED),
                result("5.1", FAILED, "5.2 5.3"),
                result("5.2", FAILED, "5.3"),
                result("5.2", PASSED),
                result("5.3", FAILED),
            ],
            {"5.1": "waits for 5.3", "5.2": "waits for 5.3", "5.3": FAILED},
            id="two wait for a third",
        ),
        pytest.param(
            [result("3.1", PASSED), result("3.1", FAILED, "3.2"), result("3.2", PASSED)],
            {"3.1": FAILED, "3.2": PASSED},
            id="failing with one that passes everything",
        ),
        pytest.param(
            [result("3.1", FAILED), result("3.2", FAILED, "3.1", blames="3.2")],
            {"3.1": FAILED, "3.2": "waits for 3.1"},
            id="the line that failed only uses what an earlier task has made",
        ),
        pytest.param(
            [
                result("5.2", FAILED),
                result("5.2", FAILED, "5.3", blames="5.3"),
                result("5.3", FAILED, "5.2", blames="5.3"),
            ],
            {"5.2": FAILED, "5.3": "waits for 5.2"},
            id="what the earlier one leaves behind breaks the later one's line",
        ),
        pytest.param(
            [result("5.1", FAILED, blames="5.2"), result("5.2", PASSED, "5.1")],
            {"5.1": FAILED, "5.2": PASSED},
            id="the line that failed is one that it should not have come to",
        ),
        pytest.param(
            [result("3.1", PASSED), result("3.2", NOT_WRITTEN)],
            {"3.1": PASSED, "3.2": NOT_WRITTEN},
            id="the other is not written",
        ),
        pytest.param(
            [result("3.1", WAITS)._replace(waits_for=("3.2",)), result("3.1", PASSED)],
            {"3.1": "waits for 3.2"},
            id="one test waits",
        ),
        pytest.param(
            [result("3.1", WAITS)._replace(waits_for=("3.2",)), result("3.1", FAILED)],
            {"3.1": FAILED},
            id="one test waits and another has failed",
        ),
    ],
)
def test_who_is_to_blame(results: list[Result], expected: dict[str, str]) -> None:
    assert verdicts(settled(results)) == expected
    assert verdicts(settled(results[::-1])) == expected


def test_something_is_always_to_blame_when_something_failed() -> None:
    """A round in which each waits for the next would leave the learner with nothing to do."""
    around = [
        result("1.1", PASSED),
        result("1.2", PASSED),
        result("1.1", FAILED, "1.2"),
        result("1.2", FAILED, "1.1"),
    ]
    assert FAILED in verdicts(settled(around)).values()
