"""Compares the committed files with what their sources make."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from authoring import attacks, caught, timetable
from authoring.chapters import find_chapters
from authoring.mutants import FOLDER
from authoring.notebooks import make_notebook, notebook_text
from authoring.page_parts import CompletePage, complete_page, pictures_beside
from authoring.passages import make_passages, passages_file
from authoring.picture import PICTURE, SERVER, make_picture
from authoring.quotes import check_quotes
from authoring.readme import README, make_readme
from authoring.starters import make_starter
from course import Chapter

REMEDY = "run `make chapters` and commit it"


def find_differences(root: Path) -> Iterator[str]:
    """Yield a line for every generated file that is missing, differs, or has no chapter."""
    chapters = find_chapters(root)
    for chapter in chapters:
        if _differs(chapter.starter, make_starter(chapter)):
            yield _line(root, chapter.starter, f"solutions/{chapter.name}.py")
        notebook = make_notebook(chapter)
        if _differs(chapter.notebook, notebook_text(notebook)):
            yield _line(root, chapter.notebook, f"chapters/{chapter.name}/index.md")
        yield from _differences_of_page(root, chapter, complete_page(chapter, notebook))
    has_graders = any(chapter.test.is_file() for chapter in chapters)
    if has_graders and _differs(passages_file(root), make_passages(chapters)):
        yield _line(root, passages_file(root), "solutions/*.py and tests/chapters/*.py")
    for page in sorted((root / "chapters").glob("*.md")):
        check_quotes(page, root)
    if (root / SERVER).is_file() and _differs(root / PICTURE, make_picture(root)):
        yield _line(root, root / PICTURE, str(SERVER))
    if (root / README).is_file() and _differs(root / README, make_readme(root)):
        yield _line(root, root / README, "its numbers' sources")
    if (root / FOLDER).is_dir() and _differs(root / caught.PAGE, caught.make_page(root)):
        yield _line(root, root / caught.PAGE, f"{FOLDER}/*.toml")
    if (root / timetable.PAGE).is_file() and _differs(
        root / timetable.PAGE, timetable.make_page(root)
    ):
        yield _line(root, root / timetable.PAGE, "chapters/*/tasks.toml")
    if (root / attacks.TABLE).is_file() and _differs(root / attacks.PAGE, attacks.make_page(root)):
        yield _line(root, root / attacks.PAGE, str(attacks.TABLE))
    for extra in sorted(
        set((root / "notebooks").glob("*.ipynb")) - {chapter.notebook for chapter in chapters}
    ):
        yield f"{extra.relative_to(root)} belongs to no chapter: remove it"


def _differences_of_page(root: Path, chapter: Chapter, page: CompletePage) -> Iterator[str]:
    name = chapter.page.relative_to(root)
    committed, made = chapter.page.read_text(encoding="utf-8").split("\n"), page.text.split("\n")
    pairs = enumerate(zip_longest(committed, made), start=1)
    differing = next((number for number, (here, there) in pairs if here != there), None)
    if differing:
        problem = "this is not what the page's blocks and tasks.toml make"
        yield f"{name}:{differing}: {problem}: {REMEDY}"
    for picture, svg in page.pictures.items():
        if _differs(chapter.page.with_name(picture), svg):
            yield _line(root, chapter.page.with_name(picture), str(name))
    for extra in pictures_beside(chapter):
        if extra.name not in page.pictures:
            yield f"{extra.relative_to(root)} is on no page: remove it"


def _differs(made: Path, text: str) -> bool:
    return not made.is_file() or made.read_text(encoding="utf-8") != text


def _line(root: Path, made: Path, source: str) -> str:
    return f"{made.relative_to(root)} is not what {source} makes: {REMEDY}"
