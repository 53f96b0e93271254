"""Which file the tests of a chapter grade, and what is said when it is not there.

A chapter has one name in every place, so everything is found from the name of its test file:
tests/chapters/test_ch03_on_connection.py grades ch03_on_connection.py in solutions/ or work/, or
chapters/ch03_on_connection/exercise.py.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest


def find_root(start: Path) -> Path | None:
    """The checkout that `start` is in: it has chapters/, and mkdocs.yml or pyproject.toml."""
    for folder in (start, *start.parents):
        marked = (folder / "mkdocs.yml").is_file() or (folder / "pyproject.toml").is_file()
        if marked and (folder / "chapters").is_dir():
            return folder
    return None


def chapter_of(path: Path) -> str:
    """`ch03_on_connection` of tests/chapters/test_ch03_on_connection.py; "" of any other file."""
    match = re.fullmatch(r"test_(ch\d\d_\w+)", path.stem)
    return match[1] if match else ""


def given_file(config: pytest.Config) -> Path | None:
    """The file that is graded whatever the test, with --file."""
    given: Path | None = config.getoption("file")
    return None if given is None else (config.invocation_params.dir / given).resolve()


def graded_file(config: pytest.Config, test_path: Path) -> Path:
    """The file that the tests at `test_path` grade, whether it is there or not."""
    given = given_file(config)
    if given is not None:
        return given
    root, chapter = find_root(test_path.parent), chapter_of(test_path)
    if root is None or not chapter:
        raise pytest.UsageError(
            f"{test_path} is not tests/chapters/test_chNN_slug.py of a workbook, so nothing says "
            "what it grades: use --file."
        )
    if config.getoption("mine"):
        return root / "work" / f"{chapter}.py"
    if config.getoption("starter"):
        return root / "chapters" / chapter / "exercise.py"
    return root / "solutions" / f"{chapter}.py"


def why_missing(config: pytest.Config, test_path: Path, file: Path) -> str:
    """One line that names the file that is not there, and says what to do."""
    what_to_do = "check the path after --file."
    if not config.getoption("file"):
        what_to_do = f"{test_path.name} has nothing to grade."
    if config.getoption("mine"):
        number = int(chapter_of(test_path)[2:4])
        what_to_do = f"`workbook start {number}` makes it from the starter."
    return f"{_near(file, config)} is not there: {what_to_do}"


def title_of(test_path: Path, task: str) -> str:
    """The task's title in tasks.toml; "" when that file has none (its own checks tell)."""
    root = find_root(test_path.parent)
    if root is None:
        return ""
    try:
        text = (root / "chapters" / chapter_of(test_path) / "tasks.toml").read_text("utf-8")
        tasks = tomllib.loads(text).get("task", [])
    except (OSError, ValueError):
        return ""
    return next((str(t.get("title", "")) for t in tasks if t.get("id") == task), "")


def _near(file: Path, config: pytest.Config) -> str:
    here = config.invocation_params.dir
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
