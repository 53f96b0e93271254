"""A course of three small chapters: what it is made of, and how far somebody has come in it."""

from __future__ import annotations

import os
from pathlib import Path

from course import Chapter
from grader.report import Result
from room.failure import verbatim
from workbook.checkout.progress import load
from workbook.checkout.project import find_chapter

TASKS = """
title = "{title}"
minutes = {minutes}
assumes = "patience"

[[task]]
id = "{number}.1"
title = "ask"
points = 10
minutes = 10
hints = ["Look at what arrives.", "There is butterfly.write."]

[[task.mistake]]
says = "not str"
hint = "Text is not bytes."

[[task]]
id = "{number}.2"
title = "answer"
points = 10
minutes = 15
hints = ["Say it."]
"""


def started(course: Path, number: int, at: int | None = None) -> Chapter:
    """A chapter of the course whose file is in work/, saved at this time (or now)."""
    chapter = find_chapter(course, str(number))
    chapter.work.parent.mkdir(exist_ok=True)
    chapter.work.write_bytes(chapter.starter.read_bytes())
    if at is not None:
        os.utime(chapter.work, (at, at))
    return chapter


def checked(chapter: Chapter, first: str, second: str, text: str = "what went wrong") -> None:
    """Remember a check of a started chapter, with these verdicts on its two tasks."""
    asked = Result(f"{chapter.number}.1", "ask", "ann is asked", "child", first)
    answered = Result(f"{chapter.number}.2", "answer", "ann is answered", "child", second)
    results = [each._replace(diagnostic=verbatim(text)) for each in (asked, answered)]
    load(chapter.root).record_check(chapter, results)
