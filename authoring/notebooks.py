"""Makes a chapter's notebook: cuts its page into cells, frames and runs them.

Two runs have to make the same bytes, because the notebooks are committed and CI makes them again.
So ids come from a cell's place and source, the traceback of an expected error is reduced to its
last line, and times and versions are dropped.
"""

import hashlib
import os
import posixpath
import re
import tempfile

import nbformat
from markdown.extensions.toc import slugify
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from authoring.pages import (
    RAISES,
    check_page,
    cut_into_cells,
    for_notebook,
    read_page,
    rewrite_links,
    runnable_lines,
)
from authoring.quotes import check_quotes
from authoring.starters import make_notebook_starter
from course import Chapter, SourceError
from course.tasks import About, read_tasks

CELL_TIMEOUT = 60  # seconds; a cell takes milliseconds, so one that takes this long hangs
HOW_TO = """\
> **How to use this notebook.** Run its cells from the top down: Shift+Enter runs one and goes to
> the next. Change whatever you like and run it again; *Restart* in the *Kernel* menu forgets
> everything. Your own work is in the last cells."""
WRITE_IT_HERE = """\
## Write it here

The next cell is the starter: your code goes in place of each `raise NotImplementedError(...)`.
Run it, then run the cell after it, which checks what you wrote. Repeat until every task passes."""


def make_notebook(chapter: Chapter) -> NotebookNode:
    """Return the notebook with its outputs. Raises `SourceError` if a cell fails."""
    notebook = build_notebook(chapter)
    _run(chapter, notebook)
    _make_repeatable(notebook)
    nbformat.validate(notebook)
    return notebook


def notebook_text(notebook: NotebookNode) -> str:
    """Return the text of the notebook's file."""
    return str(nbformat.writes(notebook)) + "\n"


def build_notebook(chapter: Chapter) -> NotebookNode:
    """Return the notebook without outputs, before it has run."""
    tasks = read_tasks(chapter)
    check_page(chapter, tasks)
    check_quotes(chapter.page, chapter.root)
    title, rest = for_notebook(read_page(chapter.page)).split("\n", 1)
    framed = f"{title}\n\n{_about(tasks)}\n\n{HOW_TO}\n\n\n{rest}"
    cells = [
        *cut_into_cells(framed),
        new_markdown_cell(WRITE_IT_HERE),
        new_code_cell(make_notebook_starter(chapter).rstrip("\n")),
        new_code_cell(f'from grader import grade\n\ngrade("{chapter.name}", serve)'),
    ]
    headings = re.findall(r"^#+ (.+)$", framed, re.MULTILINE)
    for place, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            cell.source = rewrite_links(
                cell.source, lambda target: _target(chapter, headings, target)
            )
        cell.id = f"{place:02d}-{hashlib.sha256(cell.source.encode()).hexdigest()[:8]}"
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook: NotebookNode = new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )
    return notebook


def _about(tasks: About) -> str:
    return (
        f"{tasks.minutes} minutes · assumes {tasks.assumes} · [the chapter's page](index.md) · "
        "[the starter](exercise.py)"
    )


def _target(chapter: Chapter, headings: list[str], target: str) -> str:
    """Return a link's target from notebooks/, with chapters' notebooks and Jupyter's anchors."""
    if re.match(r"[a-z]+:", target):
        return target
    path, _, anchor = target.partition("#")
    if not path:
        named = (heading for heading in headings if slugify(heading, "-") == anchor)
        return "#" + next(named, anchor).replace(" ", "-")
    full = posixpath.normpath(posixpath.join("chapters", chapter.name, path))
    page = re.fullmatch(r"chapters/(ch\d\d_\w+)/index\.md", full)
    if page and page[1] != chapter.name:
        return f"{page[1]}.ipynb"
    return posixpath.relpath(full, "notebooks")


def _run(chapter: Chapter, notebook: NotebookNode) -> None:
    """Run the cells in a fresh kernel without the author's own Jupyter settings."""
    code_cells = [
        (place, cell) for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"
    ]
    lines = [*runnable_lines(chapter.page), 1, 1]  # the last two cells are not on the page
    if len(lines) != len(code_cells):
        raise SourceError(chapter.page, 1, "a ```python block is inside another block")
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # a warning that its loopback port is not encrypted
        resources={"metadata": {"path": str(chapter.notebook.parent)}},
    )
    with tempfile.TemporaryDirectory() as settings:
        environment = os.environ | {"IPYTHONDIR": settings}
        with client.setup_kernel(env=environment):
            for (place, cell), line in zip(code_cells, lines, strict=True):
                problem = _run_cell(client, place, cell)
                if problem:
                    raise SourceError(chapter.page, line, problem)


def _run_cell(client: NotebookClient, place: int, cell: NotebookNode) -> str | None:
    """Run a cell. Returns what went wrong, or None."""
    try:
        client.execute_cell(cell, place)
    except CellExecutionError as error:
        hint = f"if it should, write {RAISES} above it"
        return f"this block raised {error.ename}: {error.evalue} ({hint})"
    except CellTimeoutError:
        return f"this block did not end within {CELL_TIMEOUT} seconds"
    except DeadKernelError:
        return "this block ended the kernel"
    raised = any(output.output_type == "error" for output in cell.outputs)
    if "raises-exception" in cell.metadata.get("tags", []) and not raised:
        return "this block should raise, and did not"
    return None


def _make_repeatable(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_late_warning(output)]
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [f"{output.ename}: {output.evalue}"]


def _is_late_warning(output: NotebookNode) -> bool:
    """Return whether Python warned of a coroutine when it collected it, in whatever cell that was.

    The room's notes have said so before. The warning has paths and numbers of this machine.
    """
    is_warning = output.output_type == "stream" and output.name == "stderr"
    return is_warning and "was never awaited" in output.text
