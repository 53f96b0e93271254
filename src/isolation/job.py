"""What is to be graded, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.report import Result
from isolation.level import Level

GRADED = "graded"
TOO_LONG = "took too long"
BROKE = "broke"


@dataclass(frozen=True)
class Job:
    """A file to grade, with the tests of a chapter and maybe a teacher's own."""

    root: Path  # the checkout with chapters, tests and solutions; only the judge reads it
    chapter: str  # "ch06_relay"
    file: Path  # the submitted Python file; it is copied once more
    worlds: tuple[str, ...]  # ("child",) or ("child", "tls")
    seeds: int  # conversations for each test; over TLS a tenth of them
    first_seed: int = 0
    hidden_tests: Path | None = None  # the teacher's own test file
    deadline: float = 120.0  # seconds on the clock, for the whole


@dataclass(frozen=True)
class Judgement:
    """The results of one grading. A test without a result of its own has failed."""

    level: Level
    results: tuple[Result, ...]  # of every test in every world; empty when nothing ran
    outcome: str  # GRADED, TOO_LONG or BROKE
    trouble: str  # one line for the teacher; "" when graded
    seconds: float
