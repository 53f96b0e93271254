"""Makes the page "what the graders catch": which wrong solutions were tried on which graders.

The mistakes are in tests/mutants/*.toml. The result of each is in a table and in messages next to
them, in golden/, and the tests in tests/mutants compare those with the graders. So nothing runs
here, and the page is the same wherever it is made.
"""

from collections.abc import Iterator
from pathlib import Path

from authoring.mutants import (
    FOLDER,
    Mutant,
    message_file,
    read_mutants,
    read_table,
    right_solutions,
)
from course import Chapter
from course.tasks import read_tasks

PAGE = Path("chapters/what-the-graders-catch.md")

INTRODUCTION = """\
# What the graders catch

A grader is worth what it catches. So the graders of this book are graded too, with wrong
solutions. Each is the right one with one mistake in it, of the kind that people make who write such
a server. It has to fail, and what its author then reads has to name the mistake. Solutions that are
right, and written in another way than ours, have to pass.
"""

LEGEND = """\
The tables name each mistake and the test whose message its author reads. The number says how many
of the chapter's tests fail.
"""


def make_page(root: Path) -> str:
    """Return the page's text. Raises `SourceError` if the table of the mutants is out of date."""
    chapters = [Chapter(root, file.stem) for file in sorted((root / FOLDER).glob("*.toml"))]
    mutants = {chapter: read_mutants(chapter) for chapter in chapters}
    right = [file for chapter in chapters for file in right_solutions(chapter)]
    wrong = _count(sum(map(len, mutants.values())), "wrong solution")
    counts = (
        f"**{wrong}, in {_count(len(chapters), 'chapter')}: each is caught. "
        f"{_count(len(right), 'other right solution')}: each passes.**\n"
    )
    parts = [INTRODUCTION, counts, *map(_example, chapters[:1]), LEGEND]
    for chapter in chapters:
        parts.extend(_chapter(chapter, mutants[chapter]))
    return "\n".join(parts)


def _example(chapter: Chapter) -> str:
    first = read_mutants(chapter)[0]
    message = message_file(chapter, first.name).read_text(encoding="utf-8")
    return f"Whoever makes the first of the mistakes below reads this:\n\n```text\n{message}```\n"


def _chapter(chapter: Chapter, mutants: list[Mutant]) -> Iterator[str]:
    about, table = read_tasks(chapter), read_table(chapter)
    tests = {test for failing in table.values() for test in failing}
    yield f"## [{chapter.number}. {about.title}]({chapter.name}/index.md)\n"
    yield (
        f"{_count(len(mutants), 'wrong solution')}, {_count(len(tests), 'test')} that catch them, "
        f"{_count(len(right_solutions(chapter)), 'other right solution')}.\n"
    )
    for task in about.tasks:
        yield f"### Task {task.id}: {task.title}\n"
        yield "| The mistake | The test that says so | Tests that fail |\n|---|---|---|"
        for mutant in mutants:
            if mutant.task == task.id:
                test = mutant.caught_by.removeprefix("test_").replace("_", " ")
                failing = len(table[mutant.name])
                yield f"| {_inside(mutant.mistake)} | {test} | {failing} |"
        yield ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _inside(mistake: str) -> str:
    """Return the text, escaped for a cell of a table."""
    return mistake.replace("|", "\\|")
