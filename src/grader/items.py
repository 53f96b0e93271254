"""The facts about a pytest item of a chapter: its task, world, seeds, weather and name in words."""

from __future__ import annotations

import re

import pytest

from course import chapter_of_test
from grader.effort import effort_of
from grader.graded_worlds import grades_ours
from grader.passage import Passage, passage_of

SEEDS = {"in-process": 10, "child": 10, "tls": 1}
"""Ten conversations meet every kind of name, text and pace (src/room/cast.py)."""

SEEDS_OF_OURS = {"in-process": 10, "child": 50, "tls": 2}
"""Our own solutions are tried more often, because that is when a test shows what it refuses."""


def is_graded(item: pytest.Item) -> bool:
    """Return whether the test takes a `room`, and so grades a file."""
    return "room_worlds" in getattr(item, "fixturenames", ())


def task_of(item: pytest.Item) -> str:
    """Return the id of the task that a graded item grades, such as "3.1"."""
    marker = item.get_closest_marker("task")
    assert marker is not None  # check_marker made sure
    return str(marker.args[0])


def world_of(item: pytest.Item) -> str:
    """Return "in-process", "child" or "tls", or "" for an item that is not a function."""
    return str(item.callspec.params["room_worlds"]) if isinstance(item, pytest.Function) else ""


def seeds_of(item: pytest.Function) -> range:
    """Return the seeds with which the test is run, each in a room of its own.

    They can become fewer after the first conversations (effort.py), unless someone asked for a
    number of them. A grading of other people's files asks too, but it has to end in time.
    """
    option, world = item.config.getoption, world_of(item)
    one = option("seed")
    if one is not None:
        return range(one, one + 1)
    usual = SEEDS_OF_OURS if grades_ours(item.config) else SEEDS
    given = (option("tls_seeds") if world == "tls" else None) or option("seeds")
    number = given or usual[world]
    if not given or option("prove"):
        number = effort_of(item.config, item.path).seeds(number)
    first = option("first_seed")
    return range(first, first + number)


def weather_of(item: pytest.Item) -> str:
    """Return how bytes travel in this test: "calm" or "choppy"."""
    marker = item.get_closest_marker("weather")
    return str(marker.args[0]) if marker else "calm"


def passage_for(item: pytest.Function) -> Passage | None:
    """Return the tasks that the test passes through and needs; None if unknown."""
    if item.config.getoption("each_alone"):
        return None
    return passage_of(item.path, item.originalname)


def sentence_of(item: pytest.Item) -> str:
    """Return `a newcomer is announced` for test_a_newcomer_is_announced."""
    name = getattr(item, "originalname", None) or item.name
    return str(name).removeprefix("test_").replace("_", " ")


def check_marker(item: pytest.Item) -> None:
    """Raise `pytest.UsageError` for a test of a chapter that does not name its task."""
    if not chapter_of_test(item.path) and not is_graded(item):
        return
    marker = item.get_closest_marker("task")
    task = marker.args[0] if marker and len(marker.args) == 1 else ""
    others = marker.kwargs.keys() - {"rule"} if marker else set()
    if others or not re.fullmatch(r"\d+\.\d+", str(task)):
        raise pytest.UsageError(
            f'{item.nodeid} names no task: write @pytest.mark.task("3.1"), with its id, above it.'
        )
