"""Records real terminals as text, for the README: `workbook watch`, and three people who chat.

Each program runs in a pseudo-terminal of its own. pyte reads what it writes and keeps the screen,
as a terminal does. Nothing is edited. Only the times of day, and the port if another program has
the usual one, differ from one recording to the next, so `steady` leaves them out of a comparison.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pyte

from course import Chapter
from course.files import write_atomically

README = Path("README.md")
PATIENCE = 60  # seconds, on a machine that has much to do
USUAL_PORT = 8001
_BLOCK = re.compile(
    r"(?P<begin><!-- recording (?P<name>\w+) -->\n```text\n)(?P<shown>.*?)"
    r"(?P<end>```\n<!-- /recording -->)",
    re.DOTALL,
)


class Terminal:
    """A program in a terminal of this size."""

    def __init__(self, columns: int, rows: int, *arguments: str, folder: Path) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._written = io.StringIO()
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._program = pexpect.spawn(
            sys.executable,
            ["-m", "workbook", *arguments],
            cwd=str(folder),
            env={**os.environ, "PATH": path, "TERM": "xterm", "NO_COLOR": "", "PYTHONUTF8": "1"},
            dimensions=(rows, columns),
            encoding="utf-8",
            timeout=PATIENCE,
        )
        self._program.logfile_read = self._written

    def wait_for(self, text: str) -> str:
        """Wait until the program has written what this pattern matches, and return it."""
        self._program.expect(text)
        return str(self._program.match[0])

    def type(self, line: str) -> None:
        """Type a line, and press Enter."""
        self._program.sendline(line)

    def leave(self) -> None:
        """Press Ctrl-D, and wait for the end of the program."""
        self._program.sendeof()
        self._program.expect(pexpect.EOF)

    def screen(self) -> list[str]:
        """Return the lines on the screen."""
        pyte.Stream(self._screen).feed(self._written.getvalue())
        return [line.rstrip() for line in self._screen.display]

    def end(self) -> None:
        """End the program."""
        self._program.close(force=True)


def watch(root: Path) -> str:
    """Record `workbook watch` after a save that has not passed."""
    with _checkout(root) as folder:
        chapter = Chapter(folder, "ch01_echo_server")
        chapter.work.parent.mkdir()
        solved = chapter.solution.read_text(encoding="utf-8")
        wrong = solved.replace("butterfly.write(data)", "butterfly.write(data.strip())")
        chapter.work.write_text(wrong, encoding="utf-8")
        with _terminal(80, 24, "watch", folder=folder) as terminal:
            terminal.wait_for(r"Checked at")
            terminal.wait_for(r"quit")
            return _text(_boxed("workbook watch", terminal.screen(), 80))


def chat(root: Path) -> str:
    """Record the server of chapter 6 and two clients."""
    is_taken = _is_taken(USUAL_PORT)
    run = ("run", "6", "--solution", *(["--port", "0"] if is_taken else []))
    with _checkout(root) as folder, _terminal(78, 5, *run, folder=folder) as server:
        port = server.wait_for(r"port \d+").removeprefix("port ")
        there = ["--port", port] if is_taken else []
        server.wait_for("Ctrl-C stops the server")
        with (
            _terminal(38, 10, "connect", *there, "--name", "alice", folder=folder) as alice,
            _terminal(38, 10, "connect", *there, folder=folder) as bob,
        ):
            server.wait_for("alice has joined")
            bob.wait_for("Nickname:")
            bob.type("bob")
            alice.wait_for("bob.* has joined")
            bob.type("hello, alice")
            alice.wait_for("hello, alice")
            alice.type("hello, bob. It works!")
            bob.wait_for("It works!")
            bob.type("until tomorrow")
            alice.wait_for("until tomorrow")
            bob.leave()
            alice.wait_for("has left")
            server.wait_for("bob has left")
            above = _boxed("workbook run 6 --solution", server.screen(), 78)
            left = _boxed("workbook connect --name alice", alice.screen(), 38)
            right = _boxed("workbook connect", bob.screen(), 38)
    return _text([*above, *(f"{a}{b}" for a, b in zip(left, right, strict=True))])


RECORDINGS = {"watch": watch, "chat": chat}


def steady(recording: str) -> str:
    """Return a recording without times of day and port, for a comparison."""
    recording = re.sub(r"\d\d:\d\d:\d\d", "hh:mm:ss", recording)
    return re.sub(r"port \d+", "port", recording)


def shown(root: Path) -> dict[str, str]:
    """Return the recordings in the README."""
    text = (root / README).read_text(encoding="utf-8")
    return {found["name"]: found["shown"] for found in _BLOCK.finditer(text)}


def write(root: Path) -> None:
    """Record again, and put the recordings into the README."""
    file = root / README
    text = _BLOCK.sub(
        lambda found: f"{found['begin']}{RECORDINGS[found['name']](root)}{found['end']}",
        file.read_text(encoding="utf-8"),
    )
    write_atomically(file, text.encode())


@contextmanager
def _terminal(columns: int, rows: int, *arguments: str, folder: Path) -> Iterator[Terminal]:
    terminal = Terminal(columns, rows, *arguments, folder=folder)
    try:
        yield terminal
    finally:
        terminal.end()


@contextmanager
def _checkout(root: Path) -> Iterator[Path]:
    """Make a checkout with nothing in work/, in the place of this one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        for part in ("chapters", "solutions", "tests/chapters"):
            shutil.copytree(root / part, folder / part)
        for file in ("mkdocs.yml", "pyproject.toml", "tests/conftest.py"):
            shutil.copy(root / file, folder / file)
        yield folder


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _boxed(title: str, lines: Sequence[str], columns: int) -> list[str]:
    top = f"┌─ {title} ".ljust(columns + 1, "─") + "┐"
    return [top, *(f"│{line.ljust(columns)}│" for line in lines), f"└{'─' * columns}┘"]


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
