"""Where a chapter's files are. A chapter has the same name everywhere, so paths follow from it.

chapters/ch03_on_connection/{index.md, exercise.py, tasks.toml}
solutions/ch03_on_connection.py
notebooks/ch03_on_connection.ipynb
recordings/ch03_on_connection.json     in a student edition, instead of the solution
tests/chapters/test_ch03_on_connection.py
work/ch03_on_connection.py     the learner's own file
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

NAME = re.compile(r"ch(\d\d)_[a-z0-9_]+")
_TEST = re.compile(r"test_(ch\d\d_\w+)")


@dataclass(frozen=True)
class Chapter:
    """One chapter of the checkout at `root`, such as "ch03_on_connection".

    Its files do not have to exist.
    """

    root: Path
    name: str

    @property
    def number(self) -> int:
        """The chapter's number, such as 3 for ch03_on_connection."""
        return int(self.name[2:4])

    @property
    def page(self) -> Path:
        """The text of the chapter."""
        return self.root / "chapters" / self.name / "index.md"

    @property
    def starter(self) -> Path:
        """The file that the learner starts from."""
        return self.root / "chapters" / self.name / "exercise.py"

    @property
    def tasks(self) -> Path:
        """The chapter's tasks.toml."""
        return self.root / "chapters" / self.name / "tasks.toml"

    @property
    def solution(self) -> Path:
        """Our solution."""
        return self.root / "solutions" / f"{self.name}.py"

    @property
    def notebook(self) -> Path:
        """The notebook made from the page."""
        return self.root / "notebooks" / f"{self.name}.ipynb"

    @property
    def recording(self) -> Path:
        """What our solution does on the pages, for an edition that does not have it."""
        return self.root / "recordings" / f"{self.name}.json"

    @property
    def test(self) -> Path:
        """The tests that grade the chapter."""
        return self.root / "tests" / "chapters" / f"test_{self.name}.py"

    @property
    def work(self) -> Path:
        """The learner's own file."""
        return self.root / "work" / f"{self.name}.py"


def find_root(start: Path) -> Path | None:
    """Return the checkout that `start` is in, or None.

    A checkout has the folder chapters/ next to mkdocs.yml or pyproject.toml.
    """
    for folder in (start, *start.parents):
        marked = (folder / "mkdocs.yml").is_file() or (folder / "pyproject.toml").is_file()
        if marked and (folder / "chapters").is_dir():
            return folder
    return None


def all_chapters(root: Path) -> list[Chapter]:
    """Return the chapters that have a folder or a solution, in order."""
    names = {path.name for path in (root / "chapters").glob("ch[0-9][0-9]_*") if path.is_dir()}
    names |= {path.stem for path in (root / "solutions").glob("ch[0-9][0-9]_*.py")}
    return [Chapter(root, name) for name in sorted(names)]


def chapter_of_test(test: Path) -> Chapter | None:
    """Return the chapter that a file such as tests/chapters/test_ch03_on_connection.py grades.

    Return None for any other file, and for one outside a checkout.
    """
    match, root = _TEST.fullmatch(test.stem), find_root(test.parent)
    return Chapter(root, match[1]) if match and root else None
