"""The page `the-workbook-command` tells of every command, and the screen on it is a real one."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import CHECKOUT

from workbook.cli import main

PAGE = (CHECKOUT / "chapters" / "the-workbook-command.md").read_text("utf-8")
STARTER = CHECKOUT / "chapters" / "ch01_echo_server" / "exercise.py"


@pytest.mark.parametrize("command", main.commands)
def test_every_command_is_on_the_page(command: str) -> None:
    assert re.search(rf"`workbook {command}\b", PAGE)


def test_the_screen_on_the_page_is_what_check_prints(
    tmp_path: Path,
    workbook: Callable[..., subprocess.CompletedProcess[bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = re.search(
        r'```py title="[^"]+, line (\d+)"\n([^\n]+)\n```.+?```text\n(.*?)```', PAGE, re.S
    )
    assert shown is not None
    for name in ("mkdocs.yml", "chapters", "tests", "solutions"):
        (tmp_path / name).symlink_to(CHECKOUT / name)
    lines = STARTER.read_text("utf-8").splitlines()
    lines[int(shown[1]) - 1] = f"        {shown[2]}"
    work = tmp_path / "work" / "ch01_echo_server.py"
    work.parent.mkdir()
    work.write_text("\n".join(lines), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    assert workbook("check", "1").stdout.decode() == shown[3]
