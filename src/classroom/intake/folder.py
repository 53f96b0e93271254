"""Reads a folder without following a link, and without opening what is not a file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from classroom.errors import Refusal
from classroom.intake.entry import FILE, LINK, MOST_DEPTH, MOST_ENTRIES, SPECIAL, Entry, Item

# Nothing in them was written by the student.
PASSED_OVER = {
    ".git",
    ".venv",
    "venv",
    "__pycache__",
    "__MACOSX",
    "node_modules",
    ".ipynb_checkpoints",
}


def items_in(folder: Path) -> list[Item]:
    """Return what is at the top of a folder, by name. Raises OSError when it cannot be read."""
    return [_item(Path(each.path)) for each in sorted(os.scandir(folder), key=lambda e: e.name)]


def entries_in(folder: Path) -> Iterator[Entry]:
    """Return everything in a folder and the folders below it."""
    count = 0
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if Path(place, name).is_symlink()]
        folders[:] = sorted(each for each in folders if each not in PASSED_OVER)
        if len(Path(place).relative_to(folder).parts) >= MOST_DEPTH:
            raise Refusal(f"The folder has more than {MOST_DEPTH} folders inside one another.")
        for name in sorted([*files, *links]):
            count += 1
            if count > MOST_ENTRIES:
                raise Refusal(f"The folder has more than {MOST_ENTRIES:,} files.")
            path = Path(place, name)
            yield entry_of(path, PurePosixPath(path.relative_to(folder)))


def entry_of(file: Path, name: PurePosixPath) -> Entry:
    """Return the entry of one file, under a name."""
    found = file.lstat()
    kind = SPECIAL
    if stat.S_ISREG(found.st_mode):
        kind = FILE
    elif stat.S_ISLNK(found.st_mode):
        kind = LINK
    modified = datetime.fromtimestamp(found.st_mtime).astimezone()
    return Entry(name, kind, found.st_size, lambda most: read_file(file, most), modified)


def read_file(file: Path, most: int) -> bytes:
    """Return the content of a regular file. What it is, is asked of the open file.

    Raises `Refusal` for anything else, and when there are more bytes than `most`.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Refusal(f"{file.name} cannot be read: {error.strerror}.") from None
    with open(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refusal(f"{file.name} is not a file.")
        data = stream.read(most + 1)
    if len(data) > most:
        raise Refusal(f"{file.name} is larger than {most:,} bytes.")
    return data


def _item(path: Path) -> Item:
    if path.is_symlink() or not path.is_dir():
        name = PurePosixPath(path.name)
        return Item(path.name, False, lambda: iter([entry_of(path, name)]), path.is_symlink())
    return Item(path.name, True, lambda: entries_in(path))
