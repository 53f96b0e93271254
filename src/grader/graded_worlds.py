"""The worlds in which a file is graded: which ones, and how they are made."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.effort import effort_of
from grader.files import given_file, graded_file
from grader.options import WORLDS, deadline, limit
from room.contract import Serve, WorldFailure, Worlds
from room.limit import Limit

if TYPE_CHECKING:  # it starts child processes, and the browser has none
    from room.worlds.launch import Launcher
    from room.worlds.simulated import Child

SERVE = pytest.StashKey[Serve]()
"""On the config: a function to grade in this process, instead of a file (notebook.py)."""

LAUNCHER: pytest.StashKey[Launcher] = pytest.StashKey()
"""On the config: starts the child processes, in isolation (run.py)."""

EARLY = pytest.StashKey["Child"]()
"""On the config: the child worlds whose process starts while pytest reads the tests."""


def chosen_worlds(config: pytest.Config) -> list[str]:
    """Return the kinds of worlds in which each test is run."""
    if SERVE in config.stash:
        return ["in-process"]
    chosen = config.getoption("world")
    if chosen == "all":
        return [*WORLDS]
    if chosen:
        return [chosen]
    return [*WORLDS] if grades_ours(config) else ["child", "tls"]


def grades_ours(config: pytest.Config) -> bool:
    """Return whether our solutions or starters are graded, and nothing that a learner wrote."""
    return not (SERVE in config.stash or config.getoption("mine") or config.getoption("file"))


def make_worlds(name: str, config: pytest.Config, test_path: Path) -> Worlds:
    """Return worlds of this kind on the file that the tests at `test_path` grade."""
    from room.in_process import InProcess

    if SERVE in config.stash:
        from room.child.program import passed_over_in_cell

        return InProcess(passed_over_in_cell(config.stash[SERVE]))
    file = graded_file(config, test_path)
    if name == "in-process":
        return InProcess(file)
    whole = effort_of(config, test_path).limit
    if name == "child":
        return _child(file, config, whole)
    return _tls(file, config, whole)


def start_early(config: pytest.Config) -> None:
    """Start the first child process now, so it starts up while pytest reads the tests."""
    file = given_file(config)
    if chosen_worlds(config)[0] == "child" and file and file.is_file():
        config.stash[EARLY] = child = _child(file, config, Limit(limit(config)))
        with contextlib.suppress(WorldFailure):  # it is told when it is needed
            child.process.running()


def _child(file: Path, config: pytest.Config, whole: Limit) -> Child:
    from room.worlds.simulated import Child

    return Child(file, deadline(config), whole, config.stash.get(LAUNCHER, None))


def _tls(file: Path, config: pytest.Config, whole: Limit) -> Worlds:
    from grader.certificate import development_certificate
    from room.worlds.tls import Tls

    try:
        made = development_certificate()
    except Exception as error:  # it cannot be made or stored; the error says which
        pytest.fail(str(error), pytrace=False)
    launcher = config.stash.get(LAUNCHER, None)
    return Tls(file, *made, deadline(config), whole, launcher)
