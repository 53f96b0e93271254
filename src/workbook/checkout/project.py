"""Finds the checkout, the chapter that the learner names, and the command as they can type it."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from course import Chapter, all_chapters, find_root


class Mistyped(click.ClickException):
    """What was typed names nothing here. The exit status is that of click's own such errors."""

    exit_code = 2


def find_project(start: Path | None = None) -> Path:
    """Return the checkout that contains `start`, by default the working folder.

    Raises click.ClickException when there is none.
    """
    try:
        folder = start or Path.cwd()
    except FileNotFoundError as error:
        raise click.ClickException("The folder you are in is gone. cd to the workbook.") from error
    if root := find_root(folder):
        return root
    raise click.ClickException(
        f"{folder} is not inside the workbook. cd to the folder that you cloned, and try again."
    )


def find_chapter(project: Path, text: str) -> Chapter:
    """Return the chapter for "3", "ch03", "on_connection" or work/ch03_on_connection.py.

    Raises `Mistyped` when no chapter fits, or more than one.
    """
    chapters = all_chapters(project)
    start = Path(text).stem
    if number := re.fullmatch(r"(?:ch)?(\d+)", start):
        start = f"ch{int(number[1]):02}_"
    fitting = [each for each in chapters if each.name.startswith(start)]
    fitting = fitting or [each for each in chapters if each.name[5:].startswith(start)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting and start not in ("", "ch"):  # with which all of them begin
        names = ", ".join(each.name for each in fitting)
        raise Mistyped(f"{text!r} could be more than one chapter: {names}.")
    raise Mistyped(
        f"There is no chapter {text if number else repr(text)}. {known_chapters(chapters)}"
    )


def known_chapters(chapters: Sequence[Chapter]) -> str:
    """Say in a short sentence which chapters there are."""
    numbers = [each.number for each in chapters]
    if not numbers:
        return "There are no chapters here."
    if len(numbers) > 2 and numbers == [*range(numbers[0], numbers[-1] + 1)]:
        return f"The chapters are {numbers[0]} to {numbers[-1]}."
    return f"The chapters are {', '.join(map(str, numbers))}."


def last_saved(project: Path) -> Chapter | None:
    """Return the chapter whose file in work/ was saved last, or None when there is none."""
    saved = {chapter: _saved_at(chapter.work) for chapter in all_chapters(project)}
    last = max(saved, key=lambda chapter: saved[chapter], default=None)
    return last if last and saved[last] else None


def short_path(path: Path) -> str:
    """Return the shortest path to type in the working folder.

    A file can have any name: what would move a terminal's cursor is escaped.
    """
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    if str(path).isprintable():
        return str(path)
    from room.transcript import on_screen  # slow to load, and hardly ever needed

    return on_screen(str(path))


def workbook_command() -> str:
    """Return the command to type for `workbook`: its path, if its environment is not activated."""
    command = Path(sys.prefix) / "bin" / "workbook"
    if sys.prefix == sys.base_prefix or not command.exists():
        return "workbook"
    if (active := shutil.which("workbook")) and Path(active).samefile(command):
        return "workbook"
    return shlex.quote(short_path(command))


def _saved_at(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:  # there is none, or an editor is about to put it back
        return 0
