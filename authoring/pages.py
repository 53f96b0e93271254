"""Turns a chapter's page into what the notebook and the site are made of.

A page is plain Markdown. Three things in it are ours: `--8<-- "FILE:SECTION"` alone on a line puts
a piece of a solution there; a fence of `python` at the left margin is run; what stands between
`<!-- page-only -->` lines is not for the notebook. jupytext cuts the page into cells, for both of
our readers, so that the two cannot disagree on what a cell is.
"""

import re
from collections.abc import Callable
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from course import Chapter, SourceError
from course.sections import MarkedSource
from course.tasks import About

SNIPPET = re.compile(r'(?P<indent> *)--8<-- "(?P<file>[^":]+)(:(?P<section>[^":]+))?"')
PYTHON_FENCE = re.compile(r"\s*(```+|~~~+)\s*\{?\s*\.?python\b")
RUNNABLE_FENCE = re.compile(r"```python( raises)?")
TASK_HEADING = re.compile(r"#+ (Task \d+\.\d+:.*)")
PAGE_ONLY, END_OF_PAGE_ONLY = "<!-- page-only -->", "<!-- /page-only -->"


def expand(page: Path, root: Path) -> str:
    """The page's text with every snippet in place. One that names nothing is a `SourceError`."""
    lines: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if "--8<--" not in line:
            lines.append(line)
            continue
        snippet = SNIPPET.fullmatch(line)
        if snippet is None:
            raise SourceError(
                page,
                number,
                'not a snippet: write --8<-- "solutions/FILE.py:SECTION" alone on its line',
            )
        try:
            text = _snippet_text(root, snippet["file"], snippet["section"])
        except LookupError as error:
            raise SourceError(page, number, error.args[0]) from None
        lines.extend((snippet["indent"] + piece).rstrip() for piece in text.splitlines())
    return "\n".join(lines) + "\n"


def check_page(chapter: Chapter, tasks: About) -> None:
    """Holds headings against tasks.toml, and Python blocks to being run or marked `py`.

    Raises `SourceError` at the first that is not so.
    """
    lines = chapter.page.read_text(encoding="utf-8").splitlines()
    first = f"# {chapter.number}. {tasks.title}"
    if not lines or lines[0] != first:
        problem = f"the first line is not {first!r}, which is what {chapter.tasks.name} says"
        raise SourceError(chapter.page, 1, problem)
    _check_blocks(chapter.page, lines)
    _check_task_headings(chapter, lines, tasks)


def runnable_lines(page: Path) -> list[int]:
    """The line numbers at which the page's runnable blocks start, to name them in an error."""
    lines = page.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, start=1) if RUNNABLE_FENCE.fullmatch(line)]


def without_page_only(text: str) -> str:
    """The text without the parts that only the page has."""
    kept: list[str] = []
    inside = False
    for line in text.splitlines():
        if line in (PAGE_ONLY, END_OF_PAGE_ONLY):
            inside = line == PAGE_ONLY
        elif not inside:
            kept.append(line)
    return "\n".join(kept) + "\n"


def cut_into_cells(text: str) -> list[NotebookNode]:
    """Markdown and code cells, in order; a `raises` block is tagged as Jupyter tags it."""
    cells: list[NotebookNode] = jupytext.reads(text, fmt="md").cells
    for cell in cells:
        raises = "raises" in cell.metadata
        cell.metadata = NotebookNode({"tags": ["raises-exception"]} if raises else {})
    return cells


def rewrite_links(markdown: str, target_of: Callable[[str], str]) -> str:
    """Passes the target of every inline link and picture through `target_of`, not so in code."""
    code_or_link = re.compile(
        r"(?P<code>^(?P<fence>```+|~~~+).*?^(?P=fence)[ \t]*$|`[^`\n]+`)"
        r"|(?P<open>\]\()(?P<target>[^)\s]+)",
        re.DOTALL | re.MULTILINE,
    )

    def replace(match: re.Match[str]) -> str:
        if match["code"]:
            return match[0]
        return match["open"] + target_of(match["target"])

    return code_or_link.sub(replace, markdown)


def _snippet_text(root: Path, file: str, section: str | None) -> str:
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


def _check_blocks(page: Path, lines: list[str]) -> None:
    opened_at = 0
    for number, line in enumerate(lines, start=1):
        if line.strip() in (PAGE_ONLY, END_OF_PAGE_ONLY):
            if line not in (PAGE_ONLY, END_OF_PAGE_ONLY) or bool(opened_at) == (line == PAGE_ONLY):
                problem = f"{PAGE_ONLY} and {END_OF_PAGE_ONLY} come in pairs, at the left margin"
                raise SourceError(page, number, problem)
            opened_at = number if line == PAGE_ONLY else 0
        if not PYTHON_FENCE.match(line):
            continue
        if not RUNNABLE_FENCE.fullmatch(line):
            problem = (
                "a block that is run starts with ```python or ```python raises at the left margin, "
                "one that is only shown with ```py"
            )
            raise SourceError(page, number, problem)
        if opened_at:
            raise SourceError(page, number, "what is only on the page is not run: write ```py")
    if opened_at:
        raise SourceError(page, opened_at, f"{PAGE_ONLY} is never closed: add {END_OF_PAGE_ONLY}")


def _check_task_headings(chapter: Chapter, lines: list[str], tasks: About) -> None:
    expected = [f"Task {task.id}: {task.title}" for task in tasks.tasks]
    for number, line in enumerate(lines, start=1):
        heading = TASK_HEADING.fullmatch(line)
        if heading and (not expected or heading[1] != expected.pop(0)):
            problem = f"{heading[1]!r} is not the next task in {chapter.tasks.name}"
            raise SourceError(chapter.page, number, problem)
    if expected:
        raise SourceError(chapter.page, len(lines), f"there is no heading '### {expected[0]}'")
