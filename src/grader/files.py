"""Which file a chapter's tests grade, and the message when it does not exist.

A chapter has the same name everywhere, so the name of a test file leads to all its other files:
tests/chapters/test_ch03_on_connection.py grades ch03_on_connection.py in solutions/ or work/, or
chapters/ch03_on_connection/exercise.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from course import SourceError, chapter_of_test
from course.tasks import read_tasks
from room.transcript import on_screen


def given_file(config: pytest.Config) -> Path | None:
    """Return the file given with --file, which every test grades, or None."""
    given: Path | None = config.getoption("file")
    return None if given is None else (config.invocation_params.dir / given).resolve()


def graded_file(config: pytest.Config, test_path: Path) -> Path:
    """Return the file that the tests at `test_path` grade. It does not have to exist.

    Raises `pytest.UsageError` when there is no --file and the tests are not those of a chapter.
    """
    given = given_file(config)
    if given is not None:
        return given
    chapter = chapter_of_test(test_path)
    if chapter is None:
        raise pytest.UsageError(
            f"{test_path} is not tests/chapters/test_chNN_slug.py of a workbook, so it is "
            "unknown what it grades: use --file."
        )
    if config.getoption("mine"):
        return chapter.work
    if config.getoption("starter"):
        return chapter.starter
    return chapter.solution


def why_missing(config: pytest.Config, test_path: Path, file: Path) -> str:
    """Return one line that names the missing file and says what to do."""
    if file.is_dir():
        return f"{_relative(file, config)} is a folder: name the file in it."
    what_to_do = "check the path after --file."
    if not config.getoption("file"):
        what_to_do = f"{test_path.name} has nothing to grade."
    if config.getoption("mine"):
        chapter = chapter_of_test(test_path)
        what_to_do = (
            f"`workbook start {chapter.number if chapter else ''}` makes it from the starter."
        )
    return f"{_relative(file, config)} is not there: {what_to_do}"


def title_of(test_path: Path, task: str) -> str:
    """Return the task's title from tasks.toml.

    Return "" if it is missing or the file is faulty, which other checks report.
    """
    chapter = chapter_of_test(test_path)
    if chapter is None:
        return ""
    try:
        return next((each.title for each in read_tasks(chapter).tasks if each.id == task), "")
    except (OSError, ValueError, SourceError):
        return ""


def _relative(file: Path, config: pytest.Config) -> str:
    here = config.invocation_params.dir
    return on_screen(str(file.relative_to(here) if file.is_relative_to(here) else file))
