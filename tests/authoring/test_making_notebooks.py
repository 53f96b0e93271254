"""A notebook is made from a page, run, and the same every time."""

import nbformat
import pytest

from authoring.notebooks import build_notebook, make_notebook, notebook_text
from authoring.page_parts import complete_page, write_page
from course import SourceError


def test_a_notebook_is_the_page_framed_by_how_to_use_it_and_the_starter(chapter):
    cells = build_notebook(chapter).cells
    assert cells[0].source.startswith("# 1. A greeter\n\n20 minutes · assumes chapter 0 · ")
    assert "How to use this notebook" in cells[0].source
    assert [cell.source for cell in cells if cell.cell_type == "code"][1:4] == [
        'async def greet(name):\n    """Give the greeting for a name."""\n'
        '    await asyncio.sleep(0)\n    return f"Hello, {name}"',
        'print("<b>", await greet("Ann"))',
        "1 / 0",
    ]
    assert cells[-2].source.endswith('raise NotImplementedError("Task 1.2: greet two")')
    assert cells[-1].source == 'from grader import grade\n\ngrade("ch01_greeter", serve)'


def test_what_is_only_on_the_page_is_not_in_the_notebook_and_the_reverse(chapter):
    text = nbformat.writes(build_notebook(chapter))
    assert "workbook check" not in text
    assert "The page has more." in text
    assert "<!--" not in text


def test_what_the_notebook_prints_is_on_the_page_and_does_not_change_the_notebook(chapter):
    made = make_notebook(chapter)
    write_page(chapter, complete_page(chapter, made))
    assert "<b> Hello, Ann\n" in chapter.page.read_text()
    assert notebook_text(make_notebook(chapter)) == notebook_text(made)


def test_links_work_from_the_notebook(chapter, change):
    change(
        chapter.page, "Do greet.", "[next](../ch02_more/index.md#top), [web](https://a.example/b)"
    )
    text = nbformat.writes(build_notebook(chapter))
    assert "(#One-line)" in text
    assert "(../solutions/ch01_greeter.py)" in text
    assert "(../chapters/ch01_greeter/exercise.py)" in text
    assert "(ch01_greeter.ipynb)" in text
    assert "(../chapters/index.md)" in text
    assert "(ch02_more.ipynb)" in text
    assert "(https://a.example/b)" in text


def test_a_notebook_is_run_and_the_same_every_time(chapter):
    made = make_notebook(chapter)
    outputs = [cell.outputs for cell in made.cells if cell.cell_type == "code"]
    assert outputs[2][0].text == "<b> Hello, Ann\n"
    assert outputs[3][0].traceback == ["ZeroDivisionError: division by zero"]
    assert outputs[5][0].text == "ch01_greeter: Task 1.1 is not written yet\n"
    assert notebook_text(make_notebook(chapter)) == notebook_text(made)


def test_a_late_warning_of_a_forgotten_await_is_left_out(chapter, change):
    change(chapter.page, 'print("<b>", await greet("Ann"))', 'greet("Ann")\nprint("<b>")')
    outputs = [cell.outputs for cell in make_notebook(chapter).cells if cell.cell_type == "code"]
    assert [output.text for output in outputs[2]] == ["<b>\n"]


def test_a_drawing_is_kept(chapter, change):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    change(
        chapter.page,
        "<!-- raises -->\n```python\n1 / 0",
        f"```python\nclass Drawing:\n    def _repr_svg_(self):\n        return '{drawing}'\n"
        '    def __repr__(self):\n        return "a drawing"\n\nDrawing()',
    )
    cells = make_notebook(chapter).cells
    data = [cell.outputs[0].data for cell in cells if "Drawing" in cell.source]
    assert data == [{"image/svg+xml": drawing, "text/plain": "a drawing"}]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            "<!-- raises -->\n",
            "",
            "26: this block raised ZeroDivisionError: division by zero "
            "(if it should, write <!-- raises --> above it)",
            id="it raises",
        ),
        pytest.param(
            "Do greet.",
            "````\n```python\n```\n````",
            "1: a ```python block is inside another block",
            id="it is inside of another",
        ),
        pytest.param(
            "1 / 0", "1 / 1", "27: this block should raise, and did not", id="it does not raise"
        ),
        pytest.param(
            "1 / 0",
            "import os; os._exit(0)",
            "27: this block ended the kernel",
            id="it ends the kernel",
        ),
    ],
)
def test_what_goes_wrong_in_a_block_is_named_with_its_line(chapter, change, old, new, problem):
    change(chapter.page, old, new)
    with pytest.raises(SourceError) as caught:
        make_notebook(chapter)
    assert str(caught.value) == f"chapters/ch01_greeter/index.md:{problem}"


def test_a_line_is_counted_on_the_page_with_what_is_generated(chapter, change):
    write_page(chapter, complete_page(chapter, make_notebook(chapter)))
    change(chapter.page, "1 / 0", "1 / 1")
    line = chapter.page.read_text().splitlines().index("<!-- raises -->") + 2
    assert line > 27
    with pytest.raises(SourceError, match=f":{line}: this block should raise, and did not"):
        make_notebook(chapter)


def test_a_block_that_hangs_is_named_with_its_line(chapter, change, monkeypatch):
    monkeypatch.setattr("authoring.notebooks.CELL_TIMEOUT", 4)
    change(chapter.page, "1 / 0", "import time; time.sleep(60)")
    with pytest.raises(SourceError) as caught:
        make_notebook(chapter)
    assert str(caught.value) == (
        "chapters/ch01_greeter/index.md:27: this block did not end within 4 seconds"
    )
