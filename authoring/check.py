"""Compares what is committed with what its source makes."""

from collections.abc import Iterator
from pathlib import Path

from authoring import caught
from authoring.chapters import find_chapters
from authoring.mutants import FOLDER
from authoring.notebooks import make_notebook
from authoring.picture import PICTURE, SERVER, make_picture
from authoring.starters import make_starter


def find_differences(root: Path) -> Iterator[str]:
    """One line for every made file that is missing, differs, or belongs to no chapter."""
    chapters = find_chapters(root)
    for chapter in chapters:
        if _differs(chapter.starter, make_starter(chapter)):
            yield _line(root, chapter.starter, f"solutions/{chapter.name}.py")
        if _differs(chapter.notebook, make_notebook(chapter)):
            yield _line(root, chapter.notebook, f"chapters/{chapter.name}/index.md")
    if (root / SERVER).is_file() and _differs(root / PICTURE, make_picture(root)):
        yield _line(root, root / PICTURE, str(SERVER))
    if (root / FOLDER).is_dir() and _differs(root / caught.PAGE, caught.make_page(root)):
        yield _line(root, root / caught.PAGE, f"{FOLDER}/*.toml")
    for extra in sorted(
        set((root / "notebooks").glob("*.ipynb")) - {chapter.notebook for chapter in chapters}
    ):
        yield f"{extra.relative_to(root)} belongs to no chapter: remove it"


def _differs(made: Path, text: str) -> bool:
    return not made.is_file() or made.read_text(encoding="utf-8") != text


def _line(root: Path, made: Path, source: str) -> str:
    return f"{made.relative_to(root)} is not what {source} makes: run `make chapters` and commit it"
