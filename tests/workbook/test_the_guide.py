"""The guide for teachers: every command on it is typed, in a class like the one it tells of.

On the page, a block of `console` with a command is followed by the mark below and a block of what
the command prints. Blocks of `toml` and the table of times are the class's own files. What differs
from machine to machine is written as on the page: the folder, the seconds, the level. The progress,
which is a bar in a terminal, is left out.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import CHECKOUT

from course import Chapter
from course.sections import MarkedSource
from isolation import Level, best_level
from workbook.commands.grade import _COULD

PAGE = (CHECKOUT / "chapters" / "from-release-to-gradebook.md").read_text("utf-8")
CHAPTER = Chapter(CHECKOUT, "ch05_on_disconnect")
FILE = f"{CHAPTER.name}.py"

COMMAND = re.compile(
    r"```console\n\$ workbook ([^\n]+)\n```\n\n"
    r"<!-- what is below is compared with what the command prints -->\n```text\n(.*?)```",
    re.DOTALL,
)
GRADEBOOK = re.search(r"compared with the file -->\n```text\n(.*?)```", PAGE, re.DOTALL)
SETTINGS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
TIMES = re.search(r"```text\n(student,chapter,time\n.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def you(tmp_path: Path) -> Path:
    """The folder that has the class, as it is on Friday."""
    assert GRADEBOOK
    assert TIMES
    right = MarkedSource(CHAPTER.solution).text()
    handed_in = {
        f"ada/{FILE}": right,
        f"ben/{FILE}": right.replace(' has left the room.\\n"', ' has left the room\\n"'),
        f"chloe/{FILE}": f"{right}# By Chloe\n",
        "dmitri/homework.docx": "Sorry!",
        f"eve/{FILE}": "import os\n\nos._exit(0)\n",
    }
    for name, text in handed_in.items():
        file = tmp_path / "friday" / name
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "class.toml").write_text(SETTINGS[0], encoding="utf-8")
    (tmp_path / "times.csv").write_text(TIMES[1], encoding="utf-8")
    before = re.sub(r",\d+$", ",", GRADEBOOK[1], flags=re.MULTILINE)
    (tmp_path / "canvas.csv").write_text(before, encoding="utf-8")
    return tmp_path


def printed(command: str, you: Path) -> str:
    """What a command prints on a pipe, with what differs written as on the page."""
    arguments = command.replace("../", f"{you}/").split()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "workbook", *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return as_on_the_page(done.stdout.replace(str(you), "/home/you"))


def as_on_the_page(text: str) -> str:
    text = re.sub(r"^(Grading \d+ files \.\.\.|\d+ of \d+ graded)\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\(\d+\.\d s\)", "(3.1 s)", text)
    text = re.sub(r", \d+ files\.", ", 318 files.", text)
    text = text.replace("'separate user'", "'sandbox'")
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.skipif(best_level() < Level.USER, reason="nothing is graded on this machine")
def test_each_command_prints_what_the_page_shows(you: Path) -> None:
    assert GRADEBOOK
    shown = COMMAND.findall(PAGE)
    release, self_test, grade, correct = shown
    for command, text in (release, self_test, grade):
        assert printed(command, you) == as_on_the_page(text)
    assert (you / "canvas.csv").read_text() == GRADEBOOK[1]
    with (you / "class.toml").open("a") as file:
        file.write(SETTINGS[1])
    command, text = correct
    assert printed(command, you) == as_on_the_page(text)
    assert (you / "friday-grades" / "students" / "ben.html").is_file()


def test_each_option_on_the_pages_for_teachers_is_one_of_the_command(
    workbook: Callable[..., subprocess.CompletedProcess[bytes]],
) -> None:
    known = {}
    for command in ("release", "grade", "check"):
        known[command] = workbook(command, "--help").stdout.decode()
    for page in ("for-teachers", "from-release-to-gradebook", "isolation", "what-is-stored"):
        text = (CHECKOUT / "chapters" / f"{page}.md").read_text("utf-8")
        for command, rest in re.findall(r"workbook (release|grade|check)\b([^`\n]*)", text):
            for option in re.findall(r"--[a-z0-9-]+", rest):
                assert option in known[command], f"{page}.md: workbook {command} {option}"
        for option in re.findall(r"`(--[a-z0-9-]+)", text):
            assert any(option in said for said in known.values()), f"{page}.md: {option}"


def test_the_page_on_isolation_quotes_what_the_command_says() -> None:
    page = (CHECKOUT / "chapters" / "isolation.md").read_text("utf-8").replace("\n> ", " ")
    assert f"this machine has no sandbox, and without one {_COULD}." in page
    assert all(f"| `{level.value}` |" in page for level in Level)
