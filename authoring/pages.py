"""Reads a chapter's page: what its author wrote, and what goes into the notebook.

A page is plain Markdown that reads well on a code host. Our own marks are HTML comments, which no
renderer shows, each alone on its line:

- `<!-- about -->` and `<!-- output -->` begin a part that `page_parts` generates. It ends at
  `<!-- /about -->` or `<!-- /output -->`.
- The lines between `<!-- page-only -->` and `<!-- /page-only -->` are not in the notebook.
- The lines between `<!-- notebook-only` and `-->` are only in the notebook.
- `<!-- raises -->` means that the block below it has to raise.
- `<!-- wrong -->` means that the block below it is wrong on purpose. The site says so.
- `<!-- quotes FILE:SECTION -->` names what the block below it quotes: see `quotes`.

A `python` fence at the left margin is run. Its first line has no other word, because Markdown
builders disagree on what may follow the language. jupytext cuts the page into cells.
"""

import re
from collections.abc import Callable
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from authoring.quotes import is_quote
from course import Chapter, SourceError
from course.tasks import About

PYTHON_FENCE = re.compile(r"\s*(```+|~~~+)\s*\{?\s*\.?python\b")
RUNNABLE_FENCE = "```python"
RAISES, WRONG = "<!-- raises -->", "<!-- wrong -->"
TASK_HEADING = re.compile(r"#+ (Task \d+\.\d+:.*)")
MARK = re.compile(r"<!-- (?P<end>/?)(?P<kind>about|output|page-only) -->")
GENERATED = ("about", "output")
NOTEBOOK_ONLY, END_OF_NOTEBOOK_ONLY = "<!-- notebook-only", "-->"


def opening(kind: str) -> str:
    """Return the line that begins a part of this kind: "about", "output" or "page-only"."""
    return f"<!-- {kind} -->"


def closing(kind: str) -> str:
    """Return the line that ends a part of this kind."""
    return f"<!-- /{kind} -->"


def read_page(page: Path) -> str:
    """Return what the author wrote: the page's text without its generated parts.

    Raises `SourceError` if a part is not closed, or is closed without being opened.
    """
    lines: list[str] = []
    for line, kind in zip(_lines(page), _kinds(page), strict=True):
        if kind not in GENERATED:
            lines.append(line)
        elif line == opening(kind) and lines and not lines[-1]:
            lines.pop()  # the blank line above a generated part is generated too
    return "\n".join(lines) + "\n"


def for_notebook(text: str) -> str:
    """Return the part of what the author wrote that goes into the notebook."""
    kept: list[str] = []
    page_only = notebook_only = False
    for line in text.splitlines():
        if line in (opening("page-only"), closing("page-only")):
            page_only = line == opening("page-only")
        elif line == NOTEBOOK_ONLY:
            notebook_only = True
        elif notebook_only and line == END_OF_NOTEBOOK_ONLY:
            notebook_only = False
        elif line == RUNNABLE_FENCE and kept[-1:] == [RAISES]:
            kept[-1] = f"{RUNNABLE_FENCE} raises"  # as jupytext reads a cell's metadata
        elif not page_only and not is_quote(line) and line != WRONG:
            kept.append(line)
    return "\n".join(kept) + "\n"


def check_page(chapter: Chapter, tasks: About) -> None:
    """Check the headings against tasks.toml, and that each Python block is run or marked `py`.

    Raises `SourceError` for the first mistake.
    """
    lines = _authors_lines(chapter.page)
    first = f"# {chapter.number}. {tasks.title}"
    if not lines or lines[0] != first:
        problem = f"the first line is not {first!r}, which is what {chapter.tasks.name} says"
        raise SourceError(chapter.page, 1, problem)
    _check_notebook_only(chapter.page, lines)
    _check_blocks(chapter.page, lines)
    _check_task_headings(chapter, lines, tasks)


def runnable_lines(page: Path) -> list[int]:
    """Return the line numbers of the page's runnable blocks, to name them in an error."""
    lines = _authors_lines(page)
    return [number for number, line in enumerate(lines, start=1) if line == RUNNABLE_FENCE]


def cut_into_cells(text: str) -> list[NotebookNode]:
    """Return Markdown and code cells, in order. A `raises` block gets Jupyter's tag for it."""
    cells: list[NotebookNode] = jupytext.reads(text, fmt="md").cells
    for cell in cells:
        raises = "raises" in cell.metadata
        cell.metadata = NotebookNode({"tags": ["raises-exception"]} if raises else {})
    return cells


def rewrite_links(markdown: str, target_of: Callable[[str], str]) -> str:
    """Return the Markdown with `target_of` applied to every link and picture outside code."""
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


def _check_notebook_only(page: Path, lines: list[str]) -> None:
    """Raise `SourceError` for a part that is open up to the next heading or the next such part.

    The site would hide the rest of the page, and the notebook would show the mark.
    """
    opened_at = 0
    for number, line in enumerate(lines, start=1):
        if opened_at and (line == NOTEBOOK_ONLY or line.startswith("## ")):
            problem = f"{NOTEBOOK_ONLY} is never closed: add {END_OF_NOTEBOOK_ONLY} on its own line"
            raise SourceError(page, opened_at, problem)
        if line == NOTEBOOK_ONLY:
            opened_at = number
        elif line == END_OF_NOTEBOOK_ONLY:
            opened_at = 0


def _lines(page: Path) -> list[str]:
    return page.read_text(encoding="utf-8").splitlines()


def _authors_lines(page: Path) -> list[str]:
    """Return the page's lines, with a blank line in place of each generated one."""
    kinds = _kinds(page)
    return [
        "" if kind in GENERATED else line for line, kind in zip(_lines(page), kinds, strict=True)
    ]


def _kinds(page: Path) -> list[str]:
    """Return the kind of part that each line belongs to, marks included; "" for no part."""
    kinds: list[str] = []
    inside, opened_at = "", 0
    for number, line in enumerate(_lines(page), start=1):
        mark = MARK.fullmatch(line.strip())
        if mark is None or (inside in GENERATED and mark["kind"] != inside):
            kinds.append(inside)
            continue
        kind = mark["kind"]
        if line != mark[0] or inside != (kind if mark["end"] else ""):
            problem = f"{opening(kind)} and {closing(kind)} come in pairs, at the left margin"
            raise SourceError(page, number, problem)
        kinds.append(kind)
        inside, opened_at = ("", 0) if mark["end"] else (kind, number)
    if inside:
        problem = f"{opening(inside)} is never closed: add {closing(inside)}"
        raise SourceError(page, opened_at, problem)
    return kinds


def _check_blocks(page: Path, lines: list[str]) -> None:
    for number, (line, kind) in enumerate(zip(lines, _kinds(page), strict=True), start=1):
        if line == RAISES and not any(map(PYTHON_FENCE.match, lines[number : number + 1])):
            raise SourceError(page, number, f"{RAISES} needs {RUNNABLE_FENCE} on the next line")
        if line == WRONG and not any(each.startswith("```") for each in lines[number : number + 1]):
            raise SourceError(page, number, f"{WRONG} needs a block of code on the next line")
        if not PYTHON_FENCE.match(line):
            continue
        if line != RUNNABLE_FENCE:
            problem = (
                "a block that is run starts with ```python at the left margin, "
                "one that is only shown with ```py"
            )
            raise SourceError(page, number, problem)
        if kind:
            raise SourceError(page, number, "what is only on the page is not run: write ```py")


def _check_task_headings(chapter: Chapter, lines: list[str], tasks: About) -> None:
    expected = [f"Task {task.id}: {task.title}" for task in tasks.tasks]
    for number, line in enumerate(lines, start=1):
        heading = TASK_HEADING.fullmatch(line)
        if heading and (not expected or heading[1] != expected.pop(0)):
            problem = f"{heading[1]!r} is not the next task in {chapter.tasks.name}"
            raise SourceError(chapter.page, number, problem)
    if expected:
        raise SourceError(chapter.page, len(lines), f"there is no heading '### {expected[0]}'")
