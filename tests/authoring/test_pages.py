"""A page as its author writes it: its parts, its blocks, its headings and its links."""

import pytest

from authoring.pages import check_page, cut_into_cells, for_notebook, read_page, rewrite_links
from course import SourceError
from course.tasks import read_tasks

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

<!-- raises -->
```python
1 / 0
```
"""


def test_only_blocks_of_python_become_code_and_raising_ones_are_tagged():
    cells = cut_into_cells(for_notebook(BLOCKS))
    assert [(cell.cell_type, cell.source) for cell in cells] == [
        ("markdown", "Text."),
        ("code", "x = 1\n\n\ny = 2"),
        ("markdown", "```py\nshown = only\n\n\ntwice = 2\n```"),
        ("code", "1 / 0"),
    ]
    assert cells[1].metadata == {}
    assert cells[3].metadata == {"tags": ["raises-exception"]}


def test_what_is_only_on_the_page_is_not_for_the_notebook():
    text = "a\n<!-- page-only -->\nb\n<!-- /page-only -->\nc\n"
    assert for_notebook(text) == "a\nc\n"


def test_what_is_only_in_the_notebook_is_a_comment_on_the_page():
    assert for_notebook("a\n<!-- notebook-only\nb\n-->\nc\n") == "a\nb\nc\n"


def test_where_a_block_comes_from_is_not_for_the_notebook():
    text = "<!-- quotes solutions/ch01_greeter.py:greet -->\n```python\n```\n"
    assert for_notebook(text) == "```python\n```\n"


def test_what_is_generated_is_not_what_the_author_wrote(chapter):
    chapter.page.write_text(
        "# 1\n\n<!-- about -->\n5 minutes\n<!-- /about -->\n\n```python\n```\n\n"
        "<!-- output -->\n```text\n<!-- page-only -->\n```\n<!-- /output -->\n\nText.\n"
    )
    assert read_page(chapter.page) == "# 1\n\n```python\n```\n\nText.\n"


def test_python_in_an_output_is_not_a_block(chapter, change):
    output = "<!-- output -->\n````text\n```python fails\n````\n<!-- /output -->\n"
    change(chapter.page, "Do greet.\n", output)
    check_page(chapter, read_tasks(chapter))


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
            "53: 'Task 1.2: greet all' is not the next task in tasks.toml",
            id="another task's title",
        ),
        pytest.param(
            "### Task 1.2: greet two",
            "### Greet two",
            "55: there is no heading '### Task 1.2: greet two'",
            id="a task without a heading",
        ),
        pytest.param(
            "```python\n1 / 0",
            "```python fails\n1 / 0",
            "27: a block that is run starts with ```python at the left margin, "
            "one that is only shown with ```py",
            id="a misspelled block",
        ),
        pytest.param(
            "```python\n1 / 0",
            "  ```python\n1 / 0",
            "27: a block that is run starts with ```python at the left margin, "
            "one that is only shown with ```py",
            id="an indented block",
        ),
        pytest.param(
            "```python\n1 / 0",
            "```py\n1 / 0",
            "26: <!-- raises --> needs ```python on the next line",
            id="a block that is not run and has to raise",
        ),
        pytest.param(
            "Run `workbook check 1`.",
            "```python\n```",
            "40: what is only on the page is not run: write ```py",
            id="a block that only the page has",
        ),
        pytest.param(
            "<!-- /page-only -->\n",
            "",
            "39: <!-- page-only --> is never closed: add <!-- /page-only -->",
            id="page-only is left open",
        ),
        pytest.param(
            "<!-- page-only -->\n",
            "",
            "40: <!-- page-only --> and <!-- /page-only --> come in pairs, at the left margin",
            id="page-only was never opened",
        ),
        pytest.param(
            "<!-- page-only -->\n",
            "<!-- notebook-only\nRun it. -->\n\n## Next\n\n<!-- page-only -->\n",
            "39: <!-- notebook-only is never closed: add --> on its own line",
            id="notebook-only ends in the middle of a line",
        ),
    ],
)
def test_a_mistake_on_the_page_is_named_with_its_line(chapter, change, old, new, problem):
    change(chapter.page, old, new)
    with pytest.raises(SourceError) as caught:
        check_page(chapter, read_tasks(chapter))
    assert str(caught.value) == f"chapters/ch01_greeter/index.md:{problem}"
