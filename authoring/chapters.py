"""Finds the chapters, and checks that each has its sources: a page, a solution and tasks.toml."""

from pathlib import Path

from course import Chapter, SourceError
from course.chapter import NAME


def find_chapters(root: Path) -> list[Chapter]:
    """Return the chapters under chapters/, in order. Raises `SourceError` for a missing source."""
    folders = sorted(path for path in (root / "chapters").glob("ch*") if path.is_dir())
    return [_complete_chapter(root, folder.name) for folder in folders]


def named_chapters(root: Path, names: list[str]) -> list[Chapter]:
    """Return only these chapters, however unfinished the others are."""
    return [_complete_chapter(root, name) for name in names]


def _complete_chapter(root: Path, name: str) -> Chapter:
    chapter = Chapter(root, name)
    if not NAME.fullmatch(name):
        raise SourceError(chapter.page.parent, 1, "a chapter is named like ch01_echo_server")
    for source in (chapter.solution, chapter.page, chapter.tasks):
        if not source.is_file():
            raise SourceError(source, 1, f"chapter {name} needs this file")
    return chapter
