"""Makes the site's Markdown of a chapter from its page, its tasks and its notebook.

What the site shows more than the page: the line under the title, each runnable block's output, the
points and hints of each task, and the solution, folded. Outputs are taken from the committed
notebook, never run again; where the notebook's cells are not what the page makes, it is a
`SourceError`, and the site is not built.
"""

import html
import re
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

from authoring.glossary import Glossary
from authoring.notebooks import build_notebook
from authoring.pages import END_OF_PAGE_ONLY, PAGE_ONLY, cut_into_cells, expand, rewrite_links
from course import Chapter, SourceError
from course.sections import MarkedSource
from course.tasks import About, Task, read_tasks

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def make_site_page(chapter: Chapter) -> str:
    """Markdown for the site. A notebook missing or made from another page is a `SourceError`."""
    tasks = read_tasks(chapter)
    title, rest = expand(chapter.page, chapter.root).split("\n", 1)
    body = _with_task_frames(rest, tasks)
    framed = f"{title}\n\n{_about(chapter, tasks)}\n\n{body}\n\n{_solution(chapter)}"
    outputs = iter(_outputs_of_page_cells(chapter))
    glossary = Glossary(chapter.root)
    parts: list[str] = []
    for cell in cut_into_cells(framed):
        if cell.cell_type == "markdown":
            parts.append(_for_site(glossary.link(cell.source)))
        else:
            parts.append(f"```python\n{cell.source}\n```")
            parts.extend(_shown(output) for output in next(outputs))
    return "\n\n".join(parts) + "\n"


def _for_site(markdown: str) -> str:
    """Solutions and notebooks lie beside the chapters on the site, one level higher elsewhere."""

    def beside(target: str) -> str:
        return re.sub(r"^\.\./\.\./(notebooks|solutions)/", r"../\1/", target)

    return rewrite_links(markdown, beside).replace(END_OF_PAGE_ONLY, "").replace(PAGE_ONLY, "")


def _outputs_of_page_cells(chapter: Chapter) -> list[list[NotebookNode]]:
    remedy = "run `make chapters`"
    if not chapter.notebook.is_file():
        raise SourceError(chapter.notebook, 1, f"this notebook is not made yet: {remedy}")
    made = _code_cells(build_notebook(chapter))
    try:
        committed = _code_cells(nbformat.read(chapter.notebook, as_version=4))
    except nbformat.reader.NotJSONError:
        raise SourceError(chapter.notebook, 1, f"this is not a notebook: {remedy}") from None
    if [cell.source for cell in made] != [cell.source for cell in committed]:
        problem = f"its cells are not what {chapter.page.relative_to(chapter.root)} makes: {remedy}"
        raise SourceError(chapter.notebook, 1, problem)
    return [cell.outputs for cell in committed[:-2]]  # the last two are the starter and its check


def _code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _shown(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return _text_output(output.text)
    if output.output_type == "error":
        return _text_output("\n".join(output.traceback))
    if "image/svg+xml" in output.data:
        return f'<div class="output">\n{output.data["image/svg+xml"].strip()}\n</div>'
    return _text_output(output.data["text/plain"])


def _text_output(text: str) -> str:
    shown = html.escape(ANSI.sub("", text).rstrip("\n"), quote=False)
    # tabindex: a line that is too long scrolls, and must do so from the keyboard too.
    pre = f'<pre tabindex="0" role="group" aria-label="Output">{shown}</pre>'
    return f'<div class="output">{pre}</div>'


def _about(chapter: Chapter, tasks: About) -> str:
    return (
        f"{tasks.minutes} minutes · assumes {tasks.assumes} · "
        f"[notebook](../../notebooks/{chapter.notebook.name}){{ download }} · "
        f"[exercise](exercise.py){{ download={chapter.name}.py }} · "
        f"[solution](../../solutions/{chapter.solution.name}){{ download }}\n{{ .about }}"
    )


def _solution(chapter: Chapter) -> str:
    return (
        '<details class="warning" markdown="1">\n<summary>The whole solution: open it when yours '
        "passes, or when the last hint did not help</summary>\n\n"
        f"```py\n{MarkedSource(chapter.solution).text()}```\n\n</details>"
    )


def _with_task_frames(markdown: str, tasks: About) -> str:
    """Puts a task's points under its heading, and its hints at the end of its text."""
    by_heading = {f"Task {task.id}: {task.title}": task for task in tasks.tasks}
    lines: list[str] = []
    hints: list[str] = []
    for line, heading in _with_headings(markdown):
        if heading is not None:
            lines.extend(hints)
            hints = []
        lines.append(line)
        task = by_heading.get(heading or "")
        if task:
            lines.append(f"\n{task.points} points · {task.minutes} minutes\n{{ .about }}\n")
            hints = _hints(task)
    return "\n".join([*lines, *hints])


def _with_headings(markdown: str) -> Iterator[tuple[str, str | None]]:
    """Each line, with its text when it is a heading and not a comment in a block of code."""
    fence = ""
    for line in markdown.split("\n"):
        mark = re.match(r"\s*(```+|~~~+)", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip() == fence:
            fence = ""
        heading = None if fence else re.match(r"#+ (.*)", line)
        yield line, heading[1] if heading else None


def _hints(task: Task) -> list[str]:
    return [
        '\n<details class="tip" markdown="1">\n'
        f"<summary>Hint {number} of {len(task.hints)}</summary>\n\n{hint}\n\n</details>\n"
        for number, hint in enumerate(task.hints, start=1)
    ]
