"""The pages that lead from an idea to the line that shows it, and from a name to its section."""

import re
from pathlib import Path

import pytest

from authoring.explained import with_ways_back

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "chapters" / "where-each-idea-lives.md"
ROWS = re.findall(r"\]\((ch\w+)/index\.md#[^)]*\) \| `(.+)` \|$", PAGE.read_text(), re.MULTILINE)


def test_every_row_of_the_page_is_checked():
    assert len(ROWS) == PAGE.read_text().count("\n| ") - 1


@pytest.mark.parametrize(("chapter", "line"), ROWS)
def test_the_line_stands_in_the_solution_of_its_chapter(chapter, line):
    assert line in (ROOT / "solutions" / f"{chapter}.py").read_text(encoding="utf-8")


REFERENCE = (ROOT / "chapters" / "reference.md").read_text(encoding="utf-8")
EXPLAINED = [
    (page, name)
    for page, names in re.findall(
        r"\]\((ch\w+/index\.md)#[^)]*\) \| (.+) \|$", REFERENCE, re.MULTILINE
    )
    for name in re.findall(r"\(#([\w.]+)\)", names)
]


def test_no_name_is_explained_twice():
    names = [name for _, name in EXPLAINED]
    assert len(names) == len(set(names)) > 20


@pytest.mark.parametrize(("page", "name"), EXPLAINED)
def test_a_name_is_on_the_page_that_explains_it(page, name):
    assert name.rpartition(".")[2] in (ROOT / "chapters" / page).read_text(encoding="utf-8")


def test_a_name_in_the_table_gets_the_way_back():
    section = '<a href="../ch03_x/#wait">3, Wait</a>'
    row = f'<tr>\n<td>{section}</td>\n<td><a href="#b.read">read</a></td>\n</tr>'
    page = f'{row}<h4 id="b.read" class="doc">read</h4><h4 id="b.write">write</h4>'
    line = f'\n<p class="explained">Explained in chapter {section}</p>'
    assert with_ways_back(page) == page.replace("read</h4>", f"read</h4>{line}")
