"""How a chapter is named; and run, in a small checkout."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from command_line import CHECKOUT, one_line, say
from small_server import ECHO, port_in

from workbook.cli import main

TASKS = """
title = "The echo server"
minutes = 30
assumes = "nothing"

[[task]]
id = "1.1"
title = "send the bytes back"
points = 10
minutes = 10
hints = ["Look at what arrives.", "There is butterfly.write."]
"""

STARTER = """
async def serve(bind, ssl_options):
    raise NotImplementedError("Task 1.1: send the bytes back")
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "mkdocs.yml": "",
        "chapters/ch01_echo_server/exercise.py": STARTER,
        "chapters/ch01_echo_server/tasks.toml": TASKS,
        "solutions/ch01_echo_server.py": ECHO,
        "solutions/ch06_relay.py": ECHO,
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Which chapter


@pytest.mark.parametrize(
    "name", ["1", "01", "ch01", "ch01_echo_server", "echo", "work/ch01_echo_server.py"]
)
def test_a_chapter_has_short_names(checkout: Path, name: str) -> None:
    assert say("start", name).exit_code == 0
    assert (checkout / "work" / "ch01_echo_server.py").read_text() == STARTER


@pytest.mark.parametrize("name", ["2", "ch1x", "", "../1x", "ch"])
def test_a_chapter_that_is_none_is_answered_with_those_there_are(checkout: Path, name: str) -> None:
    result = say("start", name)
    assert result.exit_code == 2
    assert result.output.endswith("The chapters are 1, 6.\n")


def test_a_word_that_means_several_chapters_is_answered_with_them(checkout: Path) -> None:
    (checkout / "chapters" / "ch09_relay_again").mkdir()
    (checkout / "chapters" / "ch09_relay_again" / "exercise.py").touch()
    assert say("start", "relay").output == (
        "Error: 'relay' could be more than one chapter: ch06_relay, ch09_relay_again.\n"
    )


@pytest.mark.parametrize(
    ("port", "message"),
    [
        ("abc", "'abc' is not a number."),
        ("-1", "-1 is too small: it has to be at least 0."),
        ("70000", "70000 is too big: it can be at most 65535."),
    ],
)
def test_a_port_that_is_none_is_answered_with_a_sentence(
    checkout: Path, port: str, message: str
) -> None:
    result = say("connect", "--port", port)
    assert result.exit_code == 2
    assert result.output.endswith(f"{message}\n")


@pytest.mark.parametrize(
    "command",
    [
        ["start", "77"], ["check", "77"], ["run", "77"], ["hint", "77.1"], ["hint", "1.1", "77"],
        ["replay", "77"], ["diagram", "77"], ["list", "77"], ["watch", "77"], ["solution", "77"],
        ["diff", "77"], ["reset", "77"],
    ],
)  # fmt: skip
def test_what_names_nothing_has_one_exit_status_everywhere(
    course: Path, command: list[str]
) -> None:
    result = say(*command)
    assert (result.exit_code, result.output.count("\n")) == (2, 1)


def test_the_checkout_is_found_from_a_folder_in_it(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout / "chapters" / "ch01_echo_server")
    assert say("start", "1").exit_code == 0
    assert (checkout / "work" / "ch01_echo_server.py").exists()


def test_outside_of_the_checkout_it_says_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert say("start", "1").output == (
        f"Error: {tmp_path} is not inside the workbook. "
        "cd to the folder that you cloned, and try again.\n"
    )


def test_in_a_folder_that_is_gone_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert say("start", "1").output == (
        "Error: The folder you are in is gone. cd to the workbook.\n"
    )


# run


@pytest.mark.parametrize("chapter", ["1", "6"])
def test_run_serves_a_solution(
    checkout: Path,
    terminal: Callable[..., pexpect.spawn],
    workbook: Callable[..., subprocess.CompletedProcess],
    chapter: str,
) -> None:
    server = terminal("-m", "workbook", "run", chapter, "--solution", "--port", "0")
    done = workbook("connect", "--port", port_in(server), typed=b"hello")
    assert done.stdout == b"hello"
    server.kill(signal.SIGTERM)
    server.expect_exact("Stopped.")


def test_run_serves_my_work(
    checkout: Path,
    terminal: Callable[..., pexpect.spawn],
    workbook: Callable[..., subprocess.CompletedProcess],
) -> None:
    (checkout / "work").mkdir()
    (checkout / "work" / "ch01_echo_server.py").write_text(ECHO.replace("(data)", "(data.upper())"))
    server = terminal("-m", "workbook", "run", "--port", "0")
    done = workbook("connect", "--port", port_in(server), typed=b"hello")
    assert done.stdout == b"HELLO"


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("import nothing_such", "line 1: ModuleNotFoundError: No module named 'nothing_such'."),
        ("\nx = 1 +", "line 2: invalid syntax."),
        ("\n\nx = int('x')", "line 3: ValueError: invalid literal for int() with base 10: 'x'."),
        ("x = '\x00'", "_server.py: source code string cannot contain null bytes."),
        ("x = 1", "has no function serve(bind, ssl_options)."),
        (
            f"{ECHO}\nfrom workbook.serving import run\n\nrun(serve)",
            "RuntimeError: run(serve) serves while the file is imported.",
        ),
    ],
)
def test_run_says_what_is_wrong_with_my_work_in_one_line(
    checkout: Path, program: str, message: str
) -> None:
    (checkout / "work").mkdir()
    (checkout / "work" / "ch01_echo_server.py").write_text(program)
    result = say("run", "1")
    assert result.exit_code == 1
    assert result.output.startswith("Error: work/ch01_echo_server.py")
    assert message in result.output
    assert result.output.count("\n") == 1


def test_run_before_start_says_to_start(checkout: Path) -> None:
    output = say("run", "1").output
    assert output.startswith("Error: work/ch01_echo_server.py is not there yet. Make it: ")
    assert output.endswith("workbook start 1\n")


def test_run_without_a_chapter_when_nothing_is_started_says_to_start(checkout: Path) -> None:
    output = say("run").output
    assert output.startswith("Error: Nothing is started yet. ")
    assert output.endswith("workbook start 1\n")


def test_run_without_our_solutions_says_how_to_get_them_back(checkout: Path) -> None:
    shutil.rmtree(checkout / "solutions")
    output = one_line(say("run", "1", "--solution").output)
    assert "solutions/ch01_echo_server.py is not there. Bring it back: git restore" in output


# The command itself


def test_help_imports_nothing_slow() -> None:
    program = (
        "import sys; from workbook.cli import main; main(['--help'], standalone_mode=False);"
        "print({'asyncio', 'ssl', 'pytest', 'trustme', 'prompt_toolkit'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.endswith("\nset()\n")


def test_each_command_has_an_example() -> None:
    assert [name for name in main.commands if "Example: " not in say(name, "--help").output] == []


def test_the_command_is_installed() -> None:
    command = Path(sys.executable).parent / "workbook"
    done = subprocess.run([command, "--version"], capture_output=True, text=True, cwd=CHECKOUT)
    assert done.stdout.startswith("workbook, version ")


def test_closed_output_is_no_error() -> None:
    command = [sys.executable, "-m", "workbook", "--version"]
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *command], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
