"""What a pytest item of a chapter is about: its task, its world, its seeds, its name in words."""

from __future__ import annotations

import re

import pytest

from course import chapter_of_test
from grader.graded_worlds import grades_ours

SEEDS = {"in-process": 50, "child": 50, "tls": 2}
SEEDS_OF_OURS = SEEDS | {"in-process": 10}  # our solution meets the other seeds in the child


def is_graded(item: pytest.Item) -> bool:
    """Whether the test takes a `room`, and so grades a file."""
    return "room_worlds" in getattr(item, "fixturenames", ())


def task_of(item: pytest.Item) -> str:
    """The id of the task that a graded item grades, such as "3.1"."""
    marker = item.get_closest_marker("task")
    assert marker is not None  # check_marker saw to it
    return str(marker.args[0])


def world_of(item: pytest.Item) -> str:
    """ "in-process", "child" or "tls"; "" for an item that is not graded."""
    return str(item.callspec.params["room_worlds"]) if isinstance(item, pytest.Function) else ""


def seeds_of(item: pytest.Function) -> range:
    """The seeds with which the test is run, one room each."""
    one, many = item.config.getoption("seed"), item.config.getoption("seeds")
    if one is not None:
        return range(one, one + 1)
    seeds = SEEDS_OF_OURS if grades_ours(item.config) else SEEDS
    return range(many or seeds[world_of(item)])


def weather_of(item: pytest.Item) -> str:
    """How bytes travel in this test: "calm" or "choppy"."""
    marker = item.get_closest_marker("weather")
    return str(marker.args[0]) if marker else "calm"


def sentence_of(item: pytest.Item) -> str:
    """`a newcomer is announced` of test_a_newcomer_is_announced."""
    name = getattr(item, "originalname", None) or item.name
    return str(name).removeprefix("test_").replace("_", " ")


def check_marker(item: pytest.Item) -> None:
    """Raise pytest.UsageError for a test of a chapter that names no task."""
    if not chapter_of_test(item.path) and not is_graded(item):
        return
    marker = item.get_closest_marker("task")
    given = marker.args[0] if marker and len(marker.args) == 1 and not marker.kwargs else ""
    if not re.fullmatch(r"\d+\.\d+", str(given)):
        raise pytest.UsageError(
            f'{item.nodeid} names no task: write @pytest.mark.task("3.1"), with its id, above it.'
        )
