"""Makes the site's Markdown of a chapter from its page.

The page already has its outputs, minutes and points. The site adds links to the glossary and, both
folded, the hints of each task and the solution. A picture becomes part of the page, so that it
follows the site's switch from light to dark and its text can be selected. Outputs have no copy
button.
"""

import html
import re
from collections.abc import Iterator, Sequence

from authoring.glossary import Glossary
from authoring.pages import RAISES, RUNNABLE_FENCE, rewrite_links
from course import Chapter, SourceError, all_chapters
from course.sections import MarkedSource
from course.tasks import About, Task, read_tasks

OUTPUT = re.compile(r"^<!-- output -->\n(.*?)^<!-- /output -->\n", re.DOTALL | re.MULTILINE)
SHOWN = re.compile(
    r"^(?P<fence>```+)text\n(?P<text>.*?)\n(?P=fence)$|^!\[.*?\]\((?P<picture>picture-\d+\.svg)\)$",
    re.DOTALL | re.MULTILINE,
)
ABOUT = re.compile(r"^<!-- about -->\n(.*)\n<!-- /about -->$", re.MULTILINE)


def make_site_page(chapter: Chapter) -> str:
    """Return the site's Markdown of a chapter. Raises `SourceError` if a picture is missing."""
    page = chapter.page.read_text(encoding="utf-8")
    glossary = Glossary(chapter.root)
    with_hints = _with_hints(_with_marked_blocks(page), read_tasks(chapter))
    parts = OUTPUT.split(_with_exercise(with_hints, chapter) + _solution(chapter))
    for place, part in enumerate(parts):
        if place % 2:
            parts[place] = SHOWN.sub(lambda found: _output(chapter, found), part)
        else:
            parts[place] = _prose(chapter, glossary.link(part))
    return "".join(parts)


def make_free_play(chapters: Sequence[Chapter]) -> str:
    """Return the place of an editor that belongs to no chapter, and may start from any solution."""
    names = " ".join(chapter.name for chapter in chapters if chapter.solution.is_file())
    return f'<div class="pg-exercise" data-chapter="playground" data-solutions="{names}"></div>'


def _output(chapter: Chapter, found: re.Match[str]) -> str:
    if not found["picture"]:
        # tabindex: a line that is too long scrolls, and must do so from the keyboard too.
        shown = html.escape(found["text"], quote=False)
        pre = f'<pre tabindex="0" role="group" aria-label="Output">{shown}</pre>'
        return f'<div class="output">{pre}</div>'
    picture = chapter.page.with_name(found["picture"])
    if not picture.is_file():
        raise SourceError(picture, 1, "this picture is not made yet: run `make chapters`")
    return f'<div class="output">\n{picture.read_text(encoding="utf-8").strip()}\n</div>'


def _prose(chapter: Chapter, markdown: str) -> str:
    """Return the Markdown with links that download, to where the files are on the site."""

    def about(found: re.Match[str]) -> str:
        line = re.sub(r"(\(\.\./\.\./[^)]*\))", r"\1{ download }", found[1])
        exercise = f"(exercise.py){{ download={chapter.name}.py }}"
        return f"{line.replace('(exercise.py)', exercise)}\n{{ .about }}"

    def beside(target: str) -> str:
        return re.sub(r"^\.\./\.\./(notebooks|solutions)/", r"../\1/", target)

    return rewrite_links(ABOUT.sub(about, markdown), beside)


def _solution(chapter: Chapter) -> str:
    if not chapter.solution.is_file():  # a student edition may have none
        return ""
    return (
        '\n<details class="warning" markdown="1">\n<summary>The whole solution: open it when yours '
        "passes, or when the last hint did not help</summary>\n\n"
        f"```py\n{MarkedSource(chapter.solution).text()}```\n\n</details>\n"
    )


def _with_marked_blocks(page: str) -> str:
    """Return the page with a number on each block that is run, from 1 on.

    A block that has to raise says so, and so does one whose output the reader is asked to predict.
    """
    lines = page.split("\n")
    number = 0
    for place, line in enumerate(lines):
        if line != RUNNABLE_FENCE:
            continue
        number += 1
        raises = " data-raises=1" if lines[place - 1] == RAISES else ""
        predict = " data-predict=1" if _is_predicted(lines[:place]) else ""
        lines[place] = f"```{{ .python data-block={number}{raises}{predict} }}"
    return "\n".join(lines)


def _is_predicted(above: list[str]) -> bool:
    """Return whether the paragraph above a block, its comments aside, asks for a prediction."""
    prose = "\n".join(line for line in above if not line.startswith("<!--")).rstrip()
    return prose.rpartition("\n\n")[2].startswith("**Predict:**")


def _with_exercise(page: str, chapter: Chapter) -> str:
    """Return the page with a place for the exercise at the end of the section "Your turn"."""
    with_solution = [each for each in all_chapters(chapter.root) if each.solution.is_file()]
    earlier = [each.name for each in with_solution if each.number < chapter.number]
    before = earlier[-1] if earlier else ""
    exercise = (
        f'<div class="pg-exercise" data-chapter="{chapter.name}" data-before="{before}"></div>'
    )
    lines: list[str] = []
    is_inside = False
    for line, heading in _with_headings(page):
        if line.startswith("## ") and heading is not None:
            if is_inside:
                lines += [exercise, ""]
            is_inside = heading == "Your turn"
        lines.append(line)
    return "\n".join(lines)


def _with_hints(page: str, tasks: About) -> str:
    """Return the page with each task's hints at the end of the task's text."""
    by_heading = {f"Task {task.id}: {task.title}": task for task in tasks.tasks}
    lines: list[str] = []
    hints: list[str] = []
    for line, heading in _with_headings(page):
        if heading is not None:
            lines.extend(hints)
            hints = _hints(by_heading[heading]) if heading in by_heading else []
        lines.append(line)
    return "\n".join([*lines, *hints])


def _with_headings(markdown: str) -> Iterator[tuple[str, str | None]]:
    """Yield each line, with the heading's text if it is a heading outside a block of code."""
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
