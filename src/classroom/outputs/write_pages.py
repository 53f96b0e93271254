"""Writes the pages of a class while it reads each submission's results once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from classroom.marks import Mark, Marker
from classroom.outputs.formats import classroom50, gradescope
from classroom.outputs.pages import ChapterOfStudent, class_page, page_name, student_page
from classroom.overview import OverviewMaker
from classroom.settings import Settings
from classroom.store import Store
from course.files import write_atomically

STUDENTS = "students"  # the folder with a page for each
MOST_COMPARED = 100_000  # characters of a submission that are compared with others


def write_pages(
    output: Path,
    marks: Sequence[Mark],
    markers: Sequence[Marker],
    store: Store,
    settings: Settings,
    formats: Sequence[str] = (),
    quote_comments: bool = True,
) -> Path:
    """Write a page for each student and one for the class, and return the latter's path.

    `formats` adds a file for each submission: "gradescope", "classroom50". Without
    `quote_comments`, a comment that two share is not shown: it may have a name in it. Raises
    OSError when a file cannot be written.
    """
    makers = {
        marker.chapter.name: OverviewMaker(marker.chapter, marker.about) for marker in markers
    }
    by_name = {marker.chapter.name: marker for marker in markers}
    of_student: dict[str, list[Mark]] = {}
    for mark in marks:
        of_student.setdefault(mark.student.id, []).append(mark)
    pages: dict[str, str] = {}
    for listed in of_student.values():
        student = listed[0].student
        chapters = [
            _chapter(mark, by_name[mark.chapter.name], makers[mark.chapter.name], store)
            for mark in listed
        ]
        for each in chapters:
            _write_formats(output, each, formats)
        pages[student.id] = f"{STUDENTS}/{page_name(student)}"
        _write(output / pages[student.id], student_page(student, chapters, settings.hints))
    overviews = [maker.finish() for maker in makers.values()]
    for overview in overviews:
        overview.pairs = [replace(pair, is_quoted=quote_comments) for pair in overview.pairs]
    _remove_others(output, {Path(page).stem for page in pages.values()})
    _write(output / "class.html", class_page(settings.title, overviews, pages))
    return output / "class.html"


def _write_formats(output: Path, part: ChapterOfStudent, formats: Sequence[str]) -> None:
    """Write FORMAT/CHAPTER/STUDENT.json."""
    mark = part.mark
    name = f"{mark.chapter.name}/{page_name(mark.student).removesuffix('.html')}.json"
    if "gradescope" in formats:
        _write(output / "gradescope" / name, gradescope(mark, part.results, part.hidden))
    if "classroom50" in formats:
        _write(output / "classroom50" / name, classroom50(mark, datetime.now().astimezone()))


def _chapter(mark: Mark, marker: Marker, maker: OverviewMaker, store: Store) -> ChapterOfStudent:
    results = marker.results(mark)
    source = ""
    if mark.key and mark.submission:
        kept = store.source(mark.submission.digest, mark.chapter.name)
        if kept.is_file():  # or else the teacher has removed it
            with kept.open(encoding="utf-8", errors="replace") as file:
                source = file.read(MOST_COMPARED)
    maker.add(mark, results, source)
    hidden = frozenset(each.function for each in results if maker.is_hidden(each.function))
    return ChapterOfStudent(mark, marker.about, results, hidden)


def _remove_others(output: Path, names: set[str]) -> None:
    """Remove what a run with other names has written, such as one without --anonymous."""
    for file in [
        *output.glob(f"{STUDENTS}/*.html"),
        *output.glob("gradescope/*/*.json"),
        *output.glob("classroom50/*/*.json"),
    ]:
        if file.stem not in names:
            file.unlink()


def _write(file: Path, text: str) -> None:
    write_atomically(file, text.encode("utf-8", "replace"))
