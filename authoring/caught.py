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
    mutants_file,
    read_mutants,
    read_table,
    right_solutions,
)
from authoring.rules import read_rules
from course import Chapter, SourceError
from course.tasks import read_tasks

PAGE = Path("chapters/what-the-graders-catch.md")

INTRODUCTION = """\
# What the graders catch

A grader is only as good as what it catches. So we grade the graders of this workbook, too, with
wrong solutions. Each of these is our solution with one mistake in it, of the kind that people make
when they write a server like this. It has to fail, and the message has to name the mistake. Right
solutions that are written differently from ours have to pass.
"""

LEGEND = """\
Each task has two tables. The first one has the task's rules, in the words of its page. Every rule
has a name and at least one test. A rule *explains* a mistake if the message is from one of its
tests, and it *catches* a mistake if any of its tests fails. Every rule explains at least one. The
second table has the mistakes, each with the test whose message you read if you make it. The number
in the last column says how many of the chapter's tests fail.
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
    return f"If you make the first mistake below, you read this:\n\n```text\n{message}```\n"


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
        yield from _rules(chapter, task.id, mutants, table)
        yield "| The mistake | The test that says so | Tests that fail |\n|---|---|---|"
        for mutant in mutants:
            if mutant.task == task.id:
                test = mutant.caught_by.removeprefix("test_").replace("_", " ")
                failing = len(table[mutant.name])
                yield f"| {_inside(mutant.mistake)} | {test} | {failing} |"
        yield ""


def _rules(
    chapter: Chapter, task: str, mutants: list[Mutant], table: dict[str, list[str]]
) -> Iterator[str]:
    """Yield the table of a task's rules. Raises `SourceError` for a rule that nothing breaks."""
    yield "| Rule | What the task says | Tests | Mistakes it explains | Mistakes it catches |"
    yield "|---|---|---|---|---|"
    for rule in read_rules(chapter):
        if rule.task != task:
            continue
        told = sum(1 for each in mutants if (each.task, each.rule) == (task, rule.name))
        broken = sum(1 for failing in table.values() if set(failing) & set(rule.tests))
        if not told:
            problem = f"no mutant breaks rule {rule.id}: write one. {rule.text}"
            raise SourceError(mutants_file(chapter), 1, problem)
        yield f"| {rule.id} | {_inside(rule.text)} | {len(rule.tests)} | {told} | {broken} |"
    yield ""


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _inside(mistake: str) -> str:
    """Return the text, escaped for a cell of a table."""
    return mistake.replace("|", "\\|")
