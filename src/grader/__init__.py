"""The graders' machinery: tests of a chapter become verdicts on its tasks.

- `plugin.py`            the pytest plugin: its hooks
- `options.py`, `selection.py`, `items.py`    what is graded, and what each test is about
- `run.py`               the one launcher of pytest: for the command, notebooks and mutants
- `files.py`, `graded_worlds.py`    which file a chapter's tests grade, in which worlds
- `run_test.py`          one test with one seed; `known_breakdowns.py`: when it need not be tried
- `effort.py`            how much is tried of one file: the time, and the seeds
- `second_judge.py`      a second judge on a processor that is idle
- `report.py`            what became of each task, in which order it is shown
- `notebook.py`          `grade("1.1", serve)`, for a notebook's cells
- `certificate.py`       the development certificate, for grading and serving over TLS

`grade` and `solution` are looked up on first use: serving needs the certificate and no pytest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.notebook import grade

__all__ = ["grade"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'grader' has no attribute {name!r}")
    return getattr(import_module("grader.notebook"), name)
