"""How mutants are read, what is said about one that is written wrongly, and the page of them."""

import json
from pathlib import Path

import pytest

from authoring import caught
from authoring.__main__ import main
from authoring.mutants import (
    message_file,
    mutants_file,
    read_graders,
    read_mutants,
    read_table,
    table_file,
)
from course import Chapter, SourceError

TESTS = """\
import pytest


def greeted(room):
    \"\"\"No test.\"\"\"


@pytest.mark.task("1.1", rule="ann")
def test_ann_is_greeted(room):
    \"\"\"Ann is greeted.\"\"\"


@pytest.mark.task("1.2", rule="bob")
def test_bob_is_greeted(room):
    \"\"\"Bob is greeted.\"\"\"
"""

RULES = """\
["1.1"]
ann = "Do greet."

["1.2"]
bob = "Do greet two."
"""

MUTANTS = """\
[[mutant]]
name = "says_goodbye"
task = "1.1"
rule = "ann"
mistake = "It says goodbye | to those who come."
replace = "Hello"
with = "Goodbye"
caught_by = "test_ann_is_greeted"
says = "Hello"

[[mutant]]
name = "greets_twice"
task = "1.2"
rule = "bob"
mistake = "It greets Ann twice."
change = [{ replace = '"Bob"', with = '"Ann"' }, { replace = "Greet two", with = "Greet one" }]
caught_by = "test_bob_is_greeted"
says = ["Bob", "expected"]
world = "tls"
deadline = 0.5
"""


@pytest.fixture
def mutated(chapter: Chapter) -> Chapter:
    """The book's chapter with two tests, two mutants, what became of them, and a right solution."""
    for file, text in {
        Path("tests/chapters/test_ch01_greeter.py"): TESTS,
        Path("tests/chapters/rules.toml"): RULES,
        mutants_file(chapter): MUTANTS,
        table_file(chapter): json.dumps(
            {
                "says_goodbye": ["test_ann_is_greeted", "test_bob_is_greeted"],
                "greets_twice": ["test_bob_is_greeted"],
            }
        ),
        message_file(chapter, "says_goodbye"): "Ann expected Hello\n",
        message_file(chapter, "greets_twice"): "Bob expected Hello\n",
        Path("tests/mutants/right/ch01_greeter/shorter.py"): "",
    }.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return chapter


def test_a_mutant_is_the_solution_without_markers_and_with_one_mistake(mutated):
    first, second = read_mutants(mutated)
    assert first.name == "says_goodbye"
    assert '    return f"Goodbye, {name}"\n' in first.source
    assert "--8<--" not in first.source
    assert (first.says, first.world, first.deadline) == (("Hello",), "child", None)
    assert '[await greet("Ann"), await greet("Ann")]' in second.source
    assert '"""Greet one."""' in second.source
    assert (second.says, second.world, second.deadline) == (("Bob", "expected"), "tls", 0.5)


def test_the_graders_are_the_tests_in_their_order(mutated):
    assert read_graders(mutated) == ["test_ann_is_greeted", "test_bob_is_greeted"]


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ('"Hello"\nwith', '"Hallo"\nwith', 2, "'Hallo'... is not in solutions/ch01_greeter.py"),
        ('"Hello"\nwith', '"greet"\nwith', 2, "'greet' is 5 times in solutions/ch01_greeter.py"),
        ('"Hello"\nwith', '""\nwith', 2, "it needs replace = (text of the solution)"),
        ('with = "Goodbye"', "", 2, "it needs replace = (text of the solution), with ="),
        ('with = "Goodbye"', 'with = "Hello"', 2, "the same program as the solution"),
        ('with = "Goodbye"', 'change = ""', 2, "either replace and with, or a list of them"),
        (
            "[{ replace = '\"Bob\"', with",
            "[{ with",
            12,
            "it needs replace = (text of the solution)",
        ),
        (
            "test_ann_is",
            "test_an_is",
            2,
            "in test_ch01_greeter.py: did you mean 'test_ann_is_greet",
        ),
        ('task = "1.1"', 'task = "1.3"', 2, "task = '1.3' is not in tasks.toml: did you mean '1."),
        ('world = "tls"', 'world = "wide"', 12, "world = 'wide' is not in the worlds"),
        ('task = "1.1"', "task = 1.1", 2, "it needs task = (some text)"),
        ('says = "Hello"', "says = []", 2, "it needs says = (words of the message"),
        ('says = "Hello"', 'says = " "', 2, "it needs says = (words of the message"),
        ("deadline = 0.5", "deadline = 0", 12, "deadline is a number of seconds above zero"),
        ("deadline = 0.5", "hurry = true", 12, "hurry is no key: there are caught_by, change"),
        ("twice.", "twice", 12, "mistake is one sentence, on one line, with its period"),
        ('name = "greets_twice"', 'name = "says_goodbye"', 12, "its name is taken"),
        ('name = "greets_twice"', 'name = "Greets"', 12, "a mutant has a name of small letters"),
    ],
)
def test_a_mutant_that_is_written_wrongly_is_one_line(mutated, change, old, new, line, problem):
    change(mutants_file(mutated), old, new)
    with pytest.raises(SourceError) as caught:
        read_mutants(mutated)
    place, _, told = str(caught.value).partition(": mutant ")
    assert place == f"tests/mutants/ch01_greeter.toml:{line}"
    assert problem in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("[[mutant]]\nname = \n", 2, "not TOML: "),
        ("", 1, "no mutant in it: write [[mutant]]"),
        ("mutant = 1", 1, "no mutant in it: write [[mutant]]"),
    ],
)
def test_a_file_without_mutants_is_one_line(mutated, text, line, problem):
    mutants_file(mutated).write_text(text)
    with pytest.raises(SourceError) as caught:
        read_mutants(mutated)
    assert str(caught.value).startswith(f"tests/mutants/ch01_greeter.toml:{line}: {problem}")


def test_a_file_that_is_not_there_is_asked_for(mutated):
    mutants_file(mutated).unlink()
    with pytest.raises(SourceError, match="chapter ch01_greeter needs this file, with its mutants"):
        read_mutants(mutated)


def test_a_table_of_other_mutants_is_to_be_made_anew(mutated, change):
    change(mutants_file(mutated), "greets_twice", "greets_thrice")
    with pytest.raises(SourceError, match="not the table of the mutants"):
        read_table(mutated)


def test_the_page_tells_each_mistake_and_what_catches_it(mutated):
    page = caught.make_page(Path())
    assert "**2 wrong solutions, in 1 chapter: each is caught. 1 other right solution: " in page
    assert "```text\nAnn expected Hello\n```\n" in page
    assert (
        "## [1. A greeter](ch01_greeter/index.md)\n\n"
        "2 wrong solutions, 2 tests that catch them, 1 other right solution.\n\n"
        "### Task 1.1: greet\n\n"
        "| Rule | What the task says | Tests | Mistakes it explains | Mistakes it catches |\n"
        "|---|---|---|---|---|\n"
        "| 1.1-ann | Do greet. | 1 | 1 | 1 |\n\n"
        "| The mistake | The test that says so | Tests that fail |\n|---|---|---|\n"
        "| It says goodbye \\| to those who come. | ann is greeted | 2 |\n\n"
        "### Task 1.2: greet two\n\n"
        "| Rule | What the task says | Tests | Mistakes it explains | Mistakes it catches |\n"
        "|---|---|---|---|---|\n"
        "| 1.2-bob | Do greet two. | 1 | 1 | 2 |\n\n"
        "| The mistake | The test that says so | Tests that fail |\n|---|---|---|\n"
        "| It greets Ann twice. | bob is greeted | 1 |\n"
    ) in page


def test_the_page_is_made_and_checked_with_the_others(mutated, capsys):
    for made in ("passages", "starters", "notebooks", "caught", "check"):
        assert main([made]) == 0
    (Path() / caught.PAGE).write_text("by hand")
    capsys.readouterr()
    assert main(["check"]) == 1
    assert capsys.readouterr().err == (
        "chapters/what-the-graders-catch.md is not what tests/mutants/*.toml makes: "
        "run `make chapters` and commit it\n"
    )


def test_a_rule_that_no_mutant_breaks_is_named(mutated, change):
    change(mutants_file(mutated), MUTANTS.partition('[[mutant]]\nname = "greets_twice"')[0], "")
    table_file(mutated).write_text('{"greets_twice": ["test_bob_is_greeted"]}')
    with pytest.raises(SourceError, match=r"no mutant breaks rule 1.1-ann: write one. Do greet."):
        caught.make_page(Path())


def test_a_mutant_names_the_rule_of_its_test(mutated, change):
    change(mutants_file(mutated), 'rule = "bob"', 'rule = "ann"')
    with pytest.raises(SourceError, match=r"breaks rule 1.2-ann, but .* is 1.2-bob"):
        read_mutants(mutated)
