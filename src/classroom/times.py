"""Who handed in when, from the teacher's own file: CSV with the columns student, chapter and time.

`chapter` may be missing; the time then counts for every chapter. A time is such as
`2026-11-27 23:10` or `2026-11-27T23:10:00+01:00`.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

from classroom.errors import ClassError
from classroom.roster import normalized
from classroom.sheet import decoded

Times = dict[tuple[str, int | None], datetime]
"""By the normalized student and the chapter's number; None is every chapter."""


def read_times(file: Path | None) -> Times:
    """Read the file; without one, nothing is known. Raises `ClassError` for any mistake in it."""
    if file is None:
        return {}
    try:
        text = decoded(file.read_bytes()).text
    except OSError as error:
        raise ClassError(f"The times {file} cannot be read: {error.strerror}.") from None
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    if not {"student", "time"} <= {*(reader.fieldnames or ())}:
        raise ClassError(f"{file} needs the columns student and time, in its first line.")
    found: Times = {}
    for row in reader:
        where = f"{file}, line {reader.line_num}"
        number = (row.get("chapter") or "").strip()
        if number and not (number.isascii() and number.isdigit()):
            raise ClassError(f"{where}: {number!r} is not a chapter's number, such as 6.")
        try:
            when = datetime.fromisoformat((row["time"] or "").strip()).astimezone()
        except ValueError:
            raise ClassError(
                f"{where}: {row['time']!r} is not a time such as 2026-11-27 23:10."
            ) from None
        found[normalized(row["student"] or ""), int(number) if number else None] = when
    return found


def time_of(times: Times, names: tuple[str, ...], chapter: int) -> datetime | None:
    """Return when the student with one of these names handed in; None when nobody knows."""
    for name in names:
        for which in (chapter, None):
            if found := times.get((normalized(name), which)):
                return found
    return None
