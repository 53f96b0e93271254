"""What a teacher decides about a class: one TOML file, class.toml beside the submissions.

The file is checked completely while it is read. Its keys, all of them optional:

    title = "Networks, autumn 2026"
    chapters = [5, 6]              # what is graded; without it, the chapter that was handed in
    roster = "roster.csv"          # who is in the class; see roster.py
    times = "times.csv"            # who handed in when; see times.py
    file_times = false             # believe the times of the files themselves
    hidden_tests = "hidden"        # a folder with test_ch06_relay.py: see the teacher's guide
    seeds = 10                     # conversations of each test
    first_seed = 4711              # seeds that your students do not know
    attempt = "last"               # or "best"
    partial_credit = false         # true: a task earns its share of its tests; see nothing.py
    points = 100                   # what all the chapters together are worth; else as in tasks.toml
    hints = 1                      # how many hints of a failed task a student's page shows: 0 to 3

    [due]
    6 = 2026-11-27T23:59:00+01:00

    [extensions]
    alice = 2026-12-04T23:59:00+01:00
    bob = { 6 = 2026-12-01T12:00:00+01:00 }

    [late]
    grace_minutes = 15             # this much later is not late
    percent_per_day = 10           # of what was earned, for each day that has begun
    most_percent = 50              # no more than this
    closed_after_days = 7          # then nothing is earned

    [[override]]
    student = "alice"
    task = "6.1"                   # or a chapter, 6
    points = 20
    reason = "showed it to me in the lab"

A time without a zone is in the zone of the machine that grades.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from unicodedata import normalize

from classroom.errors import ClassError

_QUOTES = ' A name that is more than letters and digits needs quotes: "ben@example.org" = ...'


@dataclass(frozen=True)
class LatePolicy:
    """What handing in late costs. Percentages are of what was earned."""

    grace_minutes: float = 0
    percent_per_day: float = 0
    most_percent: float = 100
    closed_after_days: float | None = None


@dataclass(frozen=True)
class Override:
    """Points that the teacher has decided on. `task` is a task ("6.1") or a chapter ("6")."""

    student: str
    task: str
    points: float
    reason: str = ""


@dataclass(frozen=True)
class Settings:
    """The settings of a class. Each field is a key of the file; `due` is by a chapter's number.

    `extensions` is by student, and then by chapter, where None means every chapter.
    """

    title: str = ""
    chapters: tuple[int, ...] = ()
    roster: Path | None = None
    times: Path | None = None
    file_times: bool = False
    hidden_tests: Path | None = None
    seeds: int = 10
    first_seed: int = 0
    attempt: str = "last"
    partial_credit: bool = False
    points: float | None = None
    hints: int = 1
    due: Mapping[int, datetime] = field(default_factory=dict)
    extensions: Mapping[str, Mapping[int | None, datetime]] = field(default_factory=dict)
    late: LatePolicy = LatePolicy()
    overrides: tuple[Override, ...] = ()


def read_settings(file: Path | None) -> Settings:
    """Read the file; without one, return the defaults. Raises `ClassError` for any mistake."""
    if file is None:
        return Settings()
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ClassError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ClassError(f"{file} is not UTF-8: save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        quotes = _QUOTES if "after a key" in str(error) else ""
        raise ClassError(f"{file} is not TOML: {error}.{quotes}") from None
    return _Reader(file).settings(data)


class _Reader:
    """Reads the values of one file, and names the file and the key in every error."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def settings(self, data: dict[str, Any]) -> Settings:
        readers: dict[str, Callable[[str, Any], Any]] = {
            "title": self._text,
            "chapters": self._chapters,
            "roster": self._path,
            "times": self._path,
            "file_times": self._switch,
            "hidden_tests": self._path,
            "seeds": self._count,
            "first_seed": self._number_of_seed,
            "attempt": self._attempt,
            "partial_credit": self._switch,
            "points": self._positive,
            "hints": self._hints,
            "due": self._due,
            "extensions": self._extensions,
            "late": self._late,
            "override": self._overrides,
        }
        self._refuse_unknown("", data, readers)
        found = {key: readers[key](key, value) for key, value in data.items()}
        if "override" in found:
            found["overrides"] = found.pop("override")
        return Settings(**found)

    def _chapters(self, key: str, value: Any) -> tuple[int, ...]:
        if not isinstance(value, list) or not value or not all(map(_is_chapter, value)):
            raise self._error(key, "a list of the chapters' numbers, such as [5, 6]")
        return tuple(dict.fromkeys(value))

    def _attempt(self, key: str, value: Any) -> str:
        if value not in ("best", "last"):
            raise self._error(key, '"best" or "last"')
        return str(value)

    def _hints(self, key: str, value: Any) -> int:
        if type(value) is not int or not 0 <= value <= 3:
            raise self._error(key, "0, 1, 2 or 3")
        return value

    def _due(self, key: str, value: Any) -> Mapping[Any, datetime]:
        table = self._table(key, value)
        return {
            self._chapter(f"{key}.{number}", number): self._time(f"{key}.{number}", when)
            for number, when in table.items()
        }

    def _extensions(self, key: str, value: Any) -> dict[str, dict[int | None, datetime]]:
        found: dict[str, dict[int | None, datetime]] = {}
        for student, when in self._table(key, value).items():
            where, student = f"{key}.{student}", normalize("NFC", student)
            if isinstance(when, dict):
                if not all(map(_is_number, when)):  # ben.smith = ... is a table too
                    raise ClassError(f"{self._file}: {where} is no student with chapters.{_QUOTES}")
                found[student] = {**self._due(where, when)}
            else:
                found[student] = {None: self._time(where, when)}
        return found

    def _late(self, key: str, value: Any) -> LatePolicy:
        table = self._table(key, value)
        known = ("grace_minutes", "percent_per_day", "most_percent", "closed_after_days")
        self._refuse_unknown(key, table, known)
        return LatePolicy(**{name: self._amount(f"{key}.{name}", table[name]) for name in table})

    def _overrides(self, key: str, value: Any) -> tuple[Override, ...]:
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self._error(key, "a table: write [[override]]")
        return tuple(map(self._override, value))

    def _override(self, table: dict[str, Any]) -> Override:
        self._refuse_unknown("override", table, ("student", "task", "points", "reason"))
        missing = [key for key in ("student", "task", "points") if key not in table]
        if missing:
            raise ClassError(f"{self._file}: an override needs {missing[0]} = ...")
        return Override(
            student=normalize("NFC", self._text("override.student", table["student"])),
            task=self._task("override.task", table["task"]),
            points=self._amount("override.points", table["points"]),
            reason=self._text("override.reason", table.get("reason", "")),
        )

    def _task(self, key: str, value: Any) -> str:
        parts = str(value).split(".") if type(value) in (int, str) else []
        if len(parts) not in (1, 2) or not all(part.isascii() and part.isdigit() for part in parts):
            raise self._error(key, 'a task, such as "6.1", or a chapter, such as 6')
        return ".".join(str(int(part)) for part in parts)

    def _chapter(self, key: str, number: str) -> int:
        if not _is_number(number):
            raise self._error(key, "a chapter's number in place of its last part, such as 6")
        return int(number)

    def _time(self, key: str, value: Any) -> datetime:
        if isinstance(value, date) and not 1970 <= value.year < 9999:
            raise self._error(key, "a time of these days, such as 2026-11-27T23:59:00+01:00")
        if isinstance(value, datetime):
            return value.astimezone()  # one without a zone is in ours
        if isinstance(value, date):  # the day includes its evening
            return datetime.combine(value, time(23, 59, 59)).astimezone()
        raise self._error(key, "a time, such as 2026-11-27T23:59:00+01:00, without quotes")

    def _table(self, key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._error(key, f"a table: write [{key}]")
        return value

    def _text(self, key: str, value: Any) -> str:
        if not isinstance(value, str):
            raise self._error(key, "text in quotes")
        return value

    def _switch(self, key: str, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self._error(key, "true or false")
        return value

    def _path(self, key: str, value: Any) -> Path:
        return self._file.absolute().parent / self._text(key, value)

    def _count(self, key: str, value: Any) -> int:
        if type(value) is not int or not 1 <= value <= 1000:
            raise self._error(key, "a number from 1 to 1000")
        return value

    def _number_of_seed(self, key: str, value: Any) -> int:
        if type(value) is not int or not 0 <= value < 2**31:
            raise self._error(key, "a number from 0 to 2147483647")
        return value

    def _positive(self, key: str, value: Any) -> float:
        if self._amount(key, value) == 0:
            raise self._error(key, "a number above 0")
        return float(value)

    def _amount(self, key: str, value: Any) -> float:
        if type(value) not in (int, float) or not 0 <= value < 1e9:
            raise self._error(key, "a number, 0 or above")
        return float(value)

    def _refuse_unknown(self, where: str, table: dict[str, Any], known: Any) -> None:
        for key in table:
            if key not in known:
                named = f"{where}.{key}" if where else key
                raise ClassError(
                    f"{self._file}: {named} is not a setting. Choose from: {', '.join(known)}."
                )

    def _error(self, key: str, wanted: str) -> ClassError:
        return ClassError(f"{self._file}: {key} has to be {wanted}.")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_chapter(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 99
