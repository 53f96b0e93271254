"""workbook check --all: a line for each chapter that is started."""

from pathlib import Path

import pytest
from command_line import one_line, say
from graded_course import ASKS_WRONGLY, GREETS_WRONGLY, RIGHT, STARTER, add_graders, save

from workbook.checkout.progress import load
from workbook.checkout.project import find_chapter

GREETING = "ch02_greet"


@pytest.fixture
def checkout(course: Path) -> Path:
    """With tests for the second chapter, too; the third has none."""
    add_graders(course)
    first = course / "tests" / "chapters" / "test_ch01_echo.py"
    graders = first.read_text().replace('task("1.', 'task("2.')
    first.with_name(f"test_{GREETING}.py").write_text(graders)
    return course


def save_second(checkout: Path, program: str) -> None:
    save(checkout, program).rename(checkout / "work" / f"{GREETING}.py")


def test_each_chapter_that_is_started_gets_a_line(checkout: Path) -> None:
    save_second(checkout, GREETS_WRONGLY)
    save(checkout, RIGHT)
    result = say("check", "--all")
    assert result.exit_code == 1
    assert result.output.startswith(
        "✓  1  The echo: 2 of 2 tasks passed.\n✗  2  A greeting: 1 of 2 tasks passed.\n\n1 of 3 ch"
    )
    assert result.output.endswith("workbook check 2\n")


def test_what_it_finds_is_remembered(checkout: Path) -> None:
    save(checkout, RIGHT)
    assert say("check", "--all").exit_code == 0
    assert load(checkout).has_passed(find_chapter(checkout, "1"))


def test_what_is_not_written_is_not_wrong_but_not_right_either(checkout: Path) -> None:
    save(checkout, STARTER)
    result = say("check", "--all")
    assert result.exit_code == 1
    assert result.output.startswith("·  1  The echo: 1 of 2 tasks passed.\n")


def test_a_chapter_that_cannot_be_graded_does_not_keep_the_others_waiting(checkout: Path) -> None:
    save(checkout, ASKS_WRONGLY).rename(checkout / "work" / "ch03_ask.py")
    save(checkout, RIGHT)
    result = say("check", "--all")
    assert result.exit_code == 1
    assert result.output.startswith("✓  1  The echo: 2 of 2 tasks passed.\n✗  3  A question: Chapt")
    assert "has no tests" in result.output


def test_when_nothing_is_started_it_says_what_to_start(checkout: Path) -> None:
    result = say("check", "--all")
    assert result.exit_code == 2
    assert one_line(result.output).startswith("Error: Nothing is started yet. Start chapter 1, ")


@pytest.mark.parametrize("more", [["1"], ["--json"], ["--seed", "3"], ["--world", "tls"]])
def test_it_stands_alone(checkout: Path, more: list[str]) -> None:
    result = say("check", "--all", *more)
    assert result.exit_code == 2
    assert "Use --all alone" in result.output
