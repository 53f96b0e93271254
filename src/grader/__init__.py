"""The graders' machinery: tests of a chapter become verdicts on its tasks.

- `plugin.py`            the pytest plugin: its hooks
- `options.py`, `selection.py`, `items.py`    what is graded, and what each test is about
- `run.py`               the one launcher of pytest: for the command, notebooks and mutants
- `files.py`, `graded_worlds.py`    which file a chapter's tests grade, in which worlds
- `run_test.py`          one test with one seed; `known_breakdowns.py`: when it need not be tried
- `second_judge.py`      a second judge on a processor that is idle
- `report.py`            what became of each task, in which order it is shown
- `notebook.py`          `grade("1.1", serve)` and `hint("1.1")`, for a notebook's cells
- `hints.py`             the hint for the mistake that was made, and the next one
- `whose_line.py`        which task a line belongs to; `suspicions.py`: what a file gives away
- `certificate.py`       the development certificate, for grading and serving over TLS

They are looked up on first use: serving needs the certificate and no pytest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.notebook import grade, hint

__all__ = ["grade", "hint"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'grader' has no attribute {name!r}")
    return getattr(import_module("grader.notebook"), name)
