"""grade() as a notebook's cell calls it, on the example workbook in this folder."""

from __future__ import annotations

import asyncio
import linecache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from course import solution
from course.passes import passed_in_notebooks
from grader import grade, hint
from room import open_room

EXAMPLES = Path(__file__).parent / "examples"
ALL_PASSED = """\
Task 90.1  passed  send the bytes back unmodified
Task 90.2  passed  answer the end of file by hanging up
2 of 2 tasks passed.
"""


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        print("got", data)
        writer.write(data)
    writer.close()


async def _shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        print("got", data)
        writer.write(data.upper())
    writer.close()


async def echoes(bind: tuple[str, int], ssl_options: Any) -> asyncio.Server:
    return await asyncio.start_server(_echo, *bind)


async def shouts(bind: tuple[str, int], ssl_options: Any) -> asyncio.Server:
    return await asyncio.start_server(_shout, *bind)


async def blank(bind: tuple[str, int], ssl_options: Any) -> asyncio.Server:
    raise NotImplementedError("Task 90.1: send the bytes back unmodified")


@pytest.fixture(autouse=True)
def in_the_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example workbook, because a pass is saved in its work/."""
    copied = copytree(EXAMPLES, tmp_path / "examples")
    monkeypatch.chdir(copied / "solutions")
    return copied


def test_a_chapter_is_graded_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    grade("ch90_plain_echo", echoes)
    assert capsys.readouterr() == (ALL_PASSED, "")


def test_a_task_is_graded_by_its_number(capsys: pytest.CaptureFixture[str]) -> None:
    grade("90.2", echoes)
    assert capsys.readouterr().out == (
        "Task 90.2  passed  answer the end of file by hanging up\n1 of 1 task passed.\n"
    )


def test_a_failure_is_the_one_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    grade("90.1", shouts)
    told = capsys.readouterr().out
    assert told.startswith(
        "Task 90.1  failed  send the bytes back unmodified\n"
        "0 of 1 task passed.\n"
        "\n"
        "What is sent comes back (task 90.1, seed 0):\n"
        "\n"
    )
    assert "\n\nThe rule: Whatever a client sends comes back to it, byte for byte.\n\n" in told
    assert "\n\nYour program printed:\n  got b" in told
    assert told.endswith(
        "\n\nAlso failed:\n"
        "  90.1  each client hears only its own words\n"
        "\n"
        'A hint, in a new cell: from grader import hint; hint("90.1")\n'
    )


def test_a_task_that_is_not_written_yet_is_told_in_few_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    grade("90.2", blank)
    assert capsys.readouterr().out.splitlines()[:4] == [
        "Task 90.2  waits for 90.1  answer the end of file by hanging up",
        "0 of 1 task passed.",
        "",
        "Task 90.2 waits for task 90.1: send the bytes back unmodified.",
    ]


def test_in_a_cell_a_task_is_passed_over_as_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """90.1 is right, and what is missing below it does not end it early."""
    cell = """
import asyncio

async def answer(reader, writer):
    while data := await reader.read(100):
        writer.write(data)
        raise NotImplementedError(TITLE)
    writer.close()

async def serve(bind, ssl_options):
    return await asyncio.start_server(answer, *bind)
""".replace("TITLE", '"Task 90.2: count what was said"')
    name = "<cell of a notebook>"
    linecache.cache[name] = (len(cell), None, cell.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {}
    exec(compile(cell, name, "exec"), namespace)
    grade("90.1", namespace["serve"])
    assert "Task 90.1  passed" in capsys.readouterr().out


def test_a_pass_is_saved_and_a_failure_is_not(in_the_workbook: Path) -> None:
    grade("90.1", shouts)
    assert passed_in_notebooks(in_the_workbook) == {}
    grade("90.1", echoes)
    saved = passed_in_notebooks(in_the_workbook)
    assert saved.keys() == {"90.1"}
    grade("90.1", shouts)
    grade("ch90_plain_echo", echoes)
    assert passed_in_notebooks(in_the_workbook)["90.1"] == saved["90.1"]
    assert passed_in_notebooks(in_the_workbook).keys() == {"90.1", "90.2"}


def test_where_a_pass_cannot_be_saved_it_is_graded_all_the_same(
    in_the_workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (in_the_workbook / "work").write_text("a file where the folder should be")
    grade("ch90_plain_echo", echoes)
    assert capsys.readouterr() == (ALL_PASSED, "")


def test_cells_run_again_in_any_order_print_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    grade("90.1", shouts)
    once = capsys.readouterr()
    grade("ch90_plain_echo", echoes)
    assert capsys.readouterr().out == ALL_PASSED
    grade("90.1", shouts)
    assert capsys.readouterr() == once


def test_a_loop_that_runs_already_is_no_obstacle(capsys: pytest.CaptureFixture[str]) -> None:
    async def cell() -> None:
        grade("ch90_plain_echo", echoes)

    asyncio.run(cell())
    assert capsys.readouterr() == (ALL_PASSED, "")


def test_how_pytest_is_set_up_elsewhere_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = copytree(EXAMPLES, tmp_path / "workbook")
    (copied / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    monkeypatch.chdir(copied)
    grade("ch90_plain_echo", echoes)
    assert capsys.readouterr().out == ALL_PASSED


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("90.7", "Chapter 90 has no task 90.7.\n"),
        (
            "91.1",
            "No tests for '91.1'. A task is named like '1.1', a chapter 'ch01_echo_server'.\n",
        ),
        (
            "echo",
            "No tests for 'echo'. A task is named like '1.1', a chapter 'ch01_echo_server'.\n",
        ),
    ],
)
def test_what_is_not_there_is_one_line(
    what: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    grade(what, echoes)
    assert capsys.readouterr().out == told


def test_what_is_no_function_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    grade("90.1", None)  # type: ignore[arg-type]
    told = capsys.readouterr().out
    assert told == "grade takes your function serve, not None: grade('90.1', serve)\n"


def test_a_folder_outside_of_the_workbook_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    grade("90.1", echoes)
    assert capsys.readouterr().out == (
        f"{tmp_path} is not inside the workbook, so its tests are not found.\n"
    )


def test_the_solution_of_a_chapter_can_be_opened_by_its_name(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2] / "notebooks")
    with open_room(solution("ch01_echo_server")) as room:
        alice = room.connect("alice")
        alice.send("hello\n")
        alice.expect("hello\n")


def test_a_solution_that_is_not_there_is_named(monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"no solution 'ch99_nothing\.py'"):
        solution("ch99_nothing")


def test_a_hint_in_a_notebook_is_the_one_for_the_mistake_and_then_the_next(
    capsys: pytest.CaptureFixture[str],
) -> None:
    grade("90.1", shouts)
    capsys.readouterr()
    for said in (
        "A hint for what went wrong in task 90.1: A small letter is another byte.\n",
        "Hint 1 of 1 for task 90.1: A StreamWriter writes bytes.\n",
        "A hint for what went wrong in task 90.1: A small letter is another byte.\n",
    ):
        hint("90.1")
        assert capsys.readouterr().out.startswith(said)
    hint("90.2")
    assert capsys.readouterr().out.startswith("Hint 1 of 1 for task 90.2")
    hint("90.2")
    assert capsys.readouterr().out.startswith("You have seen all 1 hint")


def test_a_hint_for_a_task_that_is_not_there_names_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hint("9.9")
    assert capsys.readouterr().out == ("There is no task '9.9'. Choose from: 90.1, 90.2.\n")


def test_hints_outside_of_the_workbook_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    hint("90.1")
    assert capsys.readouterr().out.startswith(f"{tmp_path} is not inside the workbook")
