"""A page: its snippets, its blocks, its headings and its links."""

import pytest

from authoring.pages import check_page, cut_into_cells, expand, rewrite_links, without_page_only
from course import SourceError
from course.tasks import read_tasks


def test_a_snippet_takes_the_place_of_its_line_at_its_indentation(chapter, change):
    change(chapter.page, "Do greet.", '- here:\n\n  --8<-- "solutions/ch01_greeter.py:task-1.1"')
    text = expand(chapter.page, chapter.root)
    assert '- here:\n\n  await asyncio.sleep(0)\n  return f"Hello, {name}"\n' in text


def test_a_snippet_without_a_section_is_the_whole_file_without_markers(chapter, change):
    change(chapter.page, "Do greet.", '--8<-- "solutions/ch01_greeter.py"')
    text = expand(chapter.page, chapter.root)
    assert '"""Chapter 1: a greeter."""' in text
    assert "--8<--" not in text


@pytest.mark.parametrize(
    ("snippet", "problem"),
    [
        pytest.param(
            '--8<-- "solutions/ch01_greeter.py:great"',
            "solutions/ch01_greeter.py has no section great: "
            "it has imports, greet, task-1.1, task-1.2, main",
            id="no such section",
        ),
        pytest.param(
            '--8<-- "solutions/ch02.py:greet"',
            "there is no file solutions/ch02.py, counted from the repository's root",
            id="no such file",
        ),
        pytest.param(
            '--8<-- "notebooks/grader.py:greet"',
            "notebooks/grader.py has no section greet: it has none",
            id="no sections",
        ),
        pytest.param(
            "--8<-- solutions/ch01_greeter.py",
            'not a snippet: write --8<-- "solutions/FILE.py:SECTION" alone on its line',
            id="misspelled",
        ),
    ],
)
def test_a_snippet_that_names_nothing_is_named_with_its_line(chapter, change, snippet, problem):
    change(chapter.page, "Do greet two.", snippet)
    with pytest.raises(SourceError) as caught:
        expand(chapter.page, chapter.root)
    assert str(caught.value) == f"chapters/ch01_greeter/index.md:45: {problem}"


BLOCKS = """\
Text.

```python
x = 1


y = 2
```

```py
shown = only


twice = 2
```

```python raises
1 / 0
```
"""


def test_only_blocks_of_python_become_code_and_raising_ones_are_tagged():
    cells = cut_into_cells(BLOCKS)
    assert [(cell.cell_type, cell.source) for cell in cells] == [
        ("markdown", "Text."),
        ("code", "x = 1\n\n\ny = 2"),
        ("markdown", "```py\nshown = only\n\n\ntwice = 2\n```"),
        ("code", "1 / 0"),
    ]
    assert cells[1].metadata == {}
    assert cells[3].metadata == {"tags": ["raises-exception"]}


def test_what_is_only_on_the_page_goes():
    text = "a\n<!-- page-only -->\nb\n<!-- /page-only -->\nc\n"
    assert without_page_only(text) == "a\nc\n"


def test_links_are_rewritten_in_text_and_never_in_code():
    text = (
        "[a](one) and ![picture](two) but `f[x](y)`\n\n"
        "```py\nf[x](y)\n```\n\n~~~~\n[b](three)\n~~~~\n\n[c](four)\n"
    )
    assert rewrite_links(text, str.upper) == (
        "[a](ONE) and ![picture](TWO) but `f[x](y)`\n\n"
        "```py\nf[x](y)\n```\n\n~~~~\n[b](three)\n~~~~\n\n[c](FOUR)\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            "# 1. A greeter",
            "# 1. The greeter",
            "1: the first line is not '# 1. A greeter', which is what tasks.toml says",
            id="another title",
        ),
        pytest.param(
            "### Task 1.2: greet two",
            "### Task 1.2: greet all",
            "43: 'Task 1.2: greet all' is not the next task in tasks.toml",
            id="another task's title",
        ),
        pytest.param(
            "### Task 1.2: greet two",
            "### Greet two",
            "45: there is no heading '### Task 1.2: greet two'",
            id="a task without a heading",
        ),
        pytest.param(
            "```python raises",
            "```python fails",
            "21: a block that is run starts with ```python or ```python raises at the left margin, "
            "one that is only shown with ```py",
            id="a misspelled block",
        ),
        pytest.param(
            "```python raises",
            "  ```python",
            "21: a block that is run starts with ```python or ```python raises at the left margin, "
            "one that is only shown with ```py",
            id="an indented block",
        ),
        pytest.param(
            "Run `workbook check 1`.",
            "```python\n```",
            "34: what is only on the page is not run: write ```py",
            id="a block that only the page has",
        ),
        pytest.param(
            "<!-- /page-only -->\n",
            "",
            "33: <!-- page-only --> is never closed: add <!-- /page-only -->",
            id="page-only is left open",
        ),
        pytest.param(
            "<!-- page-only -->\n",
            "",
            "34: <!-- page-only --> and <!-- /page-only --> come in pairs, at the left margin",
            id="page-only was never opened",
        ),
    ],
)
def test_a_mistake_on_the_page_is_named_with_its_line(chapter, change, old, new, problem):
    change(chapter.page, old, new)
    with pytest.raises(SourceError) as caught:
        check_page(chapter, read_tasks(chapter))
    assert str(caught.value) == f"chapters/ch01_greeter/index.md:{problem}"
