"""Makes the site's Markdown of a chapter from its page.

The page already has its outputs, minutes and points. The site adds links to the glossary and, both
folded, the hints of each task and, after the last one, the solution. What a reader is asked to
predict is folded too. Nothing of that is found by the search. Code that is wrong on purpose says
so, and lines that are new since the chapter before are marked. A picture becomes part of the page,
so that it follows the site's switch from light to dark and grows with the reader's letters.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from authoring.glossary import Glossary
from authoring.growth import fence, legend, mark_new_lines, new_lines
from authoring.pages import RAISES, RUNNABLE_FENCE, WRONG, rewrite_links
from course import Chapter, SourceError, all_chapters
from course.sections import MarkedSource
from course.tasks import About, Task, read_tasks

OUTPUT = re.compile(r"^<!-- output -->\n(.*?)^<!-- /output -->\n", re.DOTALL | re.MULTILINE)
SHOWN = re.compile(
    r"^(?P<fence>```+)text\n(?P<text>.*?)\n(?P=fence)$|^!\[.*?\]\((?P<picture>picture-\d+\.svg)\)$",
    re.DOTALL | re.MULTILINE,
)
ABOUT = re.compile(r"^<!-- about -->\n(.*)\n<!-- /about -->$", re.MULTILINE)


def make_site_page(chapter: Chapter, plays: Mapping[str, str] | None = None) -> str:
    """Return the site's Markdown of a chapter. Raises `SourceError` if a picture is missing.

    `plays` has, by a picture's file, the fragment that opens its conversation (played.py).
    """
    page = chapter.page.read_text(encoding="utf-8")
    glossary = Glossary(chapter.root, is_beginning=chapter.number < 2)
    marked = mark_new_lines(_with_warnings(_with_marked_blocks(page)), chapter)
    whole = _with_exercise(_with_hints(marked, read_tasks(chapter)), chapter)
    parts = OUTPUT.split(_unfound(whole))
    for place, part in enumerate(parts):
        if place % 2:
            is_folded = "data-predict" in _opening_of_last_block(parts[place - 1])
            parts[place] = SHOWN.sub(partial(_output, chapter, plays or {}, is_folded), part)
        else:
            parts[place] = _prose(chapter, glossary.link(part))
    return "".join(parts)


def make_free_play(chapters: Sequence[Chapter]) -> str:
    """Return the place of an editor that belongs to no chapter, and may start from any solution."""
    names = " ".join(chapter.name for chapter in chapters if chapter.solution.is_file())
    return f'<div class="pg-exercise" data-chapter="playground" data-solutions="{names}"></div>'


def _output(
    chapter: Chapter, plays: Mapping[str, str], is_folded: bool, found: re.Match[str]
) -> str:
    name = found["picture"]
    inside = _picture(chapter, name, plays.get(name, "")) if name else _text(found["text"])
    if not is_folded:
        return f'<div class="output">{inside}</div>'
    summary = "What it draws" if found["picture"] else "What it prints"
    return (
        '<details class="output predict" data-search-exclude>'
        f"<summary>{summary}</summary>{inside}</details>"
    )


def _text(text: str) -> str:
    # tabindex: a line that is too long scrolls, and must do so from the keyboard too.
    label = "Output of the block above"
    shown = html.escape(text, quote=False)
    return f'<pre tabindex="0" role="group" aria-label="{label}">{shown}</pre>'


def _picture(chapter: Chapter, name: str, play: str) -> str:
    picture = chapter.page.with_name(name)
    if not picture.is_file():
        raise SourceError(picture, 1, "this picture is not made yet: run `make chapters`")
    svg = picture.read_text(encoding="utf-8").strip()
    label = f'role="group" aria-label="Picture of the block above"{played(play)}'
    return f'\n<div class="picture" tabindex="0" {label}>\n{svg}\n</div>\n'


def played(play: str) -> str:
    """Return the attribute with what the playground needs to open a picture's conversation."""
    return f' data-play="{play}"' if play else ""


def _opening_of_last_block(markdown: str) -> str:
    """Return the first line of the last block that is run; "" if there is none."""
    return next((line for line in reversed(markdown.split("\n")) if line.startswith("```{")), "")


def _prose(chapter: Chapter, markdown: str) -> str:
    """Return the Markdown with links that download, to where the files are on the site."""

    def about(found: re.Match[str]) -> str:
        line = re.sub(r" · \[solution\]\([^)]*\)", "", found[1])  # it is at the end, folded
        line = re.sub(r"(\(\.\./\.\./[^)]*\))", r"\1{ download }", line)
        exercise = f"(exercise.py){{ download={chapter.name}.py }}"
        return f"{line.replace('(exercise.py)', exercise)}\n{{ .about }}"

    def beside(target: str) -> str:
        return re.sub(r"^\.\./\.\./(notebooks|solutions)/", r"../\1/", target)

    return rewrite_links(ABOUT.sub(about, markdown), beside)


def _solution(chapter: Chapter) -> str:
    if not chapter.solution.is_file():  # a student edition may have none
        return ""
    code = MarkedSource(chapter.solution).text()
    numbers = new_lines(code, chapter)
    opening = fence("py", numbers) if numbers else "py"
    marks = f"\n{legend(chapter)}\n" if numbers else ""
    return (
        '\n<details class="warning" markdown="1">\n<summary>The whole solution: open it when yours '
        "passes, or when the last hint did not help</summary>\n\n"
        f"```{opening}\n{code}```\n{marks}\n"
        f"[Download it](../../solutions/{chapter.solution.name}){{ download }}\n\n</details>\n"
    )


def _unfound(markdown: str) -> str:
    """Return the Markdown with what the search must not show: all that is folded."""
    return re.sub(r"<details([^>]*)>", r"<details\1 data-search-exclude>", markdown)


def _with_warnings(page: str) -> str:
    """Return the page with a line above each block that is wrong on purpose."""
    for mark, words in ((WRONG, "Wrong on purpose"), (RAISES, "Fails on purpose")):
        page = re.sub(
            rf"^{re.escape(mark)}\n", f"{words}\n{{ .wrong }}\n\n", page, flags=re.MULTILINE
        )
    return page


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
    return "**Predict:**" in prose.rpartition("\n\n")[2]


def _with_exercise(page: str, chapter: Chapter) -> str:
    """Return the page with a place for the exercise, and with the solution, after the last task."""
    with_solution = [each for each in all_chapters(chapter.root) if each.solution.is_file()]
    earlier = [each.name for each in with_solution if each.number < chapter.number]
    before = earlier[-1] if earlier else ""
    exercise = (
        f'<div class="pg-exercise" data-chapter="{chapter.name}" data-before="{before}"></div>'
    )
    headings = [
        (number, line)
        for number, (line, heading) in enumerate(_with_headings(page))
        if heading is not None
    ]
    last_task = max((number for number, line in headings if line.startswith("### Task")), default=0)
    sections = (number for number, line in headings if line.startswith("## "))
    lines = page.split("\n")
    end = next((number for number in sections if number > last_task), len(lines))
    return "\n".join([*lines[:end], exercise, "", _solution(chapter), "", *lines[end:]])


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
    total = len(task.hints)
    return [
        '\n<details class="tip" markdown="1">\n'
        f"<summary>Hint {number} of {total} for task {task.id}</summary>\n\n{hint}\n\n</details>\n"
        for number, hint in enumerate(task.hints, start=1)
    ]
