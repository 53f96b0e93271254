"""The page that leads from an idea to the line that shows it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "chapters" / "where-each-idea-lives.md"
ROWS = re.findall(r"\]\((ch\w+)/index\.md#[^)]*\) \| `(.+)` \|$", PAGE.read_text(), re.MULTILINE)


def test_every_row_of_the_page_is_checked():
    assert len(ROWS) == PAGE.read_text().count("\n| ") - 1


@pytest.mark.parametrize(("chapter", "line"), ROWS)
def test_the_line_stands_in_the_solution_of_its_chapter(chapter, line):
    assert line in (ROOT / "solutions" / f"{chapter}.py").read_text(encoding="utf-8")
