"""The pytest options that choose what is graded, where, and with which seeds."""

from __future__ import annotations

import argparse
import contextlib
from math import inf
from pathlib import Path

import pytest

WORLDS = ("in-process", "child", "tls")
LIMIT = 60.0  # seconds for the whole check of a learner's file


def add_options(parser: pytest.Parser) -> None:
    """Add the options to pytest's command line."""
    group = parser.getgroup("grading", "grading a chapter (without these: the solutions)")
    group.addoption("--mine", action="store_true", help="grade your own file, in work/")
    group.addoption("--starter", action="store_true", help="grade the starter of the chapter")
    group.addoption("--file", type=Path, metavar="PATH", help="grade this file")
    group.addoption(
        "--world",
        choices=[*WORLDS, "all"],
        help="where it runs (all; a learner's file never runs in this process unless you say so)",
    )
    group.addoption("--seeds", type=_positive, metavar="N", help="seeds 0 to N-1 (10; 1 over TLS)")
    group.addoption("--tls-seeds", type=_positive, metavar="N", help="as many over TLS (--seeds)")
    group.addoption("--first-seed", type=int, default=0, metavar="N", help="count from here (0)")
    group.addoption("--seed", type=int, metavar="N", help="this seed only")
    group.addoption(
        "--deadline",
        type=_seconds,
        metavar="SECONDS",
        help="for an answer, of work or of sleep, before it is a hang (1.5)",
    )
    group.addoption(
        "--each-alone",
        action="store_true",
        help="judge each test by itself: what it needs of other tasks is being computed",
    )
    group.addoption(
        "--limit",
        type=_seconds,
        metavar="SECONDS",
        help="for a learner's file, all in all, before the check takes too long (60)",
    )
    group.addoption(
        "--prove",
        action="store_true",
        help="look in each conversation whether the program's mistakes would be reported",
    )
    group.addoption(
        "--alone", action="store_true", help="use one processor: the others are wanted elsewhere"
    )


def check_options(config: pytest.Config) -> None:
    """Raise `pytest.UsageError` for options that exclude each other."""
    chosen = [name for name in ("mine", "starter", "file") if config.getoption(name)]
    if len(chosen) > 1:
        given = " and ".join(f"--{name}" for name in chosen)
        raise pytest.UsageError(f"{given} exclude each other: one file is graded.")


def deadline(config: pytest.Config) -> float:
    """Return the seconds of work or of sleep after which a missing answer is a hang."""
    from room.worlds.process import DEADLINE

    return float(config.getoption("deadline") or DEADLINE)


def limit(config: pytest.Config) -> float:
    """Return the seconds on the clock for all tests of a file; infinite for our own files."""
    given = config.getoption("limit")
    if given is not None:
        return float(given)
    is_learners = config.getoption("mine") or config.getoption("file")
    return LIMIT if is_learners and not config.getoption("usepdb") else inf


def _positive(number: str) -> int:
    if not number.isdigit() or int(number) == 0:
        raise argparse.ArgumentTypeError(f"{number} is not a number of seeds: give 1 or more")
    return int(number)


def _seconds(number: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 < float(number) < float("inf"):
            return float(number)
    raise argparse.ArgumentTypeError(f"{number} is not a number of seconds: give more than 0")
