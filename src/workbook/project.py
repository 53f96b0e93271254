"""Where things are: the checkout, a chapter's files in it, and the workbook command itself.

A chapter has one name in every place (DESIGN.md, "The house"), so its files are found by name.
"""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import click


@dataclass(frozen=True)
class Chapter:
    """One chapter of the checkout at `project`; none of its files has to be there yet."""

    project: Path
    name: str

    @property
    def number(self) -> str:
        """The shortest way to name it: "3" for ch03_on_connection."""
        return str(int(self.name[2:4]))

    @property
    def page(self) -> Path:
        return self.project / "chapters" / self.name / "index.md"

    @property
    def starter(self) -> Path:
        return self.project / "chapters" / self.name / "exercise.py"

    @property
    def tasks(self) -> Path:
        return self.project / "chapters" / self.name / "tasks.toml"

    @property
    def solution(self) -> Path:
        return self.project / "solutions" / f"{self.name}.py"

    @property
    def work(self) -> Path:
        return self.project / "work" / f"{self.name}.py"

    @property
    def test(self) -> Path:
        return self.project / "tests" / "chapters" / f"test_{self.name}.py"


def find_project(start: Path | None = None) -> Path:
    """Return the checkout that `start`, by default the working folder, is in.

    Raises click.ClickException when there is none.
    """
    try:
        folder = start or Path.cwd()
    except FileNotFoundError as error:
        raise click.ClickException("The folder you are in is gone. cd to the workbook.") from error
    for candidate in (folder, *folder.parents):
        if (candidate / "mkdocs.yml").is_file() and (candidate / "chapters").is_dir():
            return candidate
    raise click.ClickException(
        f"{folder} is not inside of the workbook. cd to the folder that you cloned, and try again."
    )


def all_chapters(project: Path) -> list[Chapter]:
    """Return the chapters that have a folder or a solution, in order."""
    names = {path.name for path in (project / "chapters").glob("ch[0-9][0-9]_*")}
    names |= {path.stem for path in (project / "solutions").glob("ch[0-9][0-9]_*.py")}
    return [Chapter(project, name) for name in sorted(names)]


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


def shown(path: Path) -> str:
    """Return the path as short as it can be typed in the working folder."""
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return str(path)


def how_to_type_workbook() -> str:
    """Return the workbook command as it can be typed here: with its path, when not activated."""
    command = Path(sys.prefix) / "bin" / "workbook"
    if sys.prefix == sys.base_prefix or not command.exists():
        return "workbook"
    if (found := shutil.which("workbook")) and Path(found).samefile(command):
        return "workbook"
    return shlex.quote(shown(command))


def _saved_at(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:  # it is not there, or an editor is about to put it back
        return 0
