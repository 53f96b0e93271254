"""Who handed in when, from the teacher's own file: CSV with the columns student, chapter and time.

`chapter` may be missing; the time then counts for every chapter. A time is such as
`2026-11-27 23:10` or `2026-11-27T23:10:00+01:00`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from classroom.errors import ClassError
from classroom.roster import normalized
from classroom.sheet import read_table

Times = dict[tuple[str, int | None], datetime]
"""By the normalized student and the chapter's number; None is every chapter."""


def read_times(file: Path | None) -> Times:
    """Read the file; without one, nothing is known. Raises `ClassError` for any mistake in it."""
    if file is None:
        return {}
    rows = read_table(file, f"The file of times {file}")
    headers = [header.casefold() for header in rows[0]] if rows else []
    if not {"student", "time"} <= {*headers}:
        raise ClassError(f"{file} needs the columns student and time, in its first line.")
    found: Times = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(headers, row, strict=False))
        where = f"{file}, row {number}"
        chapter, time = cells.get("chapter", ""), cells.get("time", "")
        if chapter and not (chapter.isascii() and chapter.isdigit()):
            raise ClassError(f"{where}: {chapter!r} is not a chapter's number, such as 6.")
        try:
            when = datetime.fromisoformat(time).astimezone()
        except (ValueError, OverflowError):
            raise ClassError(f"{where}: {time!r} is not a time such as 2026-11-27 23:10.") from None
        found[normalized(cells["student"]), int(chapter) if chapter else None] = when
    return found


def time_of(times: Times, names: tuple[str, ...], chapter: int) -> datetime | None:
    """Return when the student with one of these names handed in; None when nobody knows."""
    for name in names:
        for which in (chapter, None):
            if found := times.get((normalized(name), which)):
                return found
    return None
