"""From a solution to its starter, and every mistake an author can make on the way."""

import ast
import subprocess
import sys

import pytest

from authoring.starters import make_notebook_starter, make_starter
from course import SourceError

STARTER = '''\
"""Chapter 1: a greeter."""

import asyncio


async def greet(name):
    """Give the greeting for a name."""
    # Task 1.1
    raise NotImplementedError("Task 1.1: greet")


async def serve(bind, ssl_options):
    """Greet two."""
    # Task 1.2
    raise NotImplementedError("Task 1.2: greet two")


def main():
    """Say it."""
    print(asyncio.run(serve(None, None)))


if __name__ == "__main__":
    main()
'''


def test_each_task_becomes_a_raise_and_every_marker_goes(chapter):
    assert make_starter(chapter) == STARTER


def test_a_notebook_gets_the_starter_without_main(chapter):
    without_main, _ = STARTER.split("\n\n\ndef main")
    assert make_notebook_starter(chapter) == without_main + "\n"


def test_a_long_title_leaves_a_starter_that_is_formatted(chapter, change, tmp_path):
    change(chapter.tasks, '"greet two"', f'"greet {"very " * 16}many"')
    file = tmp_path / "starter.py"
    file.write_text(make_starter(chapter))
    subprocess.run([sys.executable, "-m", "ruff", "format", "--check", str(file)], check=True)


def test_a_title_with_quotes_comes_through_whole(chapter, change):
    change(chapter.tasks, '"greet two"', r"""'say "hi\n"'""")
    raised = ast.parse(make_starter(chapter)).body[3].body[1]
    assert ast.literal_eval(raised.exc.args[0]) == r'Task 1.2: say "hi\n"'


def test_a_task_in_two_places_is_blanked_in_both(chapter, change):
    change(chapter.solution, "start:task-1.2]", "start:task-1.1-twice]")
    change(chapter.solution, "end:task-1.2]", "end:task-1.1-twice]")
    change(chapter.tasks, chapter.tasks.read_text().split("\n\n")[-1], "")
    assert make_starter(chapter).count('NotImplementedError("Task 1.1: greet")') == 2


def test_a_section_without_a_task_is_named(chapter, change):
    change(chapter.solution, "task-1.2]", "task-1.3]")
    with pytest.raises(SourceError) as caught:
        make_starter(chapter)
    assert str(caught.value) == (
        "solutions/ch01_greeter.py:21: section task-1.3 has no task in tasks.toml"
    )


def test_a_task_without_a_section_is_named(chapter, change):
    change(chapter.solution, "task-1.2]", "something-else]")
    with pytest.raises(SourceError) as caught:
        make_starter(chapter)
    assert str(caught.value) == (
        "solutions/ch01_greeter.py:1: task 1.2 has no section: mark one as task-1.2"
    )


def test_a_task_inside_another_is_named(chapter, change):
    change(chapter.solution, "task-1.2]", "other]")
    answer = '    return f"Hello, {name}"\n'
    inner = f"    # --8<-- [start:task-1.2]\n{answer}    # --8<-- [end:task-1.2]\n"
    change(chapter.solution, answer, inner)
    with pytest.raises(SourceError) as caught:
        make_starter(chapter)
    assert str(caught.value) == (
        "solutions/ch01_greeter.py:14: section task-1.2 stands inside another task's section: "
        "take it out"
    )


def test_a_task_outside_of_a_function_is_named(chapter, change):
    change(chapter.solution, "start:greet]", "start:task-1.3]")
    change(chapter.solution, "end:greet]", "end:task-1.3]")
    change(chapter.solution, "    # --8<-- [start:task-1.1]\n", "")
    change(chapter.solution, "    # --8<-- [end:task-1.1]\n", "")
    change(chapter.solution, "task-1.3]", "task-1.1]")
    with pytest.raises(SourceError) as caught:
        make_starter(chapter)
    assert str(caught.value) == (
        "solutions/ch01_greeter.py:9: section task-1.1 must stand inside a function, "
        "so that the starter can be imported"
    )


def test_a_solution_that_is_not_python_is_named(chapter, change):
    change(chapter.solution, "async def serve(", "async def serve)")
    with pytest.raises(SourceError, match=r"solutions/ch01_greeter.py:19: not Python: "):
        make_starter(chapter)


def test_a_solution_whose_main_is_not_marked_is_named(chapter, change):
    change(chapter.solution, ":main]", ":the-end]")
    with pytest.raises(SourceError) as caught:
        make_notebook_starter(chapter)
    assert str(caught.value) == "solutions/ch01_greeter.py:1: section main is missing: mark it"
