"""What is generated is written into the page, and is there again when it is written again."""

import pytest
from markdown_it import MarkdownIt
from nbformat.v4 import new_output

from authoring.notebooks import build_notebook
from authoring.page_parts import complete_page, write_page


@pytest.fixture
def completed(chapter):
    """Writes the page, with these as the outputs of the block that prints, and gives its text."""

    def complete(*outputs):
        notebook = build_notebook(chapter)
        printing = [cell for cell in notebook.cells if cell.source.startswith("print(")]
        printing[0].outputs = list(outputs)
        write_page(chapter, complete_page(chapter, notebook))
        return chapter.page.read_text()

    return complete


def test_under_the_title_and_under_a_task_are_minutes_and_points(completed):
    page = completed()
    assert page.startswith(
        "# 1. A greeter\n\n<!-- about -->\n20 minutes · assumes chapter 0 · "
        "[notebook](../../notebooks/ch01_greeter.ipynb) · [exercise](exercise.py) · "
        "[solution](../../solutions/ch01_greeter.py)\n<!-- /about -->\n\nA greeting is"
    )
    assert (
        "### Task 1.1: greet\n\n<!-- about -->\n10 points · 5 minutes\n<!-- /about -->\n\nDo greet."
    ) in page


def test_under_a_block_is_what_it_printed_without_colors(completed):
    page = completed(new_output("stream", text="<b> \x1b[1mHello\x1b[0m\n\n# Ann\n"))
    assert (
        'print("<b>", await greet("Ann"))\n```\n\n'
        "<!-- output -->\n```text\n<b> Hello\n\n# Ann\n```\n<!-- /output -->\n\nThis one fails:"
    ) in page


def test_under_a_block_are_its_value_and_its_error(completed):
    page = completed(
        new_output("execute_result", data={"text/plain": "'a value'"}),
        new_output("error", ename="E", evalue="no", traceback=["E: no"]),
    )
    assert (
        "<!-- output -->\n```text\n'a value'\n```\n\n```text\nE: no\n```\n<!-- /output -->\n"
    ) in page


def test_a_fence_in_an_output_does_not_end_it(completed):
    page = completed(new_output("stream", text="```py\n1\n```\n"))
    assert "````text\n```py\n1\n```\n````\n" in page


def test_a_picture_is_a_file_beside_the_page_and_has_its_words(chapter, completed):
    data = {"image/svg+xml": "<svg><title>Ann</title></svg>", "text/plain": "Ann\nsays hello"}
    page = completed(new_output("execute_result", data=data))
    assert "<!-- output -->\n![Ann\nsays hello](picture-1.svg)\n<!-- /output -->\n" in page
    picture = chapter.page.parent / "picture-1.svg"
    assert picture.read_text() == "<svg><title>Ann</title></svg>\n"


@pytest.mark.parametrize(
    "words",
    [
        r"""ann -> server says b"it's [a] *list* of `_` \\ \x00 \n" """.strip(),
        "<b>bold</b> &amp; http://a.example",
        "A table\n- one\n1. two\n# three\n> four\n===\n+ five",
    ],
)
def test_the_words_of_a_picture_are_shown_as_they_are(completed, words):
    page = completed(
        new_output("execute_result", data={"image/svg+xml": "<svg/>", "text/plain": words})
    )
    images = [
        part
        for token in MarkdownIt("commonmark").parse(page)
        for part in token.children or ()
        if part.type == "image"
    ]
    assert ["".join(part.content or "\n" for part in image.children) for image in images] == [words]


def test_a_picture_that_the_page_no_longer_has_goes(chapter, completed):
    completed(new_output("execute_result", data={"image/svg+xml": "<svg/>", "text/plain": "Ann"}))
    completed()
    assert list(chapter.page.parent.glob("*.svg")) == []


def test_what_was_written_is_not_written_twice(completed):
    output = new_output("stream", text="Hello\n")
    page = completed(output)
    assert completed(output) == page


def test_an_old_output_goes(completed):
    before = completed()
    completed(new_output("stream", text="Hello\n"))
    assert completed() == before
