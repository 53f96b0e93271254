"""A line that says which tasks have passed, to carry progress from one device to another.

    progress-1:0.1,0.2,1.1:0

After the version come the tasks, then the chapters that have passed as a whole. The playground on
the site writes and reads the same line (playground/src/progress_line.ts).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from course import Chapter
from grader.report import PASSED, place_of

_LINE = re.compile(r"progress-1:((?:\d+\.\d+(?:,\d+\.\d+)*)?):((?:\d+(?:,\d+)*)?)")


def line_of(verdicts: Mapping[Chapter, Mapping[str, str]]) -> str:
    """Return the line for these verdicts: of each chapter, of all its tasks."""
    passed = {
        chapter: [task for task, verdict in of_it.items() if verdict == PASSED]
        for chapter, of_it in verdicts.items()
    }
    tasks = sorted((task for of_it in passed.values() for task in of_it), key=place_of)
    whole = [
        str(chapter.number)
        for chapter, of_it in verdicts.items()
        if of_it and len(passed[chapter]) == len(of_it)
    ]
    return f"progress-1:{','.join(tasks)}:{','.join(whole)}"


def passed_in(line: str, known: Iterable[str]) -> list[str]:
    """Return the tasks of a line that has been pasted, those of them that are `known`.

    Raises `ValueError` with a sentence for a line that is not one.
    """
    found = _LINE.fullmatch(line.strip())
    if found is None:
        raise ValueError(
            "This is not a progress line. A progress line begins with `progress-1:`. In the "
            "playground, it is under *Progress*."
        )
    pasted = set(found[1].split(","))
    return [task for task in known if task in pasted]
