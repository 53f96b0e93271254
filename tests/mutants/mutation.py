"""Changes our solutions in every way that mutmut knows, and grades each: `make mutation`.

The mutants in this folder are mistakes that people make. mutmut knows nothing of people: it changes
one operator, text, argument or keyword at a time, in the lines of the tasks. What the graders let
through, the survivors, shows where they may have a gap. Each one is explained in
survivors/explained.toml, or it is a gap. The report is docs/mutation.md. It is no gate: a survivor
may be as right as our solution.
"""

from __future__ import annotations

import ast
import difflib
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from mutmut.mutation.file_mutation import create_mutations
from trial import ROOT, graded_source

from authoring.starters import with_tasks_marked
from course import Chapter, all_chapters
from grader.report import PASSED

REPORT = ROOT / "docs" / "mutation.md"
EXPLAINED = Path(__file__).with_name("survivors") / "explained.toml"
DEADLINE = 1.5  # seconds for an answer, as for a learner
PARTS = range(9)  # chapters 0 to 8: all that is not optional

INTRODUCTION = """\
# What a mutation tool finds

[mutmut](https://mutmut.readthedocs.io/) changes what a learner writes in chapters 0 to 8, in every
way it knows: one operator, text, argument or keyword of our solution at a time. Each changed
solution is graded like a learner's file. It has to fail, or there has to be a reason why it passes.
`make mutation` makes this page. It takes about ten minutes, and it is not part of CI.

"""


_HIDDEN = "#@net."  # mutmut leaves out functions that have a decorator


class Change(NamedTuple):
    """One changed solution. `old` and `new` are the lines that differ, without their indent."""

    source: str
    old: str
    new: str


def changes(chapter: Chapter) -> Iterator[Change]:
    """Every change of the lines that a learner writes, each once. The others are in the starter."""
    source = with_tasks_marked(chapter).replace("@net.", _HIDDEN)
    given = {line.strip() for line in chapter.starter.read_text(encoding="utf-8").splitlines()}
    module, mutations, *_ = create_mutations(chapter.name, source)
    source = source.replace(_HIDDEN, "@net.")
    seen = {ast.dump(ast.parse(source))}
    for mutation in mutations:
        changed: Any = module.deep_replace(mutation.original_node, mutation.mutated_node)
        text = changed.code.replace(_HIDDEN, "@net.")
        tree, (old, new) = ast.dump(ast.parse(text)), _difference(source, text)
        if tree not in seen and old not in given:
            seen.add(tree)
            yield Change(text, old, new)


def _difference(before: str, after: str) -> tuple[str, str]:
    lines = [*difflib.ndiff(before.splitlines(), after.splitlines())]
    old = " ".join(line[2:].strip() for line in lines if line.startswith("- "))
    new = " ".join(line[2:].strip() for line in lines if line.startswith("+ "))
    return old, new


def survivors(chapter: Chapter) -> tuple[int, list[Change]]:
    """How many changes there are, and those that pass every test."""
    every = [*changes(chapter)]
    survived = []
    for number, change in enumerate(every, start=1):
        results = graded_source(chapter, change.source, DEADLINE)
        passed = all(result.verdict == PASSED for result in results)
        survived += [change] if passed else []
        what = "SURVIVES" if passed else "is caught"
        print(f"{chapter.name} {number}/{len(every)} {what}: {change.old} -> {change.new}")
    return len(every), survived


def main(names: list[str]) -> int:
    """Grade the changes of these chapters, or of all, and write the report for all."""
    explained = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))
    parts, rows, missing, begun = [], [], 0, time.monotonic()
    for chapter in all_chapters(ROOT):
        if chapter.number not in PARTS or (names and chapter.name not in names):
            continue
        count, survived = survivors(chapter)
        rows.append(f"| {chapter.number} | {count} | {count - len(survived)} | {len(survived)} |")
        known = explained.get(chapter.name, [])
        for change in survived:
            why = next(
                (e["why"] for e in known if (e["old"], e["new"]) == (change.old, change.new)), ""
            )
            missing += not why
            parts.append(
                f"| {chapter.number} | {_code(change.old)} | {_code(change.new)} "
                f"| {why or '**not explained**'} |"
            )
    if not names:
        head = "| Chapter | Changed solutions | Caught | Survive |\n|---|---|---|---|"
        table = "| Chapter | Our line | Changed | Why it passes |\n|---|---|---|---|"
        REPORT.write_text(
            f"{INTRODUCTION}{head}\n"
            + "\n".join(rows)
            + f"\n\n{table}\n"
            + "\n".join(parts)
            + "\n",
            encoding="utf-8",
        )
    print("\n".join([*rows, *parts]))
    print(f"{missing} not explained, after {time.monotonic() - begun:.0f} seconds")
    return 1 if missing else 0


def _code(line: str) -> str:
    return "`` " + line.replace("|", "\\|") + " ``" if line else "(nothing)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
