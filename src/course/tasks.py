"""What a chapter's tasks.toml contains: the title, the minutes, the tasks, hints and changes.

The file is checked completely while it is read, so the rest of the code can trust it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course.chapter import Chapter
from course.errors import SourceError


@dataclass(frozen=True)
class Mistake:
    """A common mistake. The failure that it causes contains each text of `says`."""

    says: tuple[str, ...]
    hint: str


@dataclass(frozen=True)
class Task:
    """One task. `id` is such as "3.1". Hints go from a nudge to nearly the answer."""

    id: str
    title: str
    minutes: int
    points: int
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class Change:
    """A change after which a solution that was right before can fail.

    `version` is the chapter's version that began with it. `since` is in each starter since then and
    in none before; it is "" if the starters show no difference. `says` is what changed.
    """

    version: int
    says: str
    since: str = ""


@dataclass(frozen=True)
class About:
    """A chapter's title, the minutes it takes, what it assumes, and its tasks in order."""

    title: str
    minutes: int
    assumes: str
    tasks: tuple[Task, ...]
    changes: tuple[Change, ...] = ()

    @property
    def version(self) -> int:
        """The version of the chapter's tasks: 1, and one more with each change."""
        return 1 + len(self.changes)


def read_tasks(chapter: Chapter) -> About:
    """Read the chapter's tasks.toml.

    Raises `SourceError` for anything that is missing, empty or has the wrong type, and `OSError` if
    the file cannot be read.
    """
    text = chapter.tasks.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(
            chapter.tasks, _line_of_decode_error(error), f"not TOML: {error}"
        ) from None
    fields = _Fields(chapter, text)
    tables = fields.get(data, "task", list, "")
    tasks = tuple(
        _read_task(fields, f"{chapter.number}.{place}", table)
        for place, table in enumerate(tables, start=1)
    )
    return About(
        title=fields.get(data, "title", str, ""),
        minutes=fields.get(data, "minutes", int, ""),
        assumes=fields.get(data, "assumes", str, ""),
        tasks=tasks,
        changes=tuple(_read_changes(fields, data.get("change", []))),
    )


def _read_changes(fields: _Fields, tables: Any) -> Iterator[Change]:
    listed = tables if isinstance(tables, list) else [tables]
    for version, table in enumerate(listed, start=2):
        is_whole = isinstance(table, dict) and {"version", "says"} <= table.keys()
        if not is_whole or not table.keys() <= {"version", "says", "since"}:
            raise fields.error("a [[change]] has version, says and maybe since", "")
        if table["version"] != version:
            problem = f"a [[change]] has version {table['version']!r} where {version} comes next"
            raise fields.error(problem, "")
        texts = [table["says"], table.get("since", "-")]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise fields.error("says and since of a [[change]] are texts", "")
        yield Change(version, table["says"].strip(), table.get("since", ""))


def _read_task(fields: _Fields, expected_id: str, table: Any) -> Task:
    if not isinstance(table, dict):
        raise fields.error("a task is a table: write [[task]]", "")
    found_id = table.get("id")
    if found_id != expected_id:
        problem = f"this task's id is {found_id!r}, but its place calls for {expected_id!r}"
        raise fields.error(problem, str(found_id))
    hints = fields.get(table, "hints", list, expected_id)
    if not all(isinstance(hint, str) and hint.strip() for hint in hints):
        raise fields.error(f"task {expected_id} has a hint that is not text", expected_id)
    return Task(
        id=expected_id,
        title=fields.get(table, "title", str, expected_id),
        points=fields.get(table, "points", int, expected_id),
        minutes=fields.get(table, "minutes", int, expected_id),
        hints=tuple(hint.strip() for hint in hints),
        mistakes=_read_mistakes(fields, expected_id, table.get("mistake", [])),
    )


def _read_mistakes(fields: _Fields, task_id: str, tables: Any) -> tuple[Mistake, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise fields.error(f"a mistake of task {task_id} is a table: [[task.mistake]]", task_id)
    return tuple(_read_mistake(fields, task_id, table) for table in tables)


def _read_mistake(fields: _Fields, task_id: str, table: dict[str, Any]) -> Mistake:
    says, hint = table.get("says"), table.get("hint")
    words: list[Any] = says if isinstance(says, list) else [says]
    are_texts = all(isinstance(text, str) and text.strip() for text in [*words, hint])
    if not words or not are_texts or table.keys() != {"says", "hint"}:
        problem = "says = (words of the failure, or a list of them), hint = (some text)"
        raise fields.error(f"a mistake of task {task_id} has {problem}", task_id)
    return Mistake(tuple(words), str(hint).strip())


class _Fields:
    """Gets values from the parsed file, and names the line of a value that is missing."""

    def __init__(self, chapter: Chapter, text: str) -> None:
        self._file = chapter.tasks
        self._lines = text.splitlines()

    def get(self, table: dict[str, Any], key: str, kind: type, task_id: str) -> Any:
        value = table.get(key)
        if type(value) is kind and value:
            return value
        owner = f"task {task_id}" if task_id else "the chapter"
        needs = {"hints": "at least one hint", "task": "at least one [[task]]"}
        what = needs.get(key, f"{key} = ({'some text' if kind is str else 'a number above zero'})")
        raise self.error(f"{owner} needs {what}", task_id)

    def error(self, problem: str, task_id: str) -> SourceError:
        with_id = re.compile(rf'id\s*=\s*"{re.escape(task_id)}"') if task_id else re.compile("")
        line = next(
            (number for number, text in enumerate(self._lines, 1) if with_id.match(text)), 1
        )
        return SourceError(self._file, line, problem)


def _line_of_decode_error(error: tomllib.TOMLDecodeError) -> int:
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else 1
