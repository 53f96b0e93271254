"""What a judgement depends on beside the submitted file: the tests, and the version that judges."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from classroom.errors import ClassError
from classroom.settings import Settings
from course import Chapter

_JUDGES = ("bfnet", "course", "grader", "isolation", "room", "simnet")
WORLDS = ("child", "tls")


@dataclass(frozen=True)
class Versions:
    """What one chapter is graded with. Two judgements with the same are about the same thing."""

    chapter: str
    tests: str  # a digest of the tests, the hidden ones included
    version: str  # of the package, with a digest of the code that judges
    seeds: int
    first_seed: int

    def key(self, file: str) -> str:
        """Return the name of a judgement of the file with this digest."""
        parts = [self.chapter, file, self.tests, self.version, self.seeds, self.first_seed, *WORLDS]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def versions_of(chapter: Chapter, settings: Settings) -> Versions:
    """Return what a chapter is graded with now. Raises `ClassError` when there are no tests."""
    if not chapter.test.is_file():
        raise ClassError(f"Chapter {chapter.number} has no tests: {chapter.test} is not there.")
    files = [chapter.test, chapter.test.with_name("passages.json")]
    hidden = hidden_tests(chapter, settings)
    return Versions(
        chapter=chapter.name,
        tests=_digest([*files, *([hidden] if hidden else [])]),
        version=code_version(),
        seeds=settings.seeds,
        first_seed=settings.first_seed,
    )


def hidden_tests(chapter: Chapter, settings: Settings) -> Path | None:
    """Return the teacher's own tests of a chapter, if there are any.

    Raises `ClassError` when the folder that class.toml names is not there.
    """
    if settings.hidden_tests is None:
        return None
    folder = settings.hidden_tests
    if not folder.is_dir():
        raise ClassError(f"hidden_tests: {folder} is not a folder.")
    if (folder / "conftest.py").exists():
        raise ClassError(
            f"{folder / 'conftest.py'} would not be used: hidden tests cannot have one. Put what "
            "is in it into the test files that need it, and remove it."
        )
    file = folder / chapter.test.name
    if not file.is_file():
        return None
    _check_tests(file, chapter.test)
    return file


def without_hidden_tests(chapters: Iterable[Chapter], settings: Settings) -> list[str]:
    """Return a sentence for each chapter for which the teacher's folder has no file."""
    folder = settings.hidden_tests
    return [
        f"There are no hidden tests for chapter {chapter.number}: {folder} has no "
        f"{chapter.test.name}."
        for chapter in chapters
        if folder and not hidden_tests(chapter, settings)
    ]


def _check_tests(file: Path, ours: Path) -> None:
    """Raise `ClassError` for hidden tests of which pytest would take nothing, or not all."""
    try:
        tests, known = tests_in(file), {test.name for test in tests_in(ours)}
    except (SyntaxError, ValueError) as error:
        raise ClassError(f"The hidden tests cannot be used: {file}: {error}.") from None
    if not tests:
        raise ClassError(f"{file} has no test: a function whose name begins with test_.")
    for test in tests:
        where = f"{file}, line {test.lineno}: {test.name}"
        if test.name in known:
            raise ClassError(f"{where} is the name of one of our tests. Give it another one.")
        if not any(".mark.task(" in ast.unparse(each) for each in test.decorator_list):
            raise ClassError(f'{where} needs a task above it: @pytest.mark.task("5.1")')


def tests_in(file: Path) -> list[ast.FunctionDef]:
    """Return the tests in a file. Raises SyntaxError or ValueError when it is not Python."""
    return [
        node
        for node in ast.parse(file.read_bytes()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def code_version() -> str:
    """Return the package's version, with a digest of the code that judges."""
    try:
        number = version("bfnet-workbook")
    except PackageNotFoundError:
        number = "0"
    source = Path(__file__).parents[1]
    files = (file for name in _JUDGES for file in sorted((source / name).rglob("*.py")))
    return f"{number}+{_digest(files)[:10]}"


def _digest(files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for file in files:
        content = file.read_bytes() if file.is_file() else b""
        found.update(f"{file.name} {len(content)}\n".encode() + content)
    return found.hexdigest()
