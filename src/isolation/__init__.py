"""Grades someone else's file, isolated as well as this machine can isolate it.

- `level.py`         the three levels; `machine.py`: which of them work here
- `job.py`           what to grade, and what came of it
- `judging.py`       starts a judge for a job, believes only what it shows, and cleans up
- `judge_main.py`    the judge's own process, started afresh for each file
- `record.py`        results as JSON lines between the two
- `sandbox.py`       how bubblewrap holds judge and program
- `seccomp/`         the system calls that a program may not make
- `python_home.py`   the files that a learner's Python consists of
- `session.py`       what the gradings of one process share

What this package offers is looked up on first use: the judge's process needs one corner of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from isolation.job import Job, Judgement
    from isolation.judging import judge
    from isolation.level import Level
    from isolation.machine import best_level, why_not

__all__ = ["Job", "Judgement", "Level", "best_level", "judge", "why_not"]

_HOMES = {
    "Job": "isolation.job",
    "Judgement": "isolation.job",
    "Level": "isolation.level",
    "best_level": "isolation.machine",
    "judge": "isolation.judging",
    "why_not": "isolation.machine",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'isolation' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
