"""One thing in what was handed in: a file in a folder or an archive, a link, or something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

MOST_ENTRIES = 10_000  # in one student's folder or archive
MOST_DEPTH = 20  # folders in folders, in one student's folder
LARGEST_FILE = 1_000_000  # bytes of a file that is graded
LARGEST_ARCHIVE = 50_000_000  # bytes of one student's archive
LARGEST_UNPACKED = 200_000_000  # bytes of one student's archive, unpacked
MOST_RATIO = 200  # times that a file may be larger than it is in the archive

FILE, LINK, SPECIAL = "file", "link", "special"


@dataclass(frozen=True)
class Entry:
    """A file that can be read, or the reason why it cannot be.

    `path` is relative to what the student handed in, and has no `..` in it. `kind` is FILE, LINK or
    SPECIAL. `read(most)` returns the content; it raises `Refusal` when there are more bytes than
    that, or when it is no file.
    """

    path: PurePosixPath
    kind: str
    size: int
    read: Callable[[int], bytes]
    modified: datetime | None = None
    handed_in: datetime | None = None  # what the download says


@dataclass(frozen=True)
class Item:
    """One thing at the top of a download, such as a student's folder, archive or file.

    `entries` may be called once; it raises `Refusal` for an archive that cannot be opened.
    """

    name: str
    is_folder: bool
    entries: Callable[[], Iterator[Entry]]
    is_link: bool = False
