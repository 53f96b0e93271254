"""workbook watch as a learner has it: in a terminal, saving files and pressing keys."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import termios
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pexpect
import pytest
from graded_course import ASKS_WRONGLY, NAME, RIGHT, STARTER, add_graders, save

from course import Chapter
from workbook.checking.grade import Graded
from workbook.commands import watch as module

WATCH = (sys.executable, "-m", "workbook", "watch")
HANGS = RIGHT.replace("    name =", "    while True: pass\n    name =")
PATIENCE = 60  # seconds, on a machine that has much to do


@pytest.fixture
def checkout(course: Path) -> Path:
    return add_graders(course)


class Watching(pexpect.spawn):
    """`workbook watch` in a terminal, with what its screens say."""

    def __init__(self, *arguments: str, rows: int = 30) -> None:
        command, *options = (*WATCH, *arguments)
        size = (rows, 100)
        super().__init__(command, options, encoding="utf-8", timeout=PATIENCE, dimensions=size)

    def verdict(self, says: str) -> None:
        """Wait for a verdict that has these words."""
        self.expect_exact("Checking work/")
        self.expect_exact(says)
        self.expect("Checked at [0-9:]+. Every save is checked.")

    def gone(self) -> str:
        """What is said until the end, which is a good one."""
        self.expect(pexpect.EOF)
        self.close()
        assert self.exitstatus == 0
        assert "Traceback" not in self.before
        return str(self.before)

    def modes(self) -> list[object]:
        """How the terminal is set: what keys do, for instance."""
        return termios.tcgetattr(self.child_fd)


@pytest.fixture
def watching() -> Iterator[Callable[..., Watching]]:
    started: list[Watching] = []

    def start(*arguments: str, rows: int = 30) -> Watching:
        started.append(Watching(*arguments, rows=rows))
        return started[-1]

    yield start
    for each in started:
        each.close(force=True)


# Saves


def test_every_save_is_checked(checkout: Path, watching: Callable[..., Watching]) -> None:
    save(checkout, STARTER)
    program = watching()
    program.verdict("1.2  not written yet  answer")
    save(checkout, ASKS_WRONGLY)
    program.verdict("1.1  failed")
    save(checkout, RIGHT)
    program.verdict("You have passed chapter 1.")
    program.send("q")
    assert "Chapter 1: 2 of 2 tasks passed. Go on with: " in program.gone()
    assert '"1.2": "passed"' in (checkout / "work" / "progress.json").read_text()


def test_a_save_while_a_check_hangs_starts_it_over(
    checkout: Path, watching: Callable[..., Watching]
) -> None:
    save(checkout, HANGS)
    program = watching()
    program.expect_exact("Checking work/")
    save(checkout, RIGHT)
    program.expect_exact("You have passed chapter 1.")
    program.send("q")
    program.gone()


class NeverDone:
    """A grader whose first check never ends by itself; with the second, it is over."""

    checks: ClassVar[list[str]] = []

    async def __aenter__(self) -> NeverDone:
        return self

    async def __aexit__(self, *of_error: object) -> None:
        pass

    async def grade(self, chapter: Chapter, file: Path) -> Graded:
        self.checks.append("begins")
        if self.checks != ["begins"]:
            os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.Event().wait()
        finally:
            self.checks.append("stopped")
        raise AssertionError("nothing sets the event")


def test_the_check_before_has_stopped_when_the_next_one_begins(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def one_save(project: Path, polling: bool) -> AsyncIterator[list[Chapter]]:
        yield [Chapter(project, NAME)]
        await asyncio.Event().wait()

    monkeypatch.setattr(module, "Grader", NeverDone)
    monkeypatch.setattr(module, "saves", one_save)
    save(checkout, RIGHT)
    module.watch(checkout, None, polling=False)
    assert NeverDone.checks == ["begins", "stopped", "begins", "stopped"]


def test_another_chapter_that_is_saved_is_turned_to(
    checkout: Path, watching: Callable[..., Watching]
) -> None:
    save(checkout, RIGHT)
    program = watching("1")
    program.verdict("You have passed chapter 1.")
    (checkout / "work" / "ch02_greet.py").write_text(RIGHT)
    program.verdict("Chapter 2 has no tests")


def test_a_learner_who_has_nothing_yet_gets_the_first_chapter(
    checkout: Path, watching: Callable[..., Watching]
) -> None:
    program = watching()
    program.expect_exact(f"work/{NAME}.py is yours now")
    program.expect_exact("1.2  not written yet  answer")
    assert (checkout / "work" / f"{NAME}.py").exists()


def test_polling_can_be_asked_for(checkout: Path, watching: Callable[..., Watching]) -> None:
    save(checkout, STARTER)
    program = watching("--poll")
    program.verdict("1.2  not written yet")
    save(checkout, RIGHT)
    program.verdict("You have passed chapter 1.")


def test_a_file_that_is_gone_is_told_and_its_return_is_checked(
    checkout: Path, watching: Callable[..., Watching]
) -> None:
    file = save(checkout, RIGHT)
    program = watching("1")
    program.verdict("You have passed chapter 1.")
    away = file.rename(checkout / "away.py")
    program.expect_exact("work/ch01_echo.py is gone. Put it back, and watch will check it again.")
    away.rename(file)
    program.expect_exact("You have passed chapter 1.")
    program.send("q")
    program.gone()


# Keys


def test_keys_answer_while_a_check_hangs(checkout: Path, watching: Callable[..., Watching]) -> None:
    save(checkout, HANGS)
    program = watching()
    program.expect_exact("Checking work/")
    program.send("h")
    program.expect_exact("No hint is needed now. Chapter 1 is being checked.")
    program.send("q")
    program.gone()


def test_keys_do_what_they_say(checkout: Path, watching: Callable[..., Watching]) -> None:
    save(checkout, STARTER)
    program = watching()
    program.verdict("1.2  not written yet")
    program.send("h")
    program.expect_exact("Hint 1 of 1 for task 1.2")
    program.send("d")
    program.expect("work/diagrams/ch01-who_answers_is_greeted-seed0.svg")
    program.send("n")
    program.expect_exact("Not yet. Chapter 1: 1 of 2 tasks passed.")
    program.send("c")
    program.expect_exact("Checking work/")
    program.expect_exact("Checked at ")
    program.send("l")
    program.expect_exact("any other key to go back.")
    program.send("x")
    program.expect_exact("1.2  not written yet")
    program.send("?")
    program.expect_exact("h gives a hint")
    program.send("l")
    program.expect_exact("Type a chapter's number to go there, or any other key to go back.")
    program.send("2")
    program.expect_exact("Checking work/ch02_greet.py")
    program.send("q")
    program.gone()


def test_after_a_pass_n_begins_the_next_chapter(
    checkout: Path, watching: Callable[..., Watching]
) -> None:
    save(checkout, RIGHT)
    program = watching()
    program.verdict("You have passed chapter 1.")
    program.send("n")
    program.expect_exact("work/ch02_greet.py is yours now")
    program.expect_exact("Checking work/ch02_greet.py")


def test_what_does_not_fit_is_a_page_further(
    checkout: Path, watching: Callable[..., Watching]
) -> None:
    save(checkout, ASKS_WRONGLY)
    program = watching(rows=18)
    program.verdict("Everybody is asked (task 1.1, seed 0)")
    program.send(" ")
    program.expect_exact("The rule:")
    program.send("\x1b[5~")
    program.expect_exact("1.1  failed")


def test_a_terminal_that_becomes_smaller_is_drawn_anew(
    checkout: Path, watching: Callable[..., Watching], monkeypatch: pytest.MonkeyPatch
) -> None:
    save(checkout, RIGHT)
    monkeypatch.setenv("COLUMNS", "100")
    program = watching()
    program.verdict("You have passed chapter 1.")
    program.setwinsize(20, 50)
    program.expect_exact("\x1b[2J")
    program.expect_exact("You have passed chapter 1.")
    program.expect_exact("\x1b[20;50H")


# How it ends


@pytest.mark.parametrize("end", ["q", "\x03", "\x04"])
def test_the_terminal_is_as_it_was_after_every_end(
    checkout: Path, watching: Callable[..., Watching], end: str
) -> None:
    save(checkout, RIGHT)
    program = watching()
    before = program.modes()
    program.verdict("You have passed chapter 1.")
    assert program.modes() != before
    program.send(end)
    program.expect_exact("Go on with: ")
    assert program.modes() == before
    program.gone()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_terminal_is_as_it_was_after_a_kill(
    checkout: Path, watching: Callable[..., Watching], number: signal.Signals
) -> None:
    save(checkout, HANGS)
    program = watching()
    before = program.modes()
    program.expect_exact("Checking work/")
    program.kill(number)
    program.expect_exact("Go on with: ")
    assert program.modes() == before
    program.gone()


def test_it_can_be_stopped_and_gone_on_with(
    checkout: Path, watching: Callable[..., Watching]
) -> None:
    save(checkout, RIGHT)
    program = watching()
    before = program.modes()
    program.verdict("You have passed chapter 1.")
    taken = program.modes()
    program.send("\x1a")
    _, status = os.waitpid(program.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    assert program.modes() == before
    program.kill(signal.SIGCONT)
    program.expect_exact("You have passed chapter 1.")
    assert program.modes() == taken
    program.send("q")
    program.gone()


# Without a terminal


def test_on_a_pipe_verdicts_are_printed_and_there_are_no_keys(checkout: Path) -> None:
    save(checkout, ASKS_WRONGLY)
    with (
        subprocess.Popen(WATCH, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as program,
        contextlib.ExitStack() as undo,
    ):
        undo.callback(program.kill)  # a test that fails here would wait for it forever
        assert program.stdout
        lines = iter(program.stdout.readline, b"")
        assert next(lines) == f"Chapter 1, The echo: work/{NAME}.py\n".encode()
        until = next(line for line in lines if line.startswith(b"Checked at "))
        assert until.endswith(b"Every save is checked. Ctrl-C stops it.\n")
        save(checkout, RIGHT)
        assert b"You have passed chapter 1.\n" in lines
        program.send_signal(signal.SIGTERM)
        rest = b"".join(lines)
    assert re.search(rb"\nChapter 1: 2 of 2 tasks passed\. Go on with: \S*workbook watch\n$", rest)
    assert b"\x1b" not in rest
    assert program.returncode == 0
