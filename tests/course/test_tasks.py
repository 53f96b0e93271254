"""tasks.toml is checked completely while it is read."""

import pytest

from course import SourceError
from course.tasks import Change, Mistake, Task, read_tasks


def test_a_chapter_says_its_title_minutes_and_tasks(chapter):
    tasks = read_tasks(chapter)
    assert (tasks.title, tasks.minutes, tasks.assumes) == ("A greeter", 20, "chapter 0")
    assert tasks.tasks[1] == Task(
        "1.2", "greet two", points=5, minutes=5, hints=("Call it twice.",)
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            'hints = ["Call it twice."]',
            "hints = []",
            "13: task 1.2 needs at least one hint",
            id="no hints",
        ),
        pytest.param(
            'hints = ["Call it twice."]',
            'hints = "Call it twice."',
            "13: task 1.2 needs at least one hint",
            id="hints as text",
        ),
        pytest.param(
            'hints = ["Call it twice."]',
            'hints = ["Call it twice.", ""]',
            "13: task 1.2 has a hint that is not text",
            id="an empty hint",
        ),
        pytest.param(
            'title = "greet two"\n',
            "",
            "13: task 1.2 needs title = (some text)",
            id="no title",
        ),
        pytest.param(
            "points = 10",
            'points = "10"',
            "6: task 1.1 needs points = (a number above zero)",
            id="points as text",
        ),
        pytest.param(
            "minutes = 20",
            "",
            "1: the chapter needs minutes = (a number above zero)",
            id="no minutes",
        ),
        pytest.param(
            'id = "1.2"',
            'id = "1.3"',
            "13: this task's id is '1.3', but its place calls for '1.2'",
            id="an id is skipped",
        ),
        pytest.param(
            'id = "1.1"\n',
            "",
            "1: this task's id is None, but its place calls for '1.1'",
            id="no id",
        ),
        pytest.param(
            "[[task]]", "[[tusk]]", "1: the chapter needs at least one [[task]]", id="none"
        ),
        pytest.param(
            "[[task]]",
            "task = [1]\n[[tusk]]",
            "1: a task is a table: write [[task]]",
            id="not a table",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(chapter, change, old, new, problem):
    change(chapter.tasks, old, new)
    with pytest.raises(SourceError) as caught:
        read_tasks(chapter)
    assert str(caught.value) == f"chapters/ch01_greeter/tasks.toml:{problem}"


TWO_MISTAKES = """
[[task.mistake]]
says = "not str"
hint = "Text is no bytes."

[[task.mistake]]
says = ["Nothing came", "printed"]
hint = "Write it."
"""


def test_a_task_knows_mistakes_and_their_hints(chapter):
    chapter.tasks.write_text(chapter.tasks.read_text() + TWO_MISTAKES)
    assert [task.mistakes for task in read_tasks(chapter).tasks] == [
        (),
        (
            Mistake(("not str",), "Text is no bytes."),
            Mistake(("Nothing came", "printed"), "Write it."),
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('says = "not str"\n', ""),
        ('hint = "Write it."\n', ""),
        ('says = ["Nothing came", "printed"]', "says = []"),
        ('says = ["Nothing came", "printed"]', 'says = [""]'),
        ('hint = "Write it."', "hint = 5"),
        ('hint = "Write it."', 'hints = "Write it."'),
        ('hint = "Write it."', 'hint = "Write it."\nmistake = "none"'),
    ],
)
def test_a_mistake_that_lacks_something_is_named_with_its_task(chapter, change, old, new):
    chapter.tasks.write_text(chapter.tasks.read_text() + TWO_MISTAKES)
    change(chapter.tasks, old, new)
    with pytest.raises(SourceError, match=r":13: a mistake of task 1\.2 has says = \(words of"):
        read_tasks(chapter)


@pytest.mark.parametrize("given", ["'many'", "5", "['many']"])
def test_what_is_no_table_is_no_mistake(chapter, given):
    chapter.tasks.write_text(f"{chapter.tasks.read_text()}mistake = {given}\n")
    with pytest.raises(SourceError, match=r"a mistake of task 1\.2 is a table"):
        read_tasks(chapter)


CHANGES = """
[[change]]
version = 2
since = "def greet("
says = "It was another greeting."

[[change]]
version = 3
says = "Two are greeted."
"""


def test_a_chapter_has_a_version_and_says_what_changed(chapter):
    assert read_tasks(chapter).version == 1
    chapter.tasks.write_text(chapter.tasks.read_text() + CHANGES)
    about = read_tasks(chapter)
    assert about.version == 3
    assert about.changes == (
        Change(2, "It was another greeting.", since="def greet("),
        Change(3, "Two are greeted."),
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("version = 3", "version = 4", "has version 4 where 3 comes next"),
        ('says = "Two are greeted."', "", "has version, says and maybe since"),
        ('says = "Two are greeted."', "says = 5", "are texts"),
        ('since = "def greet("', 'since = ""', "are texts"),
        ('since = "def greet("', 'when = "before"', "has version, says and maybe since"),
    ],
)
def test_a_change_that_lacks_something_is_named(chapter, change, old, new, problem):
    chapter.tasks.write_text(chapter.tasks.read_text() + CHANGES)
    change(chapter.tasks, old, new)
    with pytest.raises(SourceError, match=problem):
        read_tasks(chapter)


def test_what_is_not_toml_is_named_with_its_line(chapter, change):
    change(chapter.tasks, 'id = "1.2"', "id = 1.2.3")
    with pytest.raises(SourceError, match=r"^chapters/ch01_greeter/tasks.toml:13: not TOML: "):
        read_tasks(chapter)
