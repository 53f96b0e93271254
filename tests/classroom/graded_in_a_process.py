"""A run over a class in a process of its own, to be killed.

    python graded_in_a_process.py CHECKOUT CHAPTER SUBMISSIONS OUTPUT JUDGE

JUDGE is "fake", for one that takes a few milliseconds and writes down that it was asked, or "real".
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

from small_class import FakeJudge, Silent

import isolation
from classroom.class_run import ClassRun, Options
from course import Chapter
from isolation import Job, Judgement, Level, best_level


class SlowJudge(FakeJudge):
    """Takes its time, so that a kill finds it at work."""

    def __init__(self, diary: Path) -> None:
        super().__init__()
        self._diary = os.open(diary, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def __call__(self, job: Job, level: Level) -> Judgement:
        judgement = super().__call__(job, level)
        time.sleep(random.uniform(0, 0.01))
        os.write(self._diary, f"{job.file.parent.name}\n".encode())
        return judgement


def main(root: str, chapter: str, place: str, output: str, judge: str) -> None:
    class_file = Path(place).with_name("class.toml")
    options = Options(
        root=Path(root),
        submissions=(Path(place),),
        output=Path(output),
        level=best_level() if judge == "real" else Level.SANDBOX,
        chapters=(Chapter(Path(root), chapter),),
        class_file=class_file if class_file.is_file() else None,
        jobs=2,
    )
    how = isolation.judge if judge == "real" else SlowJudge(Path(f"{output}.diary"))
    ClassRun(options, how).grade(Silent())


if __name__ == "__main__":
    main(*sys.argv[1:])
