"""The lines from a task's comment to the next given line are that task's."""

from pathlib import Path

import pytest

from grader.whose_line import task_of_line, was_there

STARTER = '''
class Handler:
    async def on_connection(self, butterfly):
        """Ask."""
        butterfly.write(b"Name? ")
        # Task 3.1
        raise NotImplementedError("Task 3.1: ask")
        self.logger.info("given")
        # Task 3.2
        raise NotImplementedError("Task 3.2: answer")
'''
DONE = '''
import asyncio

class Handler:
    async def on_connection(self, butterfly):
        """Ask."""
        butterfly.write(b"Name? ")
        # Task 3.1
        name = await butterfly.read()
        if not name:
            return

        name = name.strip()
        self.logger.info("given")
        # Task 3.2: mine
        butterfly.write(name)

async def help():
    pass
'''


@pytest.mark.parametrize(
    ("words", "task"),
    [
        ("await butterfly.read", "3.1"),
        ("name.strip()", "3.1"),
        ('info("given")', ""),
        ("butterfly.write(name)", "3.2"),
        ('write(b"Name? ")', ""),
        ("import asyncio", ""),
    ],
)
def test_a_line_belongs_to_the_task_above_it(tmp_path: Path, words: str, task: str) -> None:
    starter, file = tmp_path / "exercise.py", tmp_path / "mine.py"
    starter.write_text(STARTER)
    file.write_text(DONE)
    line = DONE.partition(words)[0].count("\n") + 1
    assert task_of_line(str(file), line, starter) == task


@pytest.mark.parametrize("line", [0, -1, 10_000])
def test_a_line_that_is_not_there_belongs_to_none(tmp_path: Path, line: int) -> None:
    starter = tmp_path / "exercise.py"
    starter.write_text(STARTER)
    assert task_of_line(str(starter), line, starter) == ""


def test_without_the_comment_nobody_guesses(tmp_path: Path) -> None:
    starter, file = tmp_path / "exercise.py", tmp_path / "mine.py"
    starter.write_text(STARTER)
    file.write_text(DONE.replace("# Task", "#"))
    line = DONE.partition("await butterfly.read")[0].count("\n") + 1
    assert task_of_line(str(file), line, starter) == ""


def test_a_file_that_was_saved_again_is_read_again(tmp_path: Path) -> None:
    starter, file = tmp_path / "starter.py", tmp_path / "mine.py"
    starter.write_text(STARTER)
    file.write_text(STARTER)
    line = STARTER.splitlines().index('        butterfly.write(b"Name? ")') + 1
    assert was_there(str(file), line, starter)
    file.write_text(STARTER.replace("Name? ", "Who are you? "))
    assert not was_there(str(file), line, starter)
