"""Whose is what: the shapes in which learning platforms hand out a class's submissions.

    Moodle      `Jane Doe_1234_assignsubmission_file_/ch06_relay.py`, or one file with such a name
    Canvas      `doejane_LATE_1234_56789_ch06_relay-1.py`
    nbgrader    `submitted/STUDENT/ASSIGNMENT/`, with a timestamp.txt
    clones      `week6-jane/`, a git repository each
    others      a folder, a zip or a file for each student, named after them

Each thing at the top of the folder, or of the platform's own zip, is recognized by itself.
"""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from classroom.errors import ClassError, Refusal
from classroom.intake.archive import entries_of_zip, is_archive, stem
from classroom.intake.commit_time import last_commit
from classroom.intake.entry import LINK, Entry, Item
from classroom.intake.folder import PASSED_OVER, entries_in, items_in
from classroom.intake.pick import is_program, unpacked

MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?"
)
CANVAS = re.compile(
    r"(?P<name>anon_[^_]+|[^_]+)(?P<late>_LATE)?_(?P<number>\d+)_"
    r"(?:(?P<upload>\d+)_(?P<file>.+)|(?P<text>text\.html))"
)
WRAPPERS = ("submitted", "submissions")
_OF_A_CHAPTER = re.compile(r"ch\d\d_", re.IGNORECASE)
_CANVAS_AGAIN = re.compile(r"-(\d+)$")


@dataclass
class Delivery:
    """What one student handed in at one time. `known_as` has every name that the download gives."""

    known_as: tuple[str, ...]
    entries: list[Entry] = field(default_factory=list)
    problem: str = ""
    is_late: bool = False
    order: int = 0


def deliveries(place: Path) -> Iterator[Delivery]:
    """Return what each student handed in, in the order of their names, one at a time.

    `place` is a folder, or the zip that a platform has made. Raises `ClassError` if it is neither.
    """
    with_names = [(*_owner(item), item) for item in _top(place) if _could_be_a_students(item)]
    with_names.sort(key=lambda each: (each[0], each[1].order))
    for key, group in itertools.groupby(with_names, key=lambda each: (each[0], each[1].order)):
        listed = [*group]
        delivery = Delivery(key[0], order=key[1])
        for _, sign, item in listed:
            delivery.is_late |= sign.is_late
            try:
                found = unpacked(_named(item, sign))
                delivery.entries += found
            except Refusal as refusal:
                delivery.problem = str(refusal)
            except OSError as error:
                delivery.problem = f"{item.name} cannot be read: {error.strerror}."
        yield delivery


@dataclass(frozen=True)
class _Sign:
    """What the name of an item says."""

    file: str = ""  # the student's own name for it
    is_late: bool = False
    order: int = 0
    time: datetime | None = None


def _owner(item: Item) -> tuple[tuple[str, ...], _Sign]:
    """Return the names of the student whose item this is, and what else its name says."""
    if found := MOODLE.fullmatch(item.name):
        names = (found["name"], f"Participant {found['number']}")
        return names, _Sign(found["file"] or "")
    if not item.is_folder and (found := CANVAS.fullmatch(item.name)):
        given = found["file"] or found["text"]
        name, _, ending = given.rpartition(".")
        again = _CANVAS_AGAIN.search(name)
        file = f"{_CANVAS_AGAIN.sub('', name)}.{ending}" if name else given
        order = int(again[1]) if again else 0
        return (found["name"], found["number"]), _Sign(file, bool(found["late"]), order)
    if item.is_folder:
        return (item.name,), _Sign()
    return (stem(item.name) if is_archive(item.name) else PurePosixPath(item.name).stem,), _Sign()


def _named(item: Item, sign: _Sign) -> Iterator[Entry]:
    """Return the entries of an item. A single file gets the name that the student gave it."""
    for entry in item.entries():
        if not item.is_folder and entry.kind == LINK:
            raise Refusal(f"{item.name} is a link. Only a file's own content is graded.")
        if not item.is_folder and sign.file:
            entry = replace(entry, path=PurePosixPath(sign.file))
        yield entry


def passed_over(place: Path) -> list[str]:
    """Return the names of what is beside the submissions and is nobody's, such as a PDF.

    Raises `ClassError` as `deliveries` does.
    """
    return [
        item.name
        for item in _top(place)
        if not _could_be_a_students(item) and not _is_the_systems(item.name)
    ]


def _top(place: Path) -> list[Item]:
    if place.is_dir():
        return _below(place)
    if zipfile.is_zipfile(place):
        return _items_of_zip(place)
    if not place.exists():
        raise ClassError(f"{place} does not exist: check the spelling.")
    raise ClassError(
        f"{place} is neither a folder nor a zip: name the folder with the submissions."
    )


def _below(place: Path) -> list[Item]:
    """Return what is at the top of a folder, or of the one folder that only wraps it."""
    try:
        items = items_in(place)
        wrapper = _wrapper(place, items)
    except OSError as error:
        raise ClassError(f"{place} cannot be read: {error.strerror}.") from None
    if wrapper:
        return _below(wrapper)
    return [_clone(place, each) if _is_clone(place, each) else each for each in items]


def _wrapper(place: Path, items: Sequence[Item]) -> Path | None:
    """Return the folder that has all the submissions in it, if there is one."""
    students = [each for each in items if _could_be_a_students(each)]
    for name in WRAPPERS:
        if [each.is_folder for each in students if each.name == name] == [True]:
            return place / name
    if len(students) != 1 or not students[0].is_folder or _is_clone(place, students[0]):
        return None
    name = students[0].name
    try:
        paths = [PurePosixPath(name) / each.path for each in entries_in(place / name)]
    except Refusal:
        return None
    return place / name if is_wrapper(paths) else None


def _could_be_a_students(item: Item) -> bool:
    """Return whether this is no file of the teacher's or of the system, such as a gradebook."""
    if _is_the_systems(item.name):
        return False
    if MOODLE.fullmatch(item.name) or CANVAS.fullmatch(item.name):
        return True  # also a .docx: the student has handed something in
    of_a_student = item.is_folder or item.is_link or is_archive(item.name)
    return of_a_student or is_program(PurePosixPath(item.name))


def _is_the_systems(name: str) -> bool:
    return name.startswith(".") or name in PASSED_OVER or name in ("Thumbs.db", "desktop.ini")


def _is_clone(place: Path, item: Item) -> bool:
    return item.is_folder and (place / item.name / ".git").exists()


def _clone(place: Path, item: Item) -> Item:
    """Return a git clone whose files have the time of its last commit."""

    def entries() -> Iterator[Entry]:
        when = last_commit(place / item.name)
        return (replace(entry, handed_in=when) for entry in item.entries())

    return Item(item.name, True, entries)


def _items_of_zip(place: Path) -> list[Item]:
    """Return what is at the top of a platform's zip, which is left open while it is read."""
    try:
        archive = zipfile.ZipFile(place)
        entries = [*entries_of_zip(archive, place.name)]
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise ClassError(f"{place} cannot be opened: {error}.") from None
    except Refusal as refusal:
        raise ClassError(f"{refusal} None of it is used.") from None
    entries = [each for each in entries if not _is_the_systems(each.path.parts[0])]
    while is_wrapper([each.path for each in entries]):
        entries = [_without_the_first(each) for each in entries]
    tops: dict[str, list[Entry]] = {}
    for entry in entries:
        tops.setdefault(entry.path.parts[0], []).append(entry)
    return [_item_of_zip(name, of_it) for name, of_it in sorted(tops.items())]


def is_wrapper(paths: Sequence[PurePosixPath]) -> bool:
    """Return whether there is one folder at the top, which holds the students' folders.

    Otherwise it is the folder of a single student. Students' folders have names that a platform
    gives, or several of them have the same file, such as ch06_relay.py.
    """
    tops = {path.parts[0] for path in paths}
    if len(tops) != 1 or any(len(path.parts) < 2 for path in paths):
        return False
    if MOODLE.fullmatch(top := tops.pop()):
        return False
    below = {path.parts[1] for path in paths}
    if top in WRAPPERS or any(MOODLE.fullmatch(name) or CANVAS.fullmatch(name) for name in below):
        return True
    if "work" in below or any(len(path.parts) == 2 and is_program(path) for path in paths):
        return False
    if sum(is_archive(path.name) for path in paths if len(path.parts) == 2) > 1:
        return True
    owners: dict[str, set[str]] = {}
    for path in paths:
        if is_program(path) and _OF_A_CHAPTER.match(path.name):
            owners.setdefault(path.name, set()).add(path.parts[1])
    return any(len(each) > 1 for each in owners.values())


def _without_the_first(entry: Entry) -> Entry:
    return replace(entry, path=PurePosixPath(*entry.path.parts[1:]))


def _item_of_zip(name: str, entries: Sequence[Entry]) -> Item:
    if len(entries) == 1 and len(entries[0].path.parts) == 1:
        return Item(name, False, lambda: iter(entries))
    return Item(name, True, lambda: map(_without_the_first, entries))
