"""Finds the task to which a line of the learner's file belongs.

A starter marks each task with a comment, `# Task 3.1`, which stays when the `raise` below it is
replaced. The task's lines are those from the comment to the next line that the starter has too.
"""

from __future__ import annotations

import functools
import linecache
import re
from difflib import SequenceMatcher
from pathlib import Path

_MARK = re.compile(r"\s*# Task (\d+\.\d+)\b.*")
_LONG = 1000  # lines; in a longer file, lines that come again and again are not compared


def task_of_line(file: str, line: int, starter: Path) -> str:
    """Return the task ("3.1") that contains a line, counted from 1; "" if there is none."""
    lines = _lines(file)
    if not 0 < line <= len(lines) or not starter.is_file():
        return ""
    given = _given(tuple(lines), starter)
    for number in range(line, 0, -1):
        if mark := _MARK.fullmatch(lines[number - 1]):
            return mark[1]
        if number in given:
            return ""
    return ""


def was_there(file: str, line: int, starter: Path) -> bool:
    """Return whether the starter has this line too, so that the learner did not write it."""
    lines = _lines(file)
    if not 0 < line <= len(lines) or not starter.is_file():
        return False
    return line in _given(tuple(lines), starter)


def _lines(file: str) -> list[str]:
    linecache.checkcache(file)  # it may have been saved since the last check
    return [*map(str.rstrip, linecache.getlines(file))]


@functools.lru_cache(maxsize=4)  # every test that fails asks again
def _given(lines: tuple[str, ...], starter: Path) -> frozenset[int]:
    """Return the numbers of the lines in the starter too, except marks and blank lines."""
    ours = starter.read_text(encoding="utf-8").splitlines()
    matcher = SequenceMatcher(None, ours, lines, autojunk=len(lines) > _LONG)
    return frozenset(
        block.b + offset + 1
        for block in matcher.get_matching_blocks()
        for offset in range(block.size)
        if lines[block.b + offset].strip() and not _MARK.fullmatch(lines[block.b + offset])
    )
