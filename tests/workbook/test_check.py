"""workbook check: which file it grades, what it prints, and how it ends."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest
from command_line import one_line, say
from graded_course import (
    ASKS_WRONGLY,
    GREETS_WRONGLY,
    NAME,
    RIGHT,
    STARTER,
    add_graders,
    line_of,
    save,
)

from course import Chapter
from workbook.checkout.progress import load

QUICKLY = ("--world", "child", "--seed", "0")
FILE = f"work/{NAME}.py"


@pytest.fixture
def checkout(course: Path) -> Path:
    return add_graders(course)


# What it prints, and the exit status


def test_a_pass_says_so_and_what_comes_next(checkout: Path) -> None:
    save(checkout, RIGHT)
    result = say("check", "1")
    assert result.exit_code == 0
    assert result.output.startswith(
        f"Chapter 1, The echo: {FILE}\n\n  ✓ 1.1  passed  ask\n  ✓ 1.2  passed  answer\n"
    )
    assert "\nYou have passed chapter 1.\n" in result.output
    assert "\nNext: Start chapter 2, A greeting (about 40 minutes)\n" in result.output


ESCAPES = "\x1b]0;owned\x07.py"


@pytest.mark.parametrize("source", [RIGHT, GREETS_WRONGLY, "async def serve(\n", ""])
def test_a_name_that_would_move_the_cursor_is_escaped(checkout: Path, source: str) -> None:
    (checkout / ESCAPES).write_text(source)
    output = say("check", "1", ESCAPES, *QUICKLY).output
    assert "\\x1b]0;owned\\x07.py" in output
    assert all(line.isprintable() for line in output.split("\n"))


def test_so_is_that_of_a_file_that_is_missing(checkout: Path) -> None:
    output = say("check", "1", ESCAPES).output
    assert "\\x1b]0;owned\\x07.py does not exist" in output
    assert all(line.isprintable() for line in output.split("\n"))


def test_a_failure_is_told_in_full(checkout: Path) -> None:
    save(checkout, GREETS_WRONGLY)
    result = say("check", "1")
    assert result.exit_code == 1
    assert "\n  ✓ 1.1  passed  ask\n  ✗ 1.2  failed  answer\n" in result.output
    assert "\nWho answers is greeted (task 1.2, seed 0):\n" in result.output
    assert "\nThe rule: Whoever answers is greeted by name.\n" in result.output
    assert "\nAlso failed:\n  1.2  a name may have spaces\n" in result.output
    assert "workbook hint 1.2 " in result.output


def test_all_failures_are_told_in_full_when_asked_for(checkout: Path) -> None:
    save(checkout, GREETS_WRONGLY)
    output = say("check", "1", "--all-failures", *QUICKLY).output
    assert "\nWho answers is greeted (task 1.2, seed 0):\n" in output
    assert "\nA name may have spaces (task 1.2, seed 0):\n" in output


def test_a_task_that_is_not_written_is_named_with_its_line(checkout: Path) -> None:
    save(checkout, STARTER)
    result = say("check", "1", *QUICKLY)
    assert result.exit_code == 1
    assert "\n  · 1.2  not written yet  answer\n" in result.output
    assert "\nTask 1.2 is not written yet: answer.\n" in result.output
    assert f"is still there, at {FILE}, line {line_of(STARTER, 'raise')}:" in result.output


def test_one_seed_in_one_world_is_said_to_be_a_part(checkout: Path) -> None:
    save(checkout, RIGHT)
    result = say("check", "1", *QUICKLY)
    assert result.exit_code == 0
    assert (
        "\nThat was only part of the check, with seed 0 and simulated. To run all of it:\n"
        in result.output
    )
    assert "has passed" not in result.output


# Which file


@pytest.mark.parametrize("said", ["1", "ch01", NAME, "echo", FILE, f"{os.curdir}/{FILE}"])
def test_a_chapter_or_its_file_may_be_named(checkout: Path, said: str) -> None:
    save(checkout, ASKS_WRONGLY)
    result = say("check", said, *QUICKLY)
    assert result.output.startswith(f"Chapter 1, The echo: {FILE}\n")


def test_without_a_name_it_is_the_file_that_was_saved_last(checkout: Path) -> None:
    other = checkout / "work" / "ch02_greet.py"
    save(checkout, RIGHT)
    other.touch()
    os.utime(other, (0, 0))
    assert say("check", *QUICKLY).output.startswith(f"Chapter 1, The echo: {FILE}\n")


def test_without_a_name_when_nothing_is_started_it_says_what_to_start(checkout: Path) -> None:
    result = say("check")
    assert result.exit_code == 2
    assert one_line(result.output).startswith("Error: Nothing is started yet. Start chapter 1, The")


def test_a_file_anywhere_with_the_name_of_a_chapter(checkout: Path) -> None:
    assert say("check", f"solutions/{NAME}.py", *QUICKLY).exit_code == 0


def test_a_starter(checkout: Path) -> None:
    result = say("check", f"chapters/{NAME}/exercise.py", *QUICKLY)
    assert "\n  · 1.2  not written yet  answer\n" in result.output


def test_a_file_of_any_name_beside_its_chapter(checkout: Path) -> None:
    (checkout / "mine.py").write_text(ASKS_WRONGLY)
    result = say("check", "1", "mine.py", *QUICKLY)
    assert result.exit_code == 1
    assert result.output.startswith("Chapter 1, The echo: mine.py\n")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            ["mine.py"],
            "mine.py does not have the name of a chapter, so the tests for it are unknown. Name",
        ),
        (["9"], "There is no chapter 9. The chapters are 1 to 3."),
        (["1", "mine.py"], "mine.py does not exist. Check the spelling."),
        (["1", "work"], "work is a folder. Name the file in it."),
        (["nowhere/ch01_echo.py"], "nowhere/ch01_echo.py does not exist. Check the spelling."),
        (["2"], "Chapter 2 has no tests (tests/chapters/test_ch02_greet.py): nothing to check."),
    ],
)
def test_what_cannot_be_checked_is_refused_in_one_line(
    checkout: Path, said: list[str], answer: str
) -> None:
    save(checkout, RIGHT).with_name("ch02_greet.py").touch()
    result = say("check", *said)
    assert result.exit_code == 2
    assert one_line(result.output).startswith(f"Error: {answer}")


def test_without_a_place_for_the_certificate_it_is_refused_and_not_failed(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(checkout, RIGHT)
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    result = say("check", "1")
    assert result.exit_code == 2
    assert one_line(result.output).startswith("Error: The development certificate cannot be kept")
    assert say("check", "1", *QUICKLY).exit_code == 0


def test_the_first_check_starts_the_chapter(checkout: Path) -> None:
    result = say("check", "1", *QUICKLY)
    assert result.output.startswith(f"{FILE} is yours now: ")
    assert "\nTask 1.2 is not written yet: answer.\n" in result.output
    assert (checkout / FILE).read_text() == STARTER


# What is remembered


def test_a_check_of_all_is_remembered(checkout: Path) -> None:
    save(checkout, GREETS_WRONGLY)
    say("check", "1")
    progress = load(checkout)
    assert progress.verdicts(Chapter(checkout, NAME)) == {"1.1": "passed", "1.2": "failed"}
    failure = progress.last_failure(Chapter(checkout, NAME))
    assert failure is not None
    assert failure.test == "who answers is greeted"


@pytest.mark.parametrize("arguments", [["1", *QUICKLY], [f"solutions/{NAME}.py"]])
def test_a_check_of_a_part_or_of_another_file_is_not(checkout: Path, arguments: list[str]) -> None:
    save(checkout, RIGHT)
    assert say("check", *arguments).exit_code == 0
    assert load(checkout).verdicts(Chapter(checkout, NAME)) == {}


# For programs


def test_json_is_all_that_is_printed(checkout: Path, workbook: Callable) -> None:
    save(checkout, GREETS_WRONGLY)
    done = workbook("check", "1", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert done.stderr == b""
    assert found["status"] == "fail"
    assert {test["task"]: test["status"] for test in found["tests"]} == {
        "1.1": "pass",
        "1.2": "fail",
    }
    assert {test["world"] for test in found["tests"]} == {"child", "tls"}


@pytest.mark.parametrize("said", [["9"], ["1"], ["1", "mine.py"]])
def test_json_tells_a_refusal_too(checkout: Path, said: list[str]) -> None:
    done = say("check", *said, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 2
    assert found["status"] == "error"
    assert done.stderr == f"Error: {found['message']}\n"
    assert not (checkout / FILE).exists()


def test_a_junit_file_is_written(checkout: Path) -> None:
    save(checkout, RIGHT)
    say("check", "1", *QUICKLY, "--junitxml", "out/junit.xml")
    assert "everybody_is_asked" in (checkout / "out" / "junit.xml").read_text()


def test_a_junit_file_that_cannot_be_written_is_one_line(checkout: Path) -> None:
    save(checkout, RIGHT)
    result = say("check", "1", *QUICKLY, "--junitxml", "/dev/null/junit.xml")
    assert result.exit_code == 2
    assert one_line(result.output) == "Error: /dev/null cannot be written: File exists.\n"


def test_a_junit_file_that_is_a_folder_is_refused_as_one(checkout: Path) -> None:
    save(checkout, RIGHT)
    result = say("check", "1", *QUICKLY, "--junitxml", "work")
    assert result.exit_code == 2
    assert "'work' is a directory" in result.output
    assert "did not run" not in result.output


# In a terminal


def test_a_terminal_shows_that_it_is_working_and_then_the_result(
    checkout: Path, terminal: Callable[..., pexpect.spawn]
) -> None:
    save(checkout, GREETS_WRONGLY)
    program = terminal("-m", "workbook", "check", "1")
    program.expect_exact(f"Checking {FILE} ...")
    program.expect_exact("Chapter 1, The echo")
    program.expect_exact("gives you a hint")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 1


ENDLESS = "print('begun', flush=True)\nwhile True: pass"


@pytest.fixture
def begun(checkout: Path) -> Iterator[Path]:
    """Where a program that never ends writes its process id. It is ended after the test."""
    file = checkout / "begun"
    save(checkout, f"import os\nopen({str(file)!r}, 'w').write(str(os.getpid()))\n{ENDLESS}")
    yield file
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(file.read_text()), signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_can_be_stopped_and_leaves_no_process(begun: Path, number: int) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "workbook", "check", "1"], stderr=subprocess.PIPE, text=True
    )
    while not (begun.exists() and begun.read_text()):
        assert program.poll() is None
    program.send_signal(number)
    _, said = program.communicate(timeout=20)
    assert said == "\nStopped. The results of this check were not saved.\n"
    assert program.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)
