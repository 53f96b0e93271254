"""Selects the tests to run from those collected, by the options that choose a file."""

from __future__ import annotations

import pytest

from course import chapter_of_test
from grader.files import graded_file
from grader.items import is_graded, world_of
from room.transcript import on_screen


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Remove from `items` the tests that the options do not select.

    Raises `pytest.UsageError` when --file is given with the tests of several chapters, and the
    file's name is not one of theirs.
    """
    _keep(config, items, [item for item in items if not _is_left_to_simulation(item)])
    if config.getoption("mine") or config.getoption("starter") or config.getoption("file"):
        _keep(config, items, [item for item in items if is_graded(item)])
    if config.getoption("mine"):
        _keep_started_chapters(config, items)
    if config.getoption("file"):
        _keep_one_chapter(config, items)


def _is_left_to_simulation(item: pytest.Item) -> bool:
    """Return whether the test depends on one turn of the loop, and this item uses real sockets."""
    simulated_only = item.get_closest_marker("simulated") is not None
    return simulated_only and is_graded(item) and world_of(item) == "tls"


def _keep_started_chapters(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the chapters whose file exists. If none does, keep all: the plugin reports that."""
    started = [item for item in items if graded_file(config, item.path).is_file()]
    if started:
        _keep(config, items, started)


def _keep_one_chapter(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the chapter that the file is named after, if there are several chapters.

    Tests that belong to no chapter stay: a teacher's own, for example.
    """
    chapters = {_chapter_of(item) for item in items} - {""}
    if len(chapters) < 2:
        return
    name = config.getoption("file").stem
    if name not in chapters:
        shown = on_screen(str(config.getoption("file")))
        raise pytest.UsageError(
            f"--file {shown} can be of one chapter only: name that chapter's tests as well, such "
            "as tests/chapters/test_ch03_on_connection.py."
        )
    _keep(config, items, [item for item in items if _chapter_of(item) in (name, "")])


def _chapter_of(item: pytest.Item) -> str:
    chapter = chapter_of_test(item.path)
    return chapter.name if chapter else ""


def _keep(config: pytest.Config, items: list[pytest.Item], kept: list[pytest.Item]) -> None:
    left_out = [item for item in items if item not in kept]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
