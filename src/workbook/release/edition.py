"""Chooses the files of a student edition, and makes those that differ from ours.

Nothing is copied because it lies in the checkout: each file is named here, or is of a kind that is.
So a teacher's hidden tests, a student's work and whatever else is there stay out.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click

from course import Chapter, all_chapters
from grader.passage import FILE as PASSAGES
from workbook.release.pages import student_notebook, student_page
from workbook.release.recordings import record

_AS_THEY_ARE = (
    *("environment.mk", "requirements.txt", "pyproject.toml", "mkdocs.yml"),
    *("LICENSE", "LICENSE-PROSE", "solutions/__init__.py", "chapters/conversation.svg"),
)
_PLAYGROUND = (
    *("playground/playground.mk", "playground/build.mjs", "playground/tsconfig.json"),
    *("playground/package.json", "playground/package-lock.json", "playground/wheels.txt"),
    "authoring/archives.py",
)
"""How the edition's playground is built: it has what the edition has, and nothing else."""
_CODE = ("src", "authoring/theme", "playground/src")
_STUDENTS_OWN = {
    "editions/student/README.md": "README.md",
    "editions/student/Makefile": "Makefile",
    "editions/student/gitignore": ".gitignore",
    "editions/student/feedback.yml": ".github/workflows/feedback.yml",
    "editions/student/feedback.sh": ".github/feedback.sh",
}
_PAGES = ("index.md", "playground.md", "glossary.md", "reference.md", "the-workbook-command.md")
_PAGES_WITH_SOLUTIONS = {"where-each-idea-lives.md": 0, "from-2015-to-today.md": 6}
"""Pages that quote solutions, and the chapter whose solution has to be there."""
_PAGES_AFTER = ("where-to-go-from-here.md", "how-fast-is-it.md", "how-fast-is-it/*.svg")
_END = 8  # the chapter after which these can be read


def make_edition(project: Path, up_to: int, with_solutions: bool) -> dict[str, bytes]:
    """Return the files of the edition with the chapters up to that number, by their paths.

    Raises `click.ClickException` if there is no such chapter, or if a file is missing or faulty.
    """
    chapters = _chapters(project, up_to)
    sources = {name: project / source for source, name in _STUDENTS_OWN.items()}
    sources |= {name: project / name for name in (*_AS_THEY_ARE, *_PLAYGROUND)}
    sources |= dict(_code(project))
    sources |= {file.relative_to(project).as_posix(): file for file in _for_the_site(project)}
    sources |= dict(_of_chapters(chapters, with_solutions))
    for pattern in _pages(up_to, with_solutions):
        for page in sorted((project / "chapters").glob(pattern)):
            sources[page.relative_to(project).as_posix()] = page
    try:
        files = {name: source.read_bytes() for name, source in sources.items()}
        passages = json.loads((project / "tests/chapters" / PASSAGES).read_text(encoding="utf-8"))
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} belongs in the edition, but cannot be read: {error.strerror}."
        ) from error
    for name in files:
        if name.endswith(".md"):
            files[name] = student_page(files[name].decode(), name, files.keys()).encode()
        elif name.endswith(".ipynb"):
            files[name] = student_notebook(files[name].decode(), name, files.keys()).encode()
    files[f"tests/chapters/{PASSAGES}"] = _json(
        {chapter.test.stem: passages.get(chapter.test.stem, {}) for chapter in chapters}
    )
    if not with_solutions:
        for chapter, text in record(chapters).items():
            files[str(chapter.recording.relative_to(project))] = text.encode()
    return {name: _filled_in(name, content, up_to) for name, content in files.items()}


def _chapters(project: Path, up_to: int) -> list[Chapter]:
    chapters = all_chapters(project)
    if up_to not in {chapter.number for chapter in chapters}:
        known = ", ".join(str(chapter.number) for chapter in chapters)
        raise click.ClickException(f"There is no chapter {up_to}. Choose from: {known}.")
    return [chapter for chapter in chapters if chapter.number <= up_to]


def _code(project: Path) -> Iterator[tuple[str, Path]]:
    for folder in _CODE:
        for file in sorted((project / folder).rglob("*")):
            name = file.relative_to(project)
            if file.is_file() and not any(map(_is_made, name.parts)):
                yield name.as_posix(), file


def _for_the_site(project: Path) -> set[Path]:
    """Return the files of authoring that mkdocs.yml names, and those that they import from there.

    The rest of authoring makes chapters, and some of it has solutions in it.
    """
    found = {project / "authoring" / "__init__.py"}
    settings = (project / "mkdocs.yml").read_text(encoding="utf-8")
    waiting = [f"authoring.{name}" for name in re.findall(r"authoring[./](\w+)", settings)]
    while waiting:
        file = project / f"{waiting.pop().replace('.', '/')}.py"
        if file in found or not file.is_file():
            continue
        found.add(file)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("authoring"):
                waiting += [
                    f"{node.module}",
                    *(f"{node.module}.{each.name}" for each in node.names),
                ]
    return found


def _is_made(name: str) -> bool:
    """Return whether a file or folder of this name was made here by a tool."""
    return name.startswith(".") or name == "__pycache__" or name.endswith((".egg-info", ".pyc"))


def _of_chapters(chapters: list[Chapter], with_solutions: bool) -> Iterator[tuple[str, Path]]:
    for chapter in chapters:
        files = [chapter.page, chapter.starter, chapter.tasks, chapter.notebook, chapter.test]
        files += sorted(chapter.page.parent.glob("*.svg"))
        files += [chapter.solution] if with_solutions else []
        for file in files:
            yield file.relative_to(chapter.root).as_posix(), file


def _pages(up_to: int, with_solutions: bool) -> Iterator[str]:
    yield from _PAGES
    yield from _PAGES_AFTER if up_to >= _END else ()
    for page, needed in _PAGES_WITH_SOLUTIONS.items():
        if with_solutions and up_to >= needed:
            yield page


def _filled_in(name: str, content: bytes, up_to: int) -> bytes:
    if name not in _STUDENTS_OWN.values():
        return content
    return content.replace(b"UP_TO", str(up_to).encode())


def _json(data: object) -> bytes:
    return (json.dumps(data, indent=1) + "\n").encode()
