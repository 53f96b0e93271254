"""Writes the generated parts into a chapter's page: minutes, points, outputs and pictures.

The generated parts are between comments, so that they can be replaced, and the page is complete
wherever it is opened. Pictures are files next to the page, because a code host does not show SVG
that is part of the page. A picture's alternative text says in words what it shows, so a reader in
an editor finds it there.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from authoring.pages import RUNNABLE_FENCE, TASK_HEADING, closing, opening, read_page
from course import Chapter
from course.tasks import About, Task, read_tasks

PICTURES = "picture-*.svg"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class CompletePage:
    """A page's text, and the text of each picture by its file name."""

    text: str = ""
    pictures: dict[str, str] = field(default_factory=dict)


def complete_page(chapter: Chapter, notebook: NotebookNode) -> CompletePage:
    """Return a chapter's page with its generated parts, from a notebook that has run."""
    tasks = read_tasks(chapter)
    by_heading = {f"Task {task.id}: {task.title}": task for task in tasks.tasks}
    code_cells = iter([cell for cell in notebook.cells if cell.cell_type == "code"])
    page = CompletePage()
    lines: list[str] = []
    fence = ""
    is_run = False
    for line in read_page(chapter.page).splitlines():
        lines.append(line)
        mark = re.match(r"\s*(```+|~~~+)", line)
        if mark and not fence:
            fence, is_run = mark[1], line == RUNNABLE_FENCE
        elif mark and line.strip() == fence:
            fence = ""
            if is_run:
                lines.extend(_output(page, next(code_cells).outputs))
        heading = None if fence else TASK_HEADING.fullmatch(line)
        if len(lines) == 1:
            lines.extend(_part("about", _about_chapter(chapter, tasks)))
        elif heading:
            lines.extend(_part("about", _about_task(by_heading[heading[1]])))
    page.text = "\n".join(lines) + "\n"
    return page


def write_page(chapter: Chapter, page: CompletePage) -> None:
    """Write the page and its pictures, and remove the pictures that it no longer has."""
    chapter.page.write_text(page.text, encoding="utf-8")
    for picture in pictures_beside(chapter):
        picture.unlink()
    for name, svg in page.pictures.items():
        chapter.page.with_name(name).write_text(svg, encoding="utf-8")


def pictures_beside(chapter: Chapter) -> list[Path]:
    """Return the generated pictures next to a chapter's page."""
    return sorted(chapter.page.parent.glob(PICTURES))


def _part(kind: str, text: str) -> list[str]:
    return ["", opening(kind), *text.split("\n"), closing(kind)]


def _about_chapter(chapter: Chapter, tasks: About) -> str:
    return (
        f"{tasks.minutes} minutes · assumes {tasks.assumes} · "
        f"[notebook](../../notebooks/{chapter.notebook.name}) · [exercise](exercise.py) · "
        f"[solution](../../solutions/{chapter.solution.name})"
    )


def _about_task(task: Task) -> str:
    return f"{task.points} points · {task.minutes} minutes"


def _output(page: CompletePage, outputs: list[NotebookNode]) -> list[str]:
    if not outputs:
        return []
    return _part("output", "\n\n".join(_shown(page, output) for output in outputs))


def _shown(page: CompletePage, output: NotebookNode) -> str:
    if output.output_type == "stream":
        return _block(output.text)
    if output.output_type == "error":
        return _block("\n".join(output.traceback))
    if "image/svg+xml" not in output.data:
        return _block(output.data["text/plain"])
    name = PICTURES.replace("*", str(len(page.pictures) + 1))
    page.pictures[name] = output.data["image/svg+xml"].strip() + "\n"
    return f"![{_alternative(output.data['text/plain'])}]({name})"


def _block(text: str) -> str:
    text = ANSI.sub("", text).rstrip("\n")
    inner = max(map(len, re.findall(r"^\s*(`+)", text, re.MULTILINE)), default=0)
    fence = "`" * max(3, inner + 1)
    return f"{fence}text\n{text}\n{fence}"


def _alternative(words: str) -> str:
    """Return the words, escaped for the brackets of a picture, without empty lines."""
    words = re.sub(r"[`*_\[\]<&]|\\(?=[!-/:-@\[-`{-~])", r"\\\g<0>", words)
    words = re.sub(r"^(\s*\d*)([-+#>=]|(?<=\d)[.)])", r"\1\\\2", words, flags=re.MULTILINE)
    return "\n".join(line.rstrip() for line in words.splitlines() if line.strip())
