"""Every word of a task's text is in a rule, and every rule has a test and a mutant."""

from pathlib import Path

import pytest

from authoring import caught
from authoring.chapters import find_chapters
from authoring.mutants import read_mutants
from authoring.rules import FILE, Rule, read_rules
from course import Chapter, SourceError

ROOT = Path(__file__).parents[2]

TESTS = """\
import pytest


@pytest.mark.task("1.1", rule="greet")
def test_ann_is_greeted(room):
    \"\"\"Ann is greeted.\"\"\"


@pytest.mark.simulated
@pytest.mark.task("1.2", rule="two")
def test_bob_is_greeted(room):
    \"\"\"Bob is greeted.\"\"\"
"""

RULES = """\
["1.1"]
greet = "Do greet."

["1.2"]
besides = ["Do"]
two = "greet two."
"""


@pytest.fixture
def ruled(chapter: Chapter) -> Chapter:
    """The book's chapter with two tests, and a rule for each."""
    for file, text in {chapter.test: TESTS, Path(FILE): RULES}.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return chapter


def test_rules_are_in_the_order_of_the_page(ruled):
    assert read_rules(ruled) == [
        Rule("1.1", "greet", "Do greet.", ("test_ann_is_greeted",)),
        Rule("1.2", "two", "greet two.", ("test_bob_is_greeted",)),
    ]
    assert read_rules(ruled)[1].id == "1.2-two"


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (FILE, "Do greet.", "Greet.", "task 1.1 does not say what .* quotes: Greet."),
        (FILE, 'besides = ["Do"]\n', "", "task 1.2 says this, and no rule in .* has it: Do"),
        (FILE, 'besides = ["Do"]\ntwo = "', 'does = "Do"\ntwo = "', "1.2-does has no test: Do"),
        (FILE, "two =", "Two =", "1.2-Two: a name has small letters and -"),
        (FILE, "besides =", "besides", "not TOML"),
        ("chapters/ch01_greeter/index.md", "Do greet two.", "Do greet two, and stay.", "quotes"),
        ("chapters/ch01_greeter/index.md", "Do greet two.", "Do greet two. Stay.", "has it: Stay."),
        ("chapters/ch01_greeter/index.md", "### Task 1.2", "### 1.2", "there is no heading"),
        ("tests/chapters/test_ch01_greeter.py", 'rule="two"', 'rule="to"', "1.2-two has no test"),
        (
            "tests/chapters/test_ch01_greeter.py",
            '@pytest.mark.task("1.2", rule="two")',
            '@pytest.mark.task("1.2", rule="two")\ndef test_two(room): ...\n\n\n'
            '@pytest.mark.task("1.2")',
            'test_bob_is_greeted has rule=""',
        ),
    ],
)
def test_what_is_left_out_is_named(ruled, change, file, old, new, problem):
    change(Path(file), old, new)
    with pytest.raises(SourceError, match=problem):
        read_rules(ruled)


@pytest.mark.parametrize("chapter", find_chapters(ROOT), ids=lambda chapter: chapter.name)
def test_each_rule_of_the_workbook_has_a_test_and_a_mutant(chapter):
    broken = {(mutant.task, mutant.rule) for mutant in read_mutants(chapter)}
    assert [rule.id for rule in read_rules(chapter) if (rule.task, rule.name) not in broken] == []


def test_each_rule_is_in_the_published_table():
    page = (ROOT / caught.PAGE).read_text()
    for chapter in find_chapters(ROOT):
        for rule in read_rules(chapter):
            assert f"\n| {rule.id} | " in page
