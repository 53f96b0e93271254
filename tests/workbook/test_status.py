"""workbook alone, and workbook list: where you are, and how far."""

import re
from pathlib import Path

import pytest
from command_line import say
from small_course import checked, started

from grader.report import FAILED, PASSED
from workbook.terminal.screen import console, mark


def test_a_newcomer_reads_how_to_begin(course: Path) -> None:
    lines = say().output.splitlines()
    assert lines[:3] == [
        "Nothing is started yet: 0 of 3 chapters passed, about 2 hours left.",
        "Next: Start chapter 1, The echo (about 20 minutes)",
        "  read   chapters/ch01_echo/index.md",
    ]
    assert re.fullmatch(r"  type   \S*workbook start 1", lines[3])
    assert re.fullmatch(
        r"All chapters: \S*workbook list   All commands: \S*workbook --help", lines[4]
    )
    assert len(lines) == 5


def test_in_a_chapter_five_lines_say_where_and_what_is_next(course: Path) -> None:
    chapter = started(course, 2)
    chapter.work.write_text('\nraise NotImplementedError("Task 2.2: answer")\n')
    checked(chapter, PASSED, FAILED)
    lines = say().output.splitlines()
    assert lines[:4] == [
        "Chapter 2, A greeting: 1 of 2 tasks done. 0 of 3 chapters done.",
        "Next: Task 2.2: answer",
        "  read   chapters/ch02_greet/index.md",
        "  write  work/ch02_greet.py, line 2",
    ]
    assert re.fullmatch(r"  check  \S*workbook check 2   \(on every save: .*\)", lines[4])
    assert len(lines) == 5


def test_after_a_chapter_it_says_what_comes_next(course: Path) -> None:
    checked(started(course, 2), PASSED, PASSED)
    lines = say().output.splitlines()
    assert lines[0].startswith("Chapter 2, A greeting: passed. 1 of 3 chapters done.")
    assert lines[1] == "Next: Start chapter 3, A question (about 60 minutes)"


def test_in_the_end_it_says_so(course: Path) -> None:
    for number in (1, 2, 3):
        checked(started(course, number), PASSED, PASSED)
    output = say().output
    assert "passed. 3 of 3 chapters done.\nThere is nothing left" in output


def test_outside_of_the_checkout_it_says_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert say().output.startswith(f"Error: {tmp_path} is not inside the workbook. cd to ")


def test_on_windows_it_kindly_names_wsl(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    result = say("list")
    assert result.exit_code == 1
    assert "On Windows it runs in WSL" in result.output


# list


def test_list_shows_each_chapter_with_its_minutes_and_tasks(course: Path) -> None:
    checked(started(course, 2), PASSED, FAILED)
    lines = [line.rstrip() for line in say("list").output.splitlines()]
    assert lines == [
        "     Chapter     Minutes  Tasks",
        "  1  The echo         20  · 1.1  · 1.2",
        "> 2  A greeting       40  ✓ 2.1  ✗ 2.2",
        "  3  A question       60  · 3.1  · 3.2",
        "",
        "Chapter 2, A greeting:",
        "  ✓ 2.1 ask (10 minutes)",
        "  ✗ 2.2 answer (15 minutes)",
        "",
        "✓ passed   ✗ not right yet   · not written or not checked yet",
        "0 of 3 chapters passed, about 2 hours left.",
    ]


def test_what_has_passed_takes_no_more_time(course: Path) -> None:
    checked(started(course, 3), PASSED, PASSED)  # 60 minutes, of which reading takes 35
    checked(started(course, 2), PASSED, PASSED)  # 40
    assert "2 of 3 chapters passed, about 20 minutes left." in say("list").output
    checked(started(course, 1), PASSED, FAILED)
    assert "2 of 3 chapters passed, about 10 minutes left." in say("list").output


def test_list_shows_the_tasks_of_another_chapter(course: Path) -> None:
    assert "\nChapter 3, A question:\n" in say("list", "3").output


def test_list_in_a_narrow_terminal_cuts_nothing(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    output = say("list").output
    assert max(map(len, output.splitlines())) <= 24
    assert set(re.findall(r"\d\.\d", output)) == {*("1.1", "1.2", "2.1", "2.2", "3.1", "3.2")}


@pytest.mark.parametrize(("encoding", "signs"), [("utf-8", "✓✗·"), ("ascii", "+x-")])
def test_marks_are_told_apart_without_color_in_every_encoding(
    tmp_path: Path, encoding: str, signs: str
) -> None:
    with open(tmp_path / "terminal", "w", encoding=encoding) as terminal:
        screen = console(terminal)
        assert "".join(mark(each, screen).plain for each in (PASSED, FAILED, "")) == signs
