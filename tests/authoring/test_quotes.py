"""Code that a page quotes is the code that it comes from."""

import pytest

from authoring.quotes import check_quotes
from course import SourceError

QUOTE = "<!-- quotes solutions/ch01_greeter.py:task-1.1 -->\n"


def test_a_page_that_quotes_what_there_is_passes(chapter):
    check_quotes(chapter.page, chapter.root)


def test_a_block_may_have_more_than_it_quotes_and_indent_it(chapter, change):
    block = (
        "```py\nasync def greet(name):\n    await asyncio.sleep(0)\n"
        '    return f"Hello, {name}"\n\n\nx = 1\n```\n'
    )
    change(chapter.page, "Do greet.\n", QUOTE + block)
    check_quotes(chapter.page, chapter.root)


def test_a_quote_without_a_section_is_of_the_whole_file_without_markers(chapter, change):
    chapter.solution.write_text("# --8<-- [start:one]\na = 1\n# --8<-- [end:one]\nb = 2\n")
    chapter.page.write_text("<!-- quotes solutions/ch01_greeter.py -->\n```py\na = 1\nb = 2\n```\n")
    check_quotes(chapter.page, chapter.root)
    change(chapter.page, "b = 2", "b = 3")
    with pytest.raises(SourceError, match=r":4: .* in solutions/ch01_greeter.py it is 'b = 2'"):
        check_quotes(chapter.page, chapter.root)


@pytest.mark.parametrize(
    ("quote", "line", "problem"),
    [
        pytest.param(
            "<!-- quotes solutions/ch01_greeter.py:great -->\n```py\n```",
            55,
            "solutions/ch01_greeter.py has no section great: "
            "it has imports, greet, task-1.1, task-1.2, main",
            id="no such section",
        ),
        pytest.param(
            "<!-- quotes solutions/ch02.py:greet -->\n```py\n```",
            55,
            "there is no file solutions/ch02.py, counted from the repository's root",
            id="no such file",
        ),
        pytest.param(
            "<!-- quotes notebooks/grader.py:greet -->\n```py\n```",
            55,
            "notebooks/grader.py has no section greet: it has none",
            id="no sections",
        ),
        pytest.param(
            "<!-- quotes: solutions/ch01_greeter.py -->",
            55,
            "not a quote: write <!-- quotes FILE:SECTION --> alone on its line",
            id="misspelled",
        ),
        pytest.param(
            '--8<-- "solutions/ch01_greeter.py"',
            55,
            "write the code out, and <!-- quotes FILE:SECTION --> above its block",
            id="code that is not written out",
        ),
        pytest.param(
            QUOTE + "\n```py\n```",
            55,
            "a quote needs its block of code on the next line",
            id="no block",
        ),
        pytest.param(
            QUOTE + "```py\npass\n```",
            56,
            "this block does not have what it quotes: solutions/ch01_greeter.py:task-1.1 begins "
            "with 'await asyncio.sleep(0)'",
            id="another block",
        ),
        pytest.param(
            QUOTE + '```py\nawait asyncio.sleep(0)\n    return f"Hello, {name}"\n```',
            58,
            "this is not what the block quotes: in solutions/ch01_greeter.py:task-1.1 it is "
            "'return f\"Hello, {name}\"'",
            id="another indentation",
        ),
        pytest.param(
            QUOTE + "```py\nawait asyncio.sleep(0)\n```",
            58,
            "this is not what the block quotes: in solutions/ch01_greeter.py:task-1.1 it is "
            "'return f\"Hello, {name}\"'",
            id="a line too few",
        ),
    ],
)
def test_a_quote_that_is_not_right_is_named_with_its_line(chapter, change, quote, line, problem):
    change(chapter.page, "Do greet two.", quote)
    with pytest.raises(SourceError) as caught:
        check_quotes(chapter.page, chapter.root)
    assert str(caught.value) == f"chapters/ch01_greeter/index.md:{line}: {problem}"
