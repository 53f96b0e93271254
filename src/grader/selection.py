"""Which of the collected tests are run, with the options that choose a file."""

from __future__ import annotations

import pytest

from course import chapter_of_test
from grader.files import graded_file
from grader.items import is_graded, world_of


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take tests that are not wanted out of `items`.

    Raises pytest.UsageError where --file cannot be of all the chapters whose tests are given.
    """
    _keep(config, items, [item for item in items if not _is_of_another_world(item)])
    if config.getoption("mine") or config.getoption("starter") or config.getoption("file"):
        _keep(config, items, [item for item in items if is_graded(item)])
    if config.getoption("mine"):
        _keep_what_was_started(config, items)
    if config.getoption("file"):
        _keep_one_chapter(config, items)


def _is_of_another_world(item: pytest.Item) -> bool:
    """Whether the test depends on one turn of the loop, which is luck on real sockets."""
    simulated_only = item.get_closest_marker("simulated") is not None
    return simulated_only and is_graded(item) and world_of(item) == "tls"


def _keep_what_was_started(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --mine, only chapters whose file is there; all of them when none is, to tell so."""
    started = [item for item in items if graded_file(config, item.path).is_file()]
    if started:
        _keep(config, items, started)


def _keep_one_chapter(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --file, the tests of the chapter it is called by, if there are more than one's."""
    chapters = {_name_of(item) for item in items}
    if len(chapters) < 2:
        return
    name = config.getoption("file").stem
    if name not in chapters:
        raise pytest.UsageError(
            f"--file {config.getoption('file')} can be of one chapter only: name that chapter's "
            "tests as well, such as tests/chapters/test_ch03_on_connection.py."
        )
    _keep(config, items, [item for item in items if _name_of(item) == name])


def _name_of(item: pytest.Item) -> str:
    chapter = chapter_of_test(item.path)
    return chapter.name if chapter else ""


def _keep(config: pytest.Config, items: list[pytest.Item], kept: list[pytest.Item]) -> None:
    left_out = [item for item in items if item not in kept]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
