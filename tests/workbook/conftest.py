"""Programs are started as a user starts them: in a terminal (pexpect) or with pipes (subprocess).

All of them share one cache folder, so that a certificate is made once and not for each test. A
warning in any of them, such as one for a socket left open, becomes output that a test notices.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest
from small_course import TASKS
from small_server import ECHO, MAIN, port_in


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder: a checkout of three small chapters with two tasks each, none started."""
    (tmp_path / "mkdocs.yml").touch()
    chapters = {"ch01_echo": "The echo", "ch02_greet": "A greeting", "ch03_ask": "A question"}
    for number, (name, title) in enumerate(chapters.items(), start=1):
        files = {
            f"chapters/{name}/tasks.toml": TASKS.format(
                number=number, title=title, minutes=number * 20
            ),
            f"chapters/{name}/exercise.py": f'"""{title}"""\n\nraise NotImplementedError\n',
            f"solutions/{name}.py": f'"""{title}"""\n\nprint("{title}")\n',
        }
        for path, content in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def in_this_environment(environment: None) -> None:
    """Every test here starts programs, or runs in our own process what they run."""


@pytest.fixture
def terminal() -> Iterator[Callable[..., pexpect.spawn]]:
    """Start Python with these arguments in a terminal of its own."""
    spawned = []

    def start(*arguments: str, color: bool = False, columns: int = 200) -> pexpect.spawn:
        env = os.environ | ({} if color else {"NO_COLOR": "1"})
        for size in ("COLUMNS", "LINES"):  # they would override the terminal's
            env.pop(size, None)
        program = pexpect.spawn(
            sys.executable,
            list(arguments),
            encoding="utf-8",
            timeout=20,
            dimensions=(24, columns),
            env=env,
        )
        spawned.append(program)
        return program

    yield start
    for program in spawned:
        program.close(force=True)


@pytest.fixture
def chapter(tmp_path: Path) -> Callable[[str], str]:
    """Write a chapter's module around this `serve`, and return its path."""

    def write(serve: str) -> str:
        path = tmp_path / "ch01_echo_server.py"
        path.write_text(serve + MAIN)
        return str(path)

    return write


@pytest.fixture
def workbook() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run `workbook` with these arguments, with pipes, to its end."""

    def run(*arguments: str, typed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-c", "from workbook.cli import main; main()", *arguments]
        return subprocess.run(command, input=typed, capture_output=True, timeout=30, check=False)

    return run


@pytest.fixture
def chat_port(terminal: Callable[..., pexpect.spawn]) -> str:
    return port_in(terminal("-m", "solutions.ch06_relay", "--port", "0"))


@pytest.fixture
def echo_port(terminal: Callable[..., pexpect.spawn], chapter: Callable[[str], str]) -> str:
    return port_in(terminal(chapter(ECHO), "--port", "0"))


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket for a test that is the server itself."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def rude_server() -> Iterator[Callable[..., str]]:
    """Listen and do this to the first who connects; return the port."""
    listeners = []

    def start(behave: Callable[[socket.socket], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def accept() -> None:
            with contextlib.suppress(OSError):  # the client, or the test, may leave first
                connection, _ = listener.accept()
                with connection:
                    behave(connection)

        threading.Thread(target=accept, daemon=True).start()
        return str(listener.getsockname()[1])

    yield start
    for listener in listeners:
        listener.close()
