"""Finds the file of a chapter in what a student handed in, whatever else is there.

Students hand in a whole clone of the workbook, or a file that a browser has named
`ch06_relay (1).py`. What is taken, and why, becomes a note on the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from classroom.errors import Refusal
from classroom.intake.archive import entries_of_archive, is_archive
from classroom.intake.entry import FILE, LARGEST_FILE, LINK, Entry
from classroom.intake.notebook import notebook_source
from course import Chapter

# In a clone of the workbook, files with a chapter's name that are ours.
_OURS = {"solutions", "chapters", "notebooks", "tests", "src", "authoring", "site", "build"}
_COPY = re.compile(r"(?: ?\(\d+\)|[-_ ]\d+|[-_ ]copy|\.py)+$", re.IGNORECASE)

MOST_NAMED = 3  # files, when none of them can be graded
_NOT_A_STUDENTS = {"timestamp.txt", "onlinetext.html", ".DS_Store", "Thumbs.db", "desktop.ini"}


@dataclass(frozen=True)
class Picked:
    """The source that is graded for a chapter, or the problem with it."""

    source: bytes = b""
    problem: str = ""
    notes: tuple[str, ...] = ()
    modified: datetime | None = None
    handed_in: datetime | None = None


def unpacked(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries, with those of an archive among them in its place, one level deep.

    Raises `Refusal` when an archive is not usable.
    """
    found: list[Entry] = []
    for entry in entries:
        if entry.kind == FILE and is_archive(entry.path.name):
            inside = entries_of_archive(entry)
            found += [replace(each, handed_in=entry.handed_in) for each in inside]
        else:
            found.append(entry)
    return found


def pick(chapter: Chapter, entries: Sequence[Entry], only_chapter: bool) -> Picked:
    """Return what to grade for a chapter.

    With `only_chapter`, a single Python file may have any name. A link or a special file in the
    place of the chapter's file is a problem, and is never opened.
    """
    try:
        entry, notes = _choose(chapter, entries, only_chapter)
        if entry is None:
            return Picked(problem=_nothing_fits(chapter, entries))
        if entry.kind != FILE:
            what = "a link" if entry.kind == LINK else "not a regular file"
            return Picked(problem=f"{entry.path} is {what}. Only a file's own content is graded.")
        source = entry.read(LARGEST_FILE)
        if _ending(entry.path) == ".ipynb":
            source = notebook_source(source, entry.path.name)
            notes.append(f"graded from the cells of {entry.path.name}")
    except Refusal as refusal:
        return Picked(problem=str(refusal))
    handed_in = entry.handed_in or _timestamp(entry, entries)
    return Picked(source, "", tuple(notes), entry.modified, handed_in)


def chapters_in(entries: Iterable[Entry], chapters: Sequence[Chapter]) -> set[str]:
    """Return the names of the chapters that have a file among these entries."""
    named = {_plain_stem(each) for each in entries if is_program(each.path) and not _is_ours(each)}
    return {chapter.name for chapter in chapters} & named


def _choose(
    chapter: Chapter, entries: Sequence[Entry], only_chapter: bool
) -> tuple[Entry | None, list[str]]:
    code = [each for each in entries if is_program(each.path)]
    fitting = [each for each in code if _plain_stem(each) == chapter.name and not _is_ours(each)]
    if not fitting:
        others = [each for each in code if _ending(each.path) == ".py" and not _is_ours(each)]
        if only_chapter and len(others) == 1:
            return others[0], [f"the file was called {others[0].path.name}"]
        return None, []
    notebooks = [each for each in fitting if _ending(each.path) == ".ipynb"]
    programs = [each for each in fitting if _ending(each.path) == ".py"]
    if notebooks and programs and _is_starter(chapter, programs):
        programs = []
    ranked = sorted(programs or notebooks, key=lambda each: _rank(chapter, each))
    chosen = ranked[0]
    notes = []
    if chosen.path.stem != chapter.name:
        notes.append(f"the file was called {chosen.path.name}")
    if len(ranked) > 1:
        notes.append(f"of {len(ranked)} files with this name, {chosen.path} was graded")
    return chosen, notes


def _rank(chapter: Chapter, entry: Entry) -> tuple[object, ...]:
    """Return a key to sort files of a chapter by: work/ first, then the least deep.

    Of several copies, it is the last: "(2)" was made after "(1)".
    """
    in_work = entry.path.parent.name == "work"
    exact = entry.path.stem == chapter.name
    copy = -int("0" + "".join(re.findall(r"\d", entry.path.stem[len(chapter.name) :]))[:9])
    return (not in_work, not exact, len(entry.path.parts), copy, str(entry.path))


def is_program(path: PurePosixPath) -> bool:
    """Return whether a file could be graded, by its name. macOS puts a `._x.py` beside an x.py."""
    return _ending(path) in (".py", ".ipynb") and not path.name.startswith("._")


def _ending(path: PurePosixPath) -> str:
    return path.suffix.lower()


def _nothing_fits(chapter: Chapter, entries: Sequence[Entry]) -> str:
    """Return what to tell the teacher, and what there is instead, if that is short."""
    theirs = [each.path for each in entries if not _is_ours(each)]
    found = [
        str(path) for path in theirs if path.name not in _NOT_A_STUDENTS and path.name[:2] != "._"
    ]
    what = f"There is no {chapter.name}.py in what was handed in"
    if not found or len(found) > MOST_NAMED:
        return f"{what}." if not found else f"{what}, which has {len(found):,} files."
    return f"{what}, only {', '.join(found)}."


def _is_starter(chapter: Chapter, programs: Sequence[Entry]) -> bool:
    """Return whether none of these is more than the chapter's starter."""
    try:
        starter = chapter.starter.read_bytes()
        return all(each.kind == FILE and each.read(LARGEST_FILE) == starter for each in programs)
    except (OSError, Refusal):
        return False


def _is_ours(entry: Entry) -> bool:
    return bool(_OURS & {*entry.path.parts[:-1]}) and entry.path.parent.name != "work"


def _plain_stem(entry: Entry) -> str:
    """Return a file's name without its ending, and without what a browser has added to it."""
    return _COPY.sub("", entry.path.stem).casefold()


def _timestamp(entry: Entry, entries: Sequence[Entry]) -> datetime | None:
    """Return the time in nbgrader's timestamp.txt beside a file."""
    for each in entries:
        if each.path.name == "timestamp.txt" and each.path.parent == entry.path.parent:
            try:
                return read_time(each.read(200).decode("ascii", "replace"))
            except Refusal:
                return None
    return None


def read_time(text: str) -> datetime | None:
    """Return a time as nbgrader writes it, `2026-11-27 22:10:00.123 UTC`; None if it is none."""
    plain = text.strip().removesuffix("UTC").strip()
    zone = "+00:00" if text.strip().endswith("UTC") else ""
    try:
        return datetime.fromisoformat(plain + zone).astimezone()
    except ValueError:
        return None
