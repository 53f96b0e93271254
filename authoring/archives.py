"""Packs the Python files of the playground into two archives, which the browser unpacks.

    python -m authoring.archives FOLDER_OF_WHEELS FOLDER

`workbook.zip` has our packages and the chapters, in the folders of a checkout, because the graders
look for them there. `graders.zip` has pytest and what pytest needs, and is fetched for the first
check. The same files make the same bytes. A student edition packs what it has: its chapters, and
recordings in place of solutions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

PACKAGES = ("bfnet", "simnet", "room", "course", "grader", "playground")
FILES = (
    "mkdocs.yml",
    "chapters/*/tasks.toml",
    "chapters/*/exercise.py",
    "solutions/*.py",
    "recordings/*.json",
)
TESTS = ("tests/chapters/*.py", "tests/chapters/*.json")

# pytest colors its own output with Pygments, which we never show. It is imported all the same.
LEFT_OUT = ("pygments/lexers/", "pygments/formatters/", "pygments/styles/")
KEPT = (
    *("pygments/lexers/__init__.py", "pygments/lexers/_mapping.py", "pygments/lexers/python.py"),
    *("pygments/lexers/diff.py", "pygments/lexers/_unicode_opts.py", "pygments/styles/default.py"),
    *("pygments/formatters/__init__.py", "pygments/formatters/_mapping.py"),
    *(
        "pygments/formatters/terminal.py",
        "pygments/styles/__init__.py",
        "pygments/styles/_mapping.py",
    ),
)


def pack(root: Path, wheels: Path, folder: Path) -> list[Path]:
    """Write both archives into a folder, and return them. `wheels` is a folder of wheels."""
    folder.mkdir(parents=True, exist_ok=True)
    workbook, graders = folder / "workbook.zip", folder / "graders.zip"
    _write(workbook, _of_the_workbook(root))
    _write(graders, _of_the_wheels(wheels))
    return [workbook, graders]


def _of_the_workbook(root: Path) -> Iterator[tuple[str, bytes]]:
    patterns = (*(f"src/{package}/**/*.py" for package in PACKAGES), *FILES, *TESTS)
    for pattern in patterns:
        for file in sorted(root.glob(pattern)):
            yield file.relative_to(root).as_posix(), file.read_bytes()


def _of_the_wheels(wheels: Path) -> Iterator[tuple[str, bytes]]:
    for wheel in sorted(wheels.glob("*.whl")):
        with ZipFile(wheel) as packed:
            for name in sorted(packed.namelist()):
                if name in KEPT or not name.startswith(LEFT_OUT):
                    yield name, packed.read(name)


def _write(archive: Path, files: Iterator[tuple[str, bytes]]) -> None:
    with ZipFile(archive, "w", ZIP_DEFLATED) as packed:
        for name, data in files:
            packed.writestr(ZipInfo(name), data, ZIP_DEFLATED)


if __name__ == "__main__":
    pack(Path(), Path(sys.argv[1]), Path(sys.argv[2]))
