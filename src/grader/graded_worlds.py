"""In which worlds a file is graded, and how they are made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.files import given_file, graded_file
from grader.options import WORLDS, deadline
from room.contract import Serve, Worlds

if TYPE_CHECKING:  # it is for child processes, and the browser has none
    from room.worlds.simulated import Child

SERVE = pytest.StashKey[Serve]()
"""Set on the config, it is graded in place of any file, in this process (notebook.py)."""

EARLY = pytest.StashKey["Child"]()
"""On the config: the worlds whose first process starts while pytest reads the tests."""


def chosen_worlds(config: pytest.Config) -> list[str]:
    """The worlds in which each test is run."""
    if SERVE in config.stash:
        return ["in-process"]
    chosen = config.getoption("world")
    if chosen == "all":
        return [*WORLDS]
    if chosen:
        return [chosen]
    return [*WORLDS] if grades_ours(config) else ["child", "tls"]


def grades_ours(config: pytest.Config) -> bool:
    """Whether our solutions or starters are graded, and nothing that a learner wrote."""
    return not (SERVE in config.stash or config.getoption("mine") or config.getoption("file"))


def make_worlds(name: str, config: pytest.Config, test_path: Path) -> Worlds:
    """Worlds of this kind, of the file that the tests at `test_path` grade."""
    from room.in_process import InProcess

    if SERVE in config.stash:
        return InProcess(config.stash[SERVE])
    file = graded_file(config, test_path)
    if name == "in-process":
        return InProcess(file)
    if name == "child":
        return _child(file, config)
    return _tls(file, deadline(config))


def start_early(config: pytest.Config) -> None:
    """Let the first child process start while pytest reads the tests."""
    file = given_file(config)
    if chosen_worlds(config)[0] == "child" and file and file.is_file():
        config.stash[EARLY] = child = _child(file, config)
        child.process.running()


def _child(file: Path, config: pytest.Config) -> Child:
    from room.worlds.simulated import Child

    return Child(file, deadline(config))


def _tls(file: Path, seconds: float) -> Worlds:
    from grader.certificate import development_certificate
    from room.worlds.tls import Tls

    try:
        made = development_certificate()
    except Exception as error:  # no place to keep it, no way to make it: it says which
        pytest.fail(str(error), pytrace=False)
    return Tls(file, made.certificate, made.key, made.authority, seconds)
