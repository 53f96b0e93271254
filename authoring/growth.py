"""Marks the lines that are new since the chapter before, in code that grows with the chapters.

A block that quotes a solution is compared with the whole solution of the chapter before. If most of
it was there, the lines that are new are highlighted. A block of new code stays as it is: if
everything is new, a mark says nothing.
"""

import re

from course import Chapter, all_chapters
from course.sections import MarkedSource

MOST_NEW = 0.6  # of a block's lines: beyond that, the block is new code and not grown code

_QUOTED = re.compile(
    r"^(?P<quotes><!-- quotes solutions/(?P<name>\w+)\.py[^\n]*-->)\n"
    r"(?P<fence>```+)(?P<language>[^\n]*)\n(?P<code>.*?)\n(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)


def mark_new_lines(markdown: str, chapter: Chapter) -> str:
    """Return a chapter's Markdown with its new lines marked in the blocks that it quotes."""

    def marked(found: re.Match[str]) -> str:
        numbers = new_lines(found["code"], chapter) if found["name"] == chapter.name else []
        if not numbers:
            return found[0]
        opening = f"{found['quotes']}\n{found['fence']}{fence(found['language'], numbers)}"
        return f"{opening}\n{found['code']}\n{found['fence']}\n\n{legend(chapter)}"

    return _QUOTED.sub(marked, markdown)


def new_lines(code: str, chapter: Chapter) -> list[int]:
    """Return the numbers of the lines, from 1, that are new in this chapter.

    Return none when there is no solution of the chapter before, or when most of the code is new.
    """
    before = _before(chapter)
    if before is None or not before.solution.is_file():
        return []
    known = {line.strip() for line in MarkedSource(before.solution).text().splitlines()}
    lines = {number: line.strip() for number, line in enumerate(code.splitlines(), start=1)}
    written = [number for number, line in lines.items() if line]
    found = [number for number in written if lines[number] not in known]
    return found if len(found) <= MOST_NEW * len(written) else []


def legend(chapter: Chapter) -> str:
    """Return the sentence that explains the marks."""
    before = _before(chapter)
    assert before is not None  # otherwise nothing is marked
    return f"Marked lines are new since chapter {before.number}.\n{{ .new-lines }}"


def fence(language: str, numbers: list[int]) -> str:
    """Return what is behind the backticks of a block with these lines marked."""
    marks = " ".join(map(str, numbers))
    if language.startswith("{"):
        return f'{language[:-1].rstrip()} hl_lines="{marks}" }}'
    return f'{language} hl_lines="{marks}"'


def _before(chapter: Chapter) -> Chapter | None:
    earlier = [other for other in all_chapters(chapter.root) if other.number < chapter.number]
    return earlier[-1] if earlier else None
