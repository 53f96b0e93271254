"""What is committed is what its source makes, and the commands that make it."""

from pathlib import Path

import pytest
from nbclient import NotebookClient

from authoring.__main__ import main


@pytest.fixture
def made(chapter):
    """The book with its starter and notebook made."""
    assert main(["starters"]) == 0
    assert main(["notebooks"]) == 0
    return chapter


def test_what_was_just_made_is_what_its_source_makes(made, capsys):
    capsys.readouterr()
    assert main(["check"]) == 0
    assert capsys.readouterr() == ("", "")


def test_every_file_that_differs_is_named_with_the_command_to_run(made, change, capsys):
    change(made.starter, "Greet two", "Greet 2")
    change(made.notebook, "Hello, Ann", "Hello, Bob")
    (made.notebook.parent / "old.ipynb").write_text("{}")
    capsys.readouterr()
    assert main(["check"]) == 1
    assert capsys.readouterr().err == (
        "chapters/ch01_greeter/exercise.py is not what solutions/ch01_greeter.py makes: "
        "run `make chapters` and commit it\n"
        "notebooks/ch01_greeter.ipynb is not what chapters/ch01_greeter/index.md makes: "
        "run `make chapters` and commit it\n"
        "notebooks/old.ipynb belongs to no chapter: remove it\n"
    )


def test_a_page_that_differs_is_named_with_the_first_line_that_does(made, change, capsys):
    change(made.page, "<b> Hello, Ann", "<b> Hello, Bob")
    line = made.page.read_text().splitlines().index("<b> Hello, Bob") + 1
    capsys.readouterr()
    assert main(["check"]) == 1
    assert capsys.readouterr().err == (
        f"chapters/ch01_greeter/index.md:{line}: this is not what the page's blocks and tasks.toml "
        "make: run `make chapters` and commit it\n"
    )


def test_a_page_that_quotes_other_code_than_there_is_is_named(made, change, capsys):
    change(made.solution, 'f"Hello, {name}"', 'f"Good day, {name}"')
    line = made.page.read_text().splitlines().index('    return f"Hello, {name}"') + 1
    capsys.readouterr()
    assert main(["check"]) == 1
    assert capsys.readouterr().err == (
        f"chapters/ch01_greeter/index.md:{line}: this is not what the block quotes: "
        "in solutions/ch01_greeter.py:greet it is '    return f\"Good day, {name}\"'\n"
    )


def test_a_page_of_no_chapter_is_held_against_what_it_quotes(made, capsys):
    quote = "<!-- quotes solutions/ch01_greeter.py:imports -->\n```py\nimport os\n```\n"
    Path("chapters/more.md").write_text(quote)
    capsys.readouterr()
    assert main(["check"]) == 1
    assert capsys.readouterr().err == (
        "chapters/more.md:2: this block does not have what it quotes: "
        "solutions/ch01_greeter.py:imports begins with 'import asyncio'\n"
    )


def test_a_picture_that_differs_or_is_on_no_page_is_named(chapter, change, capsys):
    drawing = "type('D', (), {'_repr_svg_': lambda _: '<svg/>', '__repr__': lambda _: 'A'})()"
    change(chapter.page, "<!-- raises -->\n```python\n1 / 0", f"```python\n{drawing}")
    assert main(["starters"]) == main(["notebooks"]) == 0
    assert main(["check"]) == 0
    change(chapter.page.parent / "picture-1.svg", "<svg/>", "<svg></svg>")
    (chapter.page.parent / "picture-2.svg").write_text("<svg/>")
    capsys.readouterr()
    assert main(["check"]) == 1
    assert capsys.readouterr().err == (
        "chapters/ch01_greeter/picture-1.svg is not what chapters/ch01_greeter/index.md makes: "
        "run `make chapters` and commit it\n"
        "chapters/ch01_greeter/picture-2.svg is on no page: remove it\n"
    )
    assert main(["notebooks"]) == 0
    assert main(["check"]) == 0


def test_each_notebook_is_run_once(made, monkeypatch):
    runs = []
    run = NotebookClient.setup_kernel
    monkeypatch.setattr(
        NotebookClient, "setup_kernel", lambda *a, **b: runs.append(a) or run(*a, **b)
    )
    assert main(["check"]) == main(["notebooks"]) == 0
    assert len(runs) == 2


def test_a_file_that_was_never_made_differs(chapter, capsys):
    assert main(["check"]) == 1
    assert "chapters/ch01_greeter/exercise.py is not what" in capsys.readouterr().err


def test_a_mistake_in_a_source_is_one_line(chapter, change, capsys):
    change(chapter.solution, "# --8<-- [end:main]\n", "")
    assert main(["starters"]) == 1
    assert capsys.readouterr().err == (
        "solutions/ch01_greeter.py:26: section main is never closed: add # --8<-- [end:main]\n"
    )


def test_a_chapter_that_lacks_a_source_is_named(chapter, capsys):
    chapter.solution.unlink()
    assert main(["starters"]) == 1
    assert capsys.readouterr().err == (
        "solutions/ch01_greeter.py:1: chapter ch01_greeter needs this file\n"
    )


def test_a_folder_that_is_named_like_no_chapter_is_named(chapter, capsys):
    (chapter.page.parent.parent / "ch1_greeter").mkdir()
    assert main(["starters"]) == 1
    assert capsys.readouterr().err == (
        "chapters/ch1_greeter:1: a chapter is named like ch01_echo_server\n"
    )


def test_one_chapter_can_be_made_while_another_is_unfinished(chapter, capsys):
    (chapter.page.parent.parent / "ch02_more").mkdir()
    assert main(["starters"]) == 1
    assert main(["starters", "ch01_greeter"]) == 0
    assert capsys.readouterr().out == "made chapters/ch01_greeter/exercise.py\n"


def test_a_chapter_that_is_not_there_is_named(chapter, capsys):
    assert main(["notebooks", "ch02_more"]) == 1
    assert capsys.readouterr().err == (
        "solutions/ch02_more.py:1: chapter ch02_more needs this file\n"
    )


def test_a_wrong_call_says_how_to_call_it(capsys):
    assert main(["notebook"]) == 2
    assert capsys.readouterr().err.startswith("usage: python -m authoring passages\n")
