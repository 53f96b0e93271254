"""workbook start and reset: a chapter begins, and begins again, and nothing written is lost."""

import re
from pathlib import Path

import pytest
from command_line import say
from small_course import checked, started

from grader.report import FAILED, PASSED
from workbook.checkout.progress import load


def test_start_copies_the_starter(course: Path) -> None:
    assert say("start", "1").exit_code == 0
    assert (course / "work/ch01_echo.py").read_bytes() == (
        course / "chapters/ch01_echo/exercise.py"
    ).read_bytes()


def test_start_says_what_comes_next(course: Path) -> None:
    output = say("start", "1").output
    assert output.startswith(
        "work/ch01_echo.py is yours now: chapter 1, The echo, about 20 minutes.\n"
        "The code for its tasks is missing: that is your part.\n"
        "Read chapters/ch01_echo/index.md,"
    )
    assert re.search("workbook run 1 +runs your server", output)
    assert re.search("workbook check 1 +tells you what works so far", output)


def test_start_says_that_a_chapter_goes_on_from_our_solution(course: Path) -> None:
    tasks = course / "chapters/ch02_greet/tasks.toml"
    tasks.write_text(tasks.read_text().replace('"patience"', '"chapter 1"'))
    assert (
        "It continues from our solution to chapter 1, so it works even if yours is not finished."
        in (say("start", "2").output)
    )


def test_start_alone_starts_what_comes_next(course: Path) -> None:
    checked(started(course, 1), PASSED, PASSED)
    assert say("start").output.startswith("work/ch02_greet.py is yours now")


def test_start_alone_begins_no_second_chapter_beside_one_that_has_not_passed(course: Path) -> None:
    checked(started(course, 1), PASSED, FAILED)
    result = say("start")
    assert result.exit_code == 1
    assert result.output.startswith(
        "Error: You have already started chapter 1, and it has not passed yet."
    )
    assert "start 2" not in result.output
    assert not (course / "work/ch02_greet.py").exists()


def test_start_alone_says_when_there_is_nothing_left(course: Path) -> None:
    for number in (1, 2, 3):
        checked(started(course, number), PASSED, PASSED)
    assert say("start").output == "All chapters have passed. There is nothing left to start.\n"


@pytest.mark.parametrize("command", [["start", "1"], ["start"]])
def test_start_never_overwrites(course: Path, command: list[str]) -> None:
    say("start", "1")
    (course / "work/ch01_echo.py").write_text("my work")
    result = say(*command)
    assert result.exit_code == 1
    assert (course / "work/ch01_echo.py").read_text() == "my work"


def test_start_of_what_is_there_says_how_to_go_on(course: Path) -> None:
    say("start", "1")
    assert say("start", "1").output.startswith(
        "Error: work/ch01_echo.py already exists, and was left alone. To check it: "
    )


def test_start_of_a_chapter_without_a_starter_says_so(course: Path) -> None:
    (course / "chapters/ch01_echo/exercise.py").unlink()
    result = say("start", "1")
    assert result.exit_code == 1
    assert result.output.startswith("Error: Chapter 1 has no starter")


def test_start_without_a_place_to_write_says_so(course: Path) -> None:
    (course / "work").symlink_to("/dev/null/work")
    result = say("start", "1")
    assert result.exit_code == 1
    assert result.output.startswith("Error: work/ch01_echo.py cannot be written: ")


def test_what_a_killed_start_left_behind_is_no_hindrance(course: Path) -> None:
    (course / "work").mkdir()
    (course / "work/.ch01_echo.py.new").write_text("hal")
    assert say("start", "1").exit_code == 0
    assert sorted(path.name for path in (course / "work").iterdir()) == ["ch01_echo.py"]


# reset


def test_reset_keeps_what_was_written_and_says_how_to_bring_it_back(course: Path) -> None:
    work = started(course, 1).work
    work.write_text("my work")
    output = say("reset", "1").output
    assert work.read_text().startswith('"""The echo"""')
    backup = re.search(
        r"\n  cp (work/backups/ch01_echo-[\dT-]{19}\.py) work/ch01_echo\.py\n", output
    )
    assert backup
    assert (course / backup[1]).read_text() == "my work"
    assert f"was saved as {backup[1]}\n" in output


def test_reset_twice_in_a_second_keeps_both(course: Path) -> None:
    work = started(course, 1).work
    for text in ("first", "second", "third"):
        work.write_text(text)
        say("reset", "1")
    kept = sorted(file.read_text() for file in (course / "work/backups").iterdir())
    assert kept == ["first", "second", "third"]


def test_reset_forgets_what_had_passed(course: Path) -> None:
    chapter = started(course, 1)
    chapter.work.write_text("my work")
    checked(chapter, PASSED, PASSED)
    say("reset", "1")
    assert load(course).verdicts(chapter) == {}


def test_reset_of_an_untouched_starter_keeps_no_copy(course: Path) -> None:
    started(course, 1)
    assert say("reset", "1").output == (
        "work/ch01_echo.py is still the starter, so there is nothing to reset.\n"
    )
    assert not (course / "work/backups").exists()


def test_reset_before_start_says_to_start(course: Path) -> None:
    result = say("reset", "1")
    assert result.exit_code == 1
    assert result.output.startswith(
        "Error: work/ch01_echo.py does not exist, so there is nothing to"
    )
    assert result.output.endswith("workbook start 1\n")


def test_reset_without_a_place_for_the_backup_changes_nothing(course: Path) -> None:
    work = started(course, 1).work
    work.write_text("my work")
    (course / "work/backups").write_text("a file where the folder should be")
    result = say("reset", "1")
    assert result.exit_code == 1
    assert result.output == (
        "Error: Chapter 1 was left alone. work/backups cannot be written: it is no folder.\n"
    )
    assert work.read_text() == "my work"
