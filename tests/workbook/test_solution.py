"""workbook solution and diff: after a chapter has passed, or --anyway."""

from pathlib import Path

import pytest
from command_line import CHECKOUT, say
from small_course import checked, started

from course import Chapter, all_chapters
from course.sections import MarkedSource
from grader.report import FAILED, PASSED
from workbook.commands.solution import reference


@pytest.mark.parametrize("command", ["solution", "diff"])
def test_the_answer_waits_until_the_chapter_passes(course: Path, command: str) -> None:
    checked(started(course, 1), PASSED, FAILED)
    result = say(command, "1")
    assert result.exit_code == 1
    assert result.output.startswith("Chapter 1 has not passed yet. You remember best what")
    assert "workbook hint 1.2 " in result.output
    assert f"workbook {command} 1 --anyway" in result.output
    assert "print" not in result.output


@pytest.mark.parametrize("command", ["solution", "diff"])
def test_the_answer_is_shown_anyway(course: Path, command: str) -> None:
    started(course, 1)
    result = say(command, "1", "--anyway")
    assert result.exit_code == 0
    assert 'print("The echo")' in result.output


@pytest.mark.parametrize("command", ["solution", "diff"])
def test_without_a_name_it_is_the_chapter_that_was_saved_last(course: Path, command: str) -> None:
    started(course, 2)
    started(course, 1, at=1)
    assert 'print("A greeting")' in say(command, "--anyway").output


@pytest.mark.parametrize("command", ["solution", "diff"])
def test_what_has_passed_once_stays_open(course: Path, command: str) -> None:
    chapter = started(course, 1)
    checked(chapter, PASSED, PASSED)
    checked(chapter, PASSED, FAILED)
    assert 'print("The echo")' in say(command, "1").output


def test_on_a_pipe_the_solution_is_a_program(course: Path) -> None:
    solution = course / "solutions/ch01_echo.py"
    solution.write_text("# --8<-- [start:all]\nx = 1\n# --8<-- [end:all]\n")
    assert say("solution", "1", "--anyway").output == "x = 1\n"


def test_on_a_terminal_the_solution_has_its_path_and_colors(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    output = say("solution", "1", "--anyway").output
    assert "solutions/ch01_echo.py" in output
    assert "\x1b[" in output


@pytest.mark.parametrize("chapter", all_chapters(CHECKOUT), ids=lambda chapter: chapter.name)
def test_the_solution_is_shown_as_on_the_site(chapter: Chapter) -> None:
    assert reference(chapter) == MarkedSource(chapter.solution).text()


def test_a_chapter_without_a_solution_says_so(course: Path) -> None:
    (course / "solutions/ch01_echo.py").unlink()
    assert say("solution", "1", "--anyway").output.startswith(
        "Error: Chapter 1 has no solution: solutions/ch01_echo.py is not there. "
    )


# diff


def test_diff_turns_yours_into_ours(course: Path) -> None:
    started(course, 1).work.write_text('"""The echo"""\r\n\r\nprint("Mine")\r\n')
    assert say("diff", "1", "--anyway").output == (
        "--- yours  work/ch01_echo.py\n"
        "+++ ours   solutions/ch01_echo.py\n"
        "@@ -1,3 +1,3 @@\n"
        ' """The echo"""\n'
        " \n"
        '-print("Mine")\n'
        '+print("The echo")\n'
    )


def test_diff_says_when_nothing_is_different(course: Path) -> None:
    started(course, 1).work.write_text('"""The echo"""\n\nprint("The echo")')
    assert say("diff", "1", "--anyway").output == (
        "work/ch01_echo.py and our solution are the same.\n"
    )


def test_diff_of_what_passes_says_that_different_is_not_wrong(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(started(course, 1), PASSED, PASSED)
    monkeypatch.setenv("FORCE_COLOR", "1")
    output = say("diff", "1").output
    assert output.endswith("Both pass. A difference is not a mistake.\n")
    assert '\x1b[32m+print("The echo")\x1b[0m\n' in output


def test_diff_shows_what_a_terminal_would_obey_as_an_escape(course: Path) -> None:
    started(course, 1).work.write_text("\x1b[2J\n")
    assert "-\\x1b[2J\n" in say("diff", "1", "--anyway").output


def test_diff_before_start_says_to_start(course: Path) -> None:
    result = say("diff", "1", "--anyway")
    assert result.exit_code == 1
    assert result.output.startswith("Error: work/ch01_echo.py is not there yet. Make it: ")
