"""Where everything of a chapter lies. It has one name in every place, which gives all the paths."""

import re
from dataclasses import dataclass
from pathlib import Path

from authoring.errors import SourceError

NAME = re.compile(r"ch(\d\d)_[a-z0-9_]+")


@dataclass(frozen=True)
class Chapter:
    """One chapter: `root` is the repository's folder, `name` is like "ch01_echo_server"."""

    root: Path
    name: str

    @property
    def number(self) -> int:
        return int(self.name[2:4])

    @property
    def page(self) -> Path:
        return self.root / "chapters" / self.name / "index.md"

    @property
    def tasks(self) -> Path:
        return self.root / "chapters" / self.name / "tasks.toml"

    @property
    def starter(self) -> Path:
        return self.root / "chapters" / self.name / "exercise.py"

    @property
    def solution(self) -> Path:
        return self.root / "solutions" / f"{self.name}.py"

    @property
    def notebook(self) -> Path:
        return self.root / "notebooks" / f"{self.name}.ipynb"


def find_chapters(root: Path) -> list[Chapter]:
    """The chapters under `chapters/`, in order. One that lacks a source is a `SourceError`."""
    folders = sorted(path for path in (root / "chapters").glob("ch*") if path.is_dir())
    return [_complete_chapter(root, folder.name) for folder in folders]


def named_chapters(root: Path, names: list[str]) -> list[Chapter]:
    """These chapters alone, however unfinished the others are."""
    return [_complete_chapter(root, name) for name in names]


def _complete_chapter(root: Path, name: str) -> Chapter:
    chapter = Chapter(root, name)
    if not NAME.fullmatch(name):
        raise SourceError(chapter.page.parent, 1, "a chapter is named like ch01_echo_server")
    for source in (chapter.solution, chapter.page, chapter.tasks):
        if not source.is_file():
            raise SourceError(source, 1, f"chapter {name} needs this file")
    return chapter
