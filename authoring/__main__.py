"""The commands of authoring, each called from the repository's root."""

import sys
from pathlib import Path

from authoring.chapters import find_chapters
from authoring.check import find_differences
from authoring.errors import SourceError
from authoring.notebooks import make_notebook
from authoring.starters import make_starter

USAGE = "usage: python -m authoring starters | notebooks | check"


def main(arguments: list[str]) -> int:
    """Does what the argument names. Gives the exit status: 1 for a problem, 2 for a wrong call."""
    commands = {"starters": _starters, "notebooks": _notebooks, "check": _check}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        return commands[arguments[0]](Path())
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1


def _starters(root: Path) -> int:
    for chapter in find_chapters(root):
        chapter.starter.write_text(make_starter(chapter), encoding="utf-8")
        print(f"made {chapter.starter}")
    return 0


def _notebooks(root: Path) -> int:
    for chapter in find_chapters(root):
        chapter.notebook.parent.mkdir(exist_ok=True)
        chapter.notebook.write_text(make_notebook(chapter), encoding="utf-8")
        print(f"made {chapter.notebook}")
    return 0


def _check(root: Path) -> int:
    differences = list(find_differences(root))
    for difference in differences:
        print(difference, file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
