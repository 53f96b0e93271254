"""Compares the code that a page quotes with the section of the file that it comes from.

The page contains the code itself, so that it can be read wherever the page is opened. A comment
above the block names the source: `<!-- quotes solutions/ch03_on_connection.py:ask -->`, or, without
`:ask`, the whole file. A block may contain more than the quote, and may indent it.
"""

import re
from pathlib import Path

from course import SourceError
from course.sections import MarkedSource

QUOTE = re.compile(r"<!-- quotes (?P<source>(?P<file>[^\s:]+)(:(?P<section>[^\s:]+))?) -->")
FENCE = re.compile(r"(```+|~~~+)")


def is_quote(line: str) -> bool:
    """Return whether the line names what the block below it quotes."""
    return QUOTE.fullmatch(line) is not None


def check_quotes(page: Path, root: Path) -> None:
    """Raise `SourceError` for the first line that differs from what it quotes."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for index, line in enumerate(lines):
        if "--8<--" in line:
            problem = "write the code out, and <!-- quotes FILE:SECTION --> above its block"
            raise SourceError(page, index + 1, problem)
        if "<!-- quotes" not in line:
            continue
        quote = QUOTE.fullmatch(line)
        if quote is None:
            problem = "not a quote: write <!-- quotes FILE:SECTION --> alone on its line"
            raise SourceError(page, index + 1, problem)
        try:
            quoted = _quoted_text(root, quote["file"], quote["section"]).splitlines()
        except LookupError as error:
            raise SourceError(page, index + 1, error.args[0]) from None
        _check_block(page, lines, index + 1, quoted, quote["source"])


def _quoted_text(root: Path, file: str, section: str | None) -> str:
    path = root / file
    if not path.is_file():
        raise LookupError(f"there is no file {file}, counted from the repository's root")
    source = MarkedSource(path)
    if section is None:
        return source.text()
    if section not in source.sections:
        raise LookupError(
            f"{file} has no section {section}: it has {', '.join(source.sections) or 'none'}"
        )
    return source.section_text(section)


def _check_block(page: Path, lines: list[str], fence: int, quoted: list[str], source: str) -> None:
    """Check the block that has to start on the line with the index `fence`."""
    mark = FENCE.match(lines[fence]) if fence < len(lines) else None
    if mark is None:
        raise SourceError(page, fence, "a quote needs its block of code on the next line")
    end = next((i for i in range(fence + 1, len(lines)) if lines[i] == mark[1]), len(lines))
    starts = [i for i in range(fence + 1, end) if lines[i].strip() == quoted[0].strip()]
    if not starts:
        problem = f"this block does not have what it quotes: {source} begins with {quoted[0]!r}"
        raise SourceError(page, fence + 1, problem)
    differences = [_first_difference(lines[start:end], quoted) for start in starts]
    if None in differences:
        return
    place = differences[0] or 0
    problem = f"this is not what the block quotes: in {source} it is {quoted[place]!r}"
    raise SourceError(page, starts[0] + place + 1, problem)


def _first_difference(block: list[str], quoted: list[str]) -> int | None:
    """Return the index of the first quoted line that the block does not repeat; or None."""
    indent = " " * (len(block[0]) - len(quoted[0]))
    for place, line in enumerate(quoted):
        if place >= len(block) or block[place] != (indent + line).rstrip():
            return place
    return None
