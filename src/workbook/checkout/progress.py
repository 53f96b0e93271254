"""Remembers a learner's progress in work/progress.json.

The file holds only marks. Without it, every chapter looks as if it had never been checked. It is
written as a whole, so a process that is killed leaves either the old marks or the new ones. It has
a version, and older_progress.py brings the marks of an older one along.

Two terminals may write at the same time, one with `watch` and one with `hint`. So each takes a lock
and reads the file again before it changes anything.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from course import Chapter
from course.files import locked, write_atomically
from course.passes import forget_passes, passed_in_notebooks
from grader.report import PASSED, WAITS, Result, easiest_first, verdicts
from room.failure.advice import KINDS
from workbook.checkout.older_progress import VERSION, upgrade
from workbook.checkout.project import short_path
from workbook.checkout.tasks import about, tasks
from workbook.terminal.wrap import wrap_text

ABOUT = (
    "The progress that the workbook command remembers: the result of each chapter's last check, "
    "and the hints you have seen. Your work is not in here. If you delete this file, only these "
    "marks are gone."
)
LOCK_TIMEOUT = 5.0  # seconds; a command keeps the lock for milliseconds


class Failure(NamedTuple):
    """The failure of a test of `task`: its report, and what to try if the server did not start."""

    task: str
    test: str
    text: str
    attempt: str = ""


class Progress:
    """The marks as they were when the file was read. A new mark is saved at once.

    When it cannot be saved, a warning appears once, and the marks last until the command ends.
    """

    def __init__(self, project: Path, marks: dict[str, Any] | None = None) -> None:
        self._file = _file(project)
        self._marks = marks or _nothing()
        self._has_warned = False

    def verdicts(self, chapter: Chapter) -> dict[str, str]:
        """Return each task's verdict at the last check: "passed", "failed" or "not written yet".

        A task that has passed in a notebook is passed.
        """
        in_notebooks = passed_in_notebooks(chapter.root)
        mine = {task.id: PASSED for task in tasks(chapter) if task.id in in_notebooks}
        return {**self._of(chapter).get("tasks", {}), **mine}

    def has_passed(self, chapter: Chapter) -> bool:
        """Whether all tasks passed at the last check. A chapter without tasks cannot pass."""
        verdicts, its_tasks = self.verdicts(chapter), tasks(chapter)
        return bool(its_tasks) and all(verdicts.get(task.id) == PASSED for task in its_tasks)

    def has_ever_passed(self, chapter: Chapter) -> bool:
        """Whether all tasks passed at some check since the chapter was last reset."""
        return "first_passed" in self._of(chapter) or self.has_passed(chapter)

    def version_checked(self, chapter: Chapter) -> int | None:
        """Return the version of the tasks at the last check; None if there was no check."""
        found = self._of(chapter)
        return int(found.get("version", 1)) if found else None

    def failure_of(self, chapter: Chapter, task: str) -> Failure | None:
        """Return a task's first failure at the last check, or None when the task passed."""
        found = self._of(chapter).get("failures", {}).get(task)
        if not found:
            return None
        return Failure(task, found["test"], "\n".join(found["text"]), found.get("attempt", ""))

    def last_failure(self, chapter: Chapter) -> Failure | None:
        """Return the failure that the last check showed in full, or None when all tasks passed."""
        first = next(iter(self._of(chapter).get("failures", {})), None)
        return self.failure_of(chapter, first) if first else None

    def hints_seen(self, task: str) -> int:
        """Return how many of a task's hints were shown. They are shown in order."""
        return int(self._marks["hints"].get(task, 0))

    def fitting_hints_seen(self, task: str) -> list[str]:
        """Return the hints for known mistakes that were shown for this task since its check."""
        return list(self._marks["fitting_hints"].get(task, []))

    def record_check(self, chapter: Chapter, results: Sequence[Result]) -> None:
        """Save the results of a whole check of work/: every test, in every world."""
        now = datetime.now().isoformat(timespec="seconds")
        found = verdicts(results)
        failures: dict[str, dict[str, object]] = {}
        # As the check shows them: a task that only waits for another one comes last.
        for result in sorted(
            results, key=lambda each: (each.verdict == WAITS, easiest_first(each))
        ):
            if result.verdict != PASSED:
                failures.setdefault(result.task, _mark_of(result))

        def change(marks: dict[str, Any]) -> None:
            before = marks["chapters"].get(chapter.name, {})
            first = {key: before[key] for key in ["first_passed"] if key in before}
            if found and not failures:
                first = first or {"first_passed": now}
            version = {"version": about(chapter).version}
            after = {"checked": now, **first, **version, "tasks": found, "failures": failures}
            marks["chapters"][chapter.name] = after
            for task in found:  # whatever goes wrong now, its hint comes first again
                marks["fitting_hints"].pop(task, None)

        self._save(change)

    def record_hint(self, task: str, number: int) -> None:
        """Save that the hints up to this one were shown."""

        def change(marks: dict[str, Any]) -> None:
            marks["hints"][task] = max(number, marks["hints"].get(task, 0))

        self._save(change)

    def record_fitting_hint(self, task: str, hint: str) -> None:
        """Save that this hint for a known mistake was shown."""

        def change(marks: dict[str, Any]) -> None:
            seen = marks["fitting_hints"].setdefault(task, [])
            seen.extend([hint] if hint not in seen else [])

        self._save(change)

    def forget(self, chapter: Chapter) -> None:
        """Delete a chapter's marks, so it is as before its first check."""

        def change(marks: dict[str, Any]) -> None:
            marks["chapters"].pop(chapter.name, None)
            for task in tasks(chapter):
                marks["hints"].pop(task.id, None)
                marks["fitting_hints"].pop(task.id, None)

        self._save(change)
        with contextlib.suppress(OSError):
            forget_passes(chapter.root, [task.id for task in tasks(chapter)])

    def keep(self) -> None:
        """Save the marks as they are, in the current version."""
        self._save(lambda marks: None)

    def _of(self, chapter: Chapter) -> dict[str, Any]:
        return dict(self._marks["chapters"].get(chapter.name, {}))

    def _save(self, change: Callable[[dict[str, Any]], None]) -> None:
        try:
            self._file.parent.mkdir(exist_ok=True)
            with locked(self._file, LOCK_TIMEOUT):
                marks, _ = upgrade(_read(self._file))
                change(marks)
                _write(self._file, marks)
            self._marks = marks
        except OSError as error:
            change(self._marks)
            if not self._has_warned:
                _warn(f"{short_path(self._file)} cannot be written: {error.strerror}. {_GOES_ON}")
            self._has_warned = True


def load(project: Path) -> Progress:
    """Return the progress saved in this checkout: none, when the file is missing or damaged."""
    file = _file(project)
    try:
        marks, changed = upgrade(_read(file))
        progress = Progress(project, marks)
        if changed:
            progress.keep()
            click.echo(wrap_text(changed, sys.stderr), err=True)
        return progress
    except OSError as error:
        _warn(f"{short_path(file)} cannot be read: {error.strerror}. {_GOES_ON}")
        return Progress(project)


_GOES_ON = "What you pass cannot be remembered now, but your work is safe."


# What reading a file can raise that is not JSON, or is JSON of another shape.
_DAMAGED = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


def _file(project: Path) -> Path:
    return project / "work" / "progress.json"


def _nothing() -> dict[str, Any]:
    return {"about": ABOUT, "version": VERSION, "chapters": {}, "hints": {}, "fitting_hints": {}}


def _read(file: Path) -> dict[str, Any]:
    """Return the marks. Renames a damaged file. Raises OSError when the file cannot be read."""
    try:
        return _sound(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return _nothing()
    except _DAMAGED:
        aside = _unused(file.with_name(f"{file.name}.damaged"))
        with contextlib.suppress(FileNotFoundError):  # another terminal renamed it first
            file.replace(aside)
        _warn(
            f"{short_path(file)} was damaged. It was renamed to {short_path(aside)}. "
            "Your work is safe, but the record of what you passed is lost. Checking a chapter "
            "brings back its part."
        )
        return _nothing()


def _unused(file: Path) -> Path:
    numbered = (file.with_name(f"{file.name}-{number}") for number in itertools.count(2))
    return next(each for each in itertools.chain([file], numbered) if not each.exists())


def _sound(marks: Any) -> dict[str, Any]:
    """Return the marks with all values of the expected types.

    Raises one of `_DAMAGED`, and OSError for the marks of a newer workbook.
    """
    version = int(marks.get("version", 1))
    if version > VERSION:
        raise OSError(errno.ENOTSUP, "it is from a newer workbook. To update this one: git pull")
    return {
        "about": ABOUT,
        "version": version,
        "chapters": {name: _sound_chapter(of) for name, of in marks["chapters"].items()},
        "hints": {task: int(number) for task, number in marks["hints"].items()},
        "fitting_hints": {task: [*map(str, seen)] for task, seen in marks["fitting_hints"].items()},
    }


def _sound_chapter(of_chapter: Any) -> dict[str, Any]:
    return {
        **{key: str(of_chapter[key]) for key in ("checked", "first_passed") if key in of_chapter},
        **{key: int(of_chapter[key]) for key in ("version",) if key in of_chapter},
        "tasks": {task: str(verdict) for task, verdict in of_chapter["tasks"].items()},
        "failures": {
            task: _sound_failure(failure) for task, failure in of_chapter["failures"].items()
        },
    }


def _sound_failure(failure: Any) -> dict[str, Any]:
    kind = KINDS.get(failure.get("kind"))  # an older workbook kept this, and not what to try
    attempt = kind.attempt if kind and kind.before_anybody else failure.get("attempt", "")
    return {
        "test": str(failure["test"]),
        "text": [*map(str, failure["text"])],
        **({"attempt": str(attempt)} if attempt else {}),
    }


def _mark_of(result: Result) -> dict[str, object]:
    """Return what `hint` has to know about a test that has not passed."""
    why = result.diagnostic
    attempt = (why.remedy or why.attempt) if why and result.before_anybody else ""
    return {
        "test": result.test,
        "text": result.text.splitlines(),
        **({"attempt": attempt} if attempt else {}),
    }


def _write(file: Path, marks: dict[str, Any]) -> None:
    text = json.dumps(marks, indent=2, ensure_ascii=False) + "\n"
    # A lone surrogate has no bytes. It becomes an escape, as JSON itself would write it.
    write_atomically(file, text.encode("utf-8", "backslashreplace"))


def _warn(line: str) -> None:
    click.echo(wrap_text(f"Warning: {line}", sys.stderr), err=True)
