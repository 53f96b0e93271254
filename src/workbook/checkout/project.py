"""Where things are for the command: the checkout, the chapter that is meant, the command itself."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import click

from course import Chapter, all_chapters, find_root


def find_project(start: Path | None = None) -> Path:
    """Return the checkout that `start`, by default the working folder, is in.

    Raises click.ClickException when there is none.
    """
    try:
        folder = start or Path.cwd()
    except FileNotFoundError as error:
        raise click.ClickException("The folder you are in is gone. cd to the workbook.") from error
    if root := find_root(folder):
        return root
    raise click.ClickException(
        f"{folder} is not inside of the workbook. cd to the folder that you cloned, and try again."
    )


def find_chapter(project: Path, said: str) -> Chapter:
    """Return the chapter that "3", "ch03", "on_connection" or work/ch03_on_connection.py means.

    Raises click.ClickException when there is none, or more than one.
    """
    chapters = all_chapters(project)
    wanted = Path(said).stem
    if number := re.fullmatch(r"(?:ch)?(\d+)", wanted):
        wanted = f"ch{int(number[1]):02}_"
    found = [each for each in chapters if each.name.startswith(wanted)]
    found = found or [each for each in chapters if each.name[5:].startswith(wanted)]
    if len(found) == 1:
        return found[0]
    which = "means more than one chapter" if found else "is no chapter here"
    known = ", ".join(each.name for each in found or chapters)
    raise click.ClickException(f"{said!r} {which}. Choose from: {known or 'none yet'}.")


def last_saved(project: Path) -> Chapter | None:
    """Return the chapter whose file in work/ was saved last; None when there is none."""
    saved = {chapter: _saved_at(chapter.work) for chapter in all_chapters(project)}
    last = max(saved, key=lambda chapter: saved[chapter], default=None)
    return last if last and saved[last] else None


def short_path(path: Path) -> str:
    """Return the path as short as it can be typed in the working folder.

    A file can have any name: what would move a terminal's cursor is escaped.
    """
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    if str(path).isprintable():
        return str(path)
    from room.transcript import on_screen  # slow to load, and hardly ever needed

    return on_screen(str(path))


def workbook_command() -> str:
    """Return the workbook command as it can be typed here: with its path, when not activated."""
    command = Path(sys.prefix) / "bin" / "workbook"
    if sys.prefix == sys.base_prefix or not command.exists():
        return "workbook"
    if (found := shutil.which("workbook")) and Path(found).samefile(command):
        return "workbook"
    return shlex.quote(short_path(command))


def _saved_at(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:  # it is not there, or an editor is about to put it back
        return 0
