"""Makes the zip that a service grades with: one chapter's tests, the judge, a teacher's settings.

It has no solutions, and nothing about students: of class.toml only what decides about points goes
in. Hidden tests do. Their place in it can be read by root alone (`setup.sh`).
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from classroom.errors import ClassError
from classroom.settings import Settings, read_settings
from classroom.versions import hidden_tests
from course import Chapter
from grader.passage import FILE as PASSAGES
from services.one import SETTINGS

GRADESCOPE, CLASSROOM50 = "gradescope", "classroom50"
SERVICES = (GRADESCOPE, CLASSROOM50)

_EXECUTABLE = {"setup.sh", "run_autograder"}
_PROJECT = ("pyproject.toml", "requirements.txt", "LICENSE", "LICENSE-PROSE")
_README = "The judge of one chapter, for a service that grades. Made by the workbook's command.\n"
_WHEN = (2020, 1, 1, 0, 0, 0)  # the same content makes the same zip


def bundle_for(service: str, chapter: Chapter, class_file: Path | None) -> bytes:
    """Return the zip for a service, as bytes.

    Raises `ClassError` for a mistake in class.toml, or when a file cannot be read.
    """
    settings = read_settings(class_file)
    hidden = hidden_tests(chapter, settings)
    below = "" if service == GRADESCOPE else "workbook/"
    try:
        files = {f"{below}{name}": data for name, data in _files(chapter, settings, hidden)}
        for file in sorted((chapter.root / "editions" / service).iterdir()):
            if file.is_file():
                files[file.name] = file.read_bytes()
    except OSError as error:
        raise ClassError(f"{error.filename} cannot be read: {error.strerror}.") from None
    return _zip(files)


def _files(
    chapter: Chapter, settings: Settings, hidden: Path | None
) -> Iterator[tuple[str, bytes]]:
    root = chapter.root
    for name in _PROJECT:
        yield name, (root / name).read_bytes()
    yield "README.md", _README.encode()
    for file in sorted((root / "src").rglob("*.py")) + sorted((root / "src").rglob("py.typed")):
        yield file.relative_to(root).as_posix(), file.read_bytes()
    for file in (chapter.tasks, chapter.starter, chapter.test):
        yield file.relative_to(root).as_posix(), file.read_bytes()
    passages = json.loads((chapter.test.with_name(PASSAGES)).read_text(encoding="utf-8"))
    of_chapter = {chapter.test.stem: passages.get(chapter.test.stem, {})}
    yield f"tests/chapters/{PASSAGES}", json.dumps(of_chapter, indent=1).encode()
    yield SETTINGS, _settings(settings, hidden).encode()
    if hidden:
        yield f"hidden/{hidden.name}", hidden.read_bytes()


def _settings(settings: Settings, hidden: Path | None) -> str:
    lines = [
        f"seeds = {settings.seeds}",
        f"first_seed = {settings.first_seed}",
        f"partial_credit = {json.dumps(settings.partial_credit)}",
    ]
    lines += [f"points = {settings.points}"] if settings.points is not None else []
    lines += ['hidden_tests = "hidden"'] if hidden else []
    return "\n".join(lines) + "\n"


def _zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, _WHEN)
            info.external_attr = (0o755 if name in _EXECUTABLE else 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return packed.getvalue()
