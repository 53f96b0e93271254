"""workbook hint: the next one each time, and first the one that fits what went wrong."""

from pathlib import Path

import click
import pytest
from command_line import say
from small_course import checked, started

from course.tasks import Mistake, Task
from grader.report import FAILED, NOT_WRITTEN, PASSED, Result
from room.failure import Diagnostic
from workbook.checkout.progress import Failure, load
from workbook.commands.hint import fitting_mistake


def test_each_time_the_next_hint_comes(course: Path) -> None:
    first = say("hint", "1.1").output
    assert first.startswith("Hint 1 of 2 for task 1.1: Look at what arrives.\nMore: ")
    assert first.endswith("workbook hint 1.1 2\n")
    second = say("hint", "1.1").output
    assert second.startswith("Hint 2 of 2 for task 1.1: There is butterfly.write.\nThis was the")
    assert second.endswith("workbook solution 1 --anyway\n")


def test_after_the_last_hint_it_says_so_and_names_the_solution(course: Path) -> None:
    say("hint", "1.1", "2")
    after = say("hint", "1.1")
    assert after.exit_code == 0
    assert "You have seen all 2 hints for this task." in after.output
    assert "workbook hint 1.1 1\n" in after.output
    assert after.output.endswith("workbook solution 1 --anyway\n")


def test_a_hint_can_be_read_again(course: Path) -> None:
    say("hint", "1.1", "2")
    assert say("hint", "1.1", "1").output.startswith("Hint 1 of 2 for task 1.1: Look at")
    assert say("hint", "1.1", "2").output.startswith("Hint 2 of 2 for task 1.1: There is")


def test_a_hint_without_a_task_is_for_the_one_that_failed(course: Path) -> None:
    checked(started(course, 1), PASSED, FAILED)
    assert say("hint").output.startswith("Hint 1 of 1 for task 1.2: Say it.")


@pytest.mark.parametrize("chapter", ["1", "ch01", "echo", "work/ch01_echo.py"])
def test_a_hint_for_a_chapter_is_for_its_first_task_that_has_not_passed(
    course: Path, chapter: str
) -> None:
    checked(started(course, 1), PASSED, NOT_WRITTEN)
    assert say("hint", chapter).output.startswith("Hint 1 of 1 for task 1.2: Say it.")


def test_a_hint_without_a_task_before_the_first_check_is_for_the_first(course: Path) -> None:
    started(course, 2)
    assert say("hint").output.startswith("Hint 1 of 2 for task 2.1")


def test_a_hint_when_nothing_is_started_says_to_start(course: Path) -> None:
    result = say("hint")
    assert result.exit_code == 1
    assert result.output.startswith("Nothing is started yet, so there is nothing to give a hint")
    assert result.output.endswith("workbook start 1\n")


def test_a_hint_when_all_has_passed_says_what_is_next(course: Path) -> None:
    checked(started(course, 1), PASSED, PASSED)
    output = say("hint").output
    assert output.startswith("Chapter 1 has passed, so there is nothing to give a hint for.")
    assert output.endswith("workbook start 2\n")


def test_the_hint_that_fits_comes_first_after_every_check(course: Path) -> None:
    chapter, text = started(course, 1), "TypeError: write takes bytes,\nnot str"
    checked(chapter, FAILED, FAILED, text=text)
    fits = say("hint").output
    assert fits.startswith("A hint for what went wrong in task 1.1: Text is not bytes.\nMore: ")
    assert fits.endswith("workbook hint 1.1\n")
    assert say("hint").output.startswith("Hint 1 of 2 for task 1.1: Look at what arrives.")
    checked(chapter, FAILED, FAILED, text=text)
    assert say("hint").output == fits
    assert say("hint").output.startswith("Hint 2 of 2 for task 1.1")
    assert say("hint").output == fits


def test_a_remedy_for_a_server_that_does_not_start_comes_before_the_hints(course: Path) -> None:
    unstarted = Diagnostic(headline="No.", remedy="Save it as UTF-8.", kind="syntax")
    failed = Result("1.1", "ask", "ann is asked", "child", FAILED, diagnostic=unstarted)
    load(course).record_check(started(course, 1), [failed])
    assert "Your server does not start yet: No. Save it as UTF-8.\n" in say("hint").output


def test_another_failure_gets_the_ordinary_hint(course: Path) -> None:
    checked(started(course, 1), FAILED, FAILED, text="Nothing came")
    assert say("hint").output.startswith("Hint 1 of 2 for task 1.1")


def test_a_server_that_does_not_start_comes_before_the_hints(course: Path) -> None:
    chapter = started(course, 1)
    unstarted = Diagnostic(headline="No.", attempt="look at `line` 1.", kind="syntax")
    failed = Result("1.1", "ask", "ann is asked", "child", FAILED, diagnostic=unstarted)
    load(course).record_check(chapter, [failed])
    assert say("hint").output == (
        "Your server does not start yet: No. Look at `line` 1.\n"
        "The hints for the task come after that.\n"
    )


def test_a_mistake_fits_when_all_its_words_are_told_however_they_are_broken_into_lines() -> None:
    known = (Mistake(("ann is asked", "no newline"), "cut it"), Mistake(("newline",), "look"))
    task = Task("1.1", "ask", 10, 10, ("Read.",), known)
    assert fitting_mistake(task, Failure("1.1", "ann is asked", "and no\n  newline")) == known[0]
    assert fitting_mistake(task, Failure("1.1", "bob is asked", "and no\n  newline")) == known[1]
    assert fitting_mistake(task, Failure("1.1", "ann is asked", "and silence")) is None


def test_on_a_terminal_a_hint_is_in_a_box(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    lines = click.unstyle(say("hint", "1.1").output).splitlines()
    assert lines[0] == "╭─ Hint 1 of 2 for task 1.1 ───────────╮"
    assert {"│" in line for line in lines[1:-3]} == {True}


def test_a_hint_that_is_not_there_is_one_clear_line(course: Path) -> None:
    assert say("hint", "1.1", "3").output == ("Error: There is no hint 3. Task 1.1 has 2 hints.\n")


def test_a_task_that_is_not_there_is_answered_with_those_there_are(course: Path) -> None:
    assert say("hint", "9.9").output == ("Error: There is no task 9.9. The chapters are 1 to 3.\n")


@pytest.mark.parametrize(
    "broken",
    ["title =", "[[task]]\n", "[[task]]\nid = '1.1'", "title = 'x'\nminutes = 5\ntask = 5"],
)
def test_tasks_that_cannot_be_read_are_named(course: Path, broken: str) -> None:
    (course / "chapters/ch01_echo/tasks.toml").write_text(broken)
    output = say("hint", "1.1").output
    assert output.startswith("Error: chapters/ch01_echo/tasks.toml cannot be read: ")
    assert output.count("\n") == 1
