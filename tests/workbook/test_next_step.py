"""What comes next, from the first chapter to the last."""

from pathlib import Path

import pytest
from small_course import checked, started

from grader.report import FAILED, PASSED
from workbook.checkout.next_step import Step, next_step
from workbook.checkout.progress import load
from workbook.checkout.project import workbook_command


def step(course: Path) -> Step:
    return next_step(course, load(course))


def test_a_newcomer_starts_the_first_chapter(course: Path) -> None:
    assert step(course) == Step(
        "Start chapter 1, The echo (about 20 minutes)", f"{workbook_command()} start 1"
    )


def test_a_chapter_that_was_started_is_checked(course: Path) -> None:
    started(course, 1, at=1)
    assert step(course) == Step("Task 1.1: ask", f"{workbook_command()} check 1")


def test_the_first_task_that_has_not_passed_is_next(course: Path) -> None:
    checked(started(course, 1, at=1), PASSED, FAILED)
    assert step(course).text == "Task 1.2: answer"


def test_after_a_chapter_that_has_passed_comes_the_next(course: Path) -> None:
    checked(started(course, 1, at=1), PASSED, PASSED)
    assert step(course).command == f"{workbook_command()} start 2"


def test_where_you_are_is_the_chapter_saved_last(course: Path) -> None:
    started(course, 2, at=2)
    started(course, 1, at=1)
    assert step(course).text == "Task 2.1: ask"


def test_after_the_last_chapter_come_those_left_out(course: Path) -> None:
    checked(started(course, 3, at=3), PASSED, PASSED)
    assert step(course).command == f"{workbook_command()} start 1"


def test_in_the_end_there_is_nothing_left(course: Path) -> None:
    for number in (1, 2, 3):
        checked(started(course, number, at=number), PASSED, PASSED)
    assert step(course) == Step("All chapters have passed", "")


@pytest.mark.parametrize("active", [True, False])
def test_the_command_is_named_as_it_can_be_typed(
    course: Path, monkeypatch: pytest.MonkeyPatch, active: bool
) -> None:
    monkeypatch.setattr("sys.prefix", str(course / ".venv"))
    command = course / ".venv" / "bin" / "workbook"
    command.parent.mkdir(parents=True)
    command.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(command.parent) if active else "/nowhere")
    expected = "workbook" if active else ".venv/bin/workbook"
    assert step(course).command == f"{expected} start 1"
