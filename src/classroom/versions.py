"""What a judgement depends on beside the submitted file: the tests, and the version that judges."""

from __future__ import annotations

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
    if not settings.hidden_tests.is_dir():
        raise ClassError(f"hidden_tests: {settings.hidden_tests} is not a folder.")
    file = settings.hidden_tests / chapter.test.name
    return file if file.is_file() else None


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
