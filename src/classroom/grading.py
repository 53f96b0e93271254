"""Grades what has not been graded yet, one judge for each free worker, and writes down each result.

A file's content is judged once, however many students handed it in. A judge that broke (that is
ours, not the student's) is tried again in the next run. Everything else counts until the file, the
tests or the version change.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from classroom.errors import ClassError
from classroom.settings import Settings
from classroom.store import Line, Store
from classroom.trimmed import as_data
from classroom.versions import WORLDS, Versions, hidden_tests, versions_of
from course import Chapter
from isolation import Job, Judgement, Level, judge
from isolation.job import BROKE

DEADLINE = 120.0  # seconds for one file

Judge = Callable[[Job, Level], Judgement]


@dataclass(frozen=True)
class Task:
    """One file that is to be judged."""

    chapter: Chapter
    digest: str
    versions: Versions
    job: Job

    @property
    def key(self) -> str:
        """The name that its judgement will have in the store."""
        return self.versions.key(self.digest)


def to_grade(
    wanted: Iterable[tuple[str, str]],
    chapters: Sequence[Chapter],
    settings: Settings,
    store: Store,
    level: Level,
) -> list[Task]:
    """Return a task for each (chapter, digest) without a judgement that counts.

    A judgement at a lower level than the one asked for does not count.
    """
    named = {chapter.name: chapter for chapter in chapters}
    versions = {name: versions_of(chapter, settings) for name, chapter in named.items()}
    tasks: dict[str, Task] = {}
    for name, digest in wanted:
        task = Task(
            chapter=named[name],
            digest=digest,
            versions=versions[name],
            job=job_for(named[name], settings, store.source(digest, name), DEADLINE),
        )
        if not counts(store.judgement(task.key), level):
            tasks[task.key] = task
    return [*tasks.values()]


def job_for(chapter: Chapter, settings: Settings, file: Path, deadline: float) -> Job:
    """Return what a judge is told: the file, how the teacher grades, and the limit in seconds."""
    return Job(
        root=chapter.root,
        chapter=chapter.name,
        file=file,
        worlds=WORLDS,
        seeds=settings.seeds,
        first_seed=settings.first_seed,
        hidden_tests=hidden_tests(chapter, settings),
        deadline=deadline,
    )


def counts(line: Line | None, level: Level) -> bool:
    """Return whether a judgement is good enough not to be made again."""
    return line is not None and line.outcome != BROKE and Level(line.level) >= level


def grade_all(
    tasks: Sequence[Task],
    store: Store,
    level: Level,
    jobs: int,
    done: Callable[[Task, Judgement], None],
    how: Judge = judge,
) -> None:
    """Grade the tasks, `jobs` at a time, and call `done` after each, once it is on the disk.

    After Ctrl-C, what has begun is ended and written down; then KeyboardInterrupt is raised. The
    same goes for a `ClassError` of `how`: no judge can go on. Raises OSError when a result cannot
    be written.
    """
    running: dict[concurrent.futures.Future[Judgement], Task] = {}

    def write_down(future: concurrent.futures.Future[Judgement]) -> None:
        task, judgement = running.pop(future), future.result()
        store.append_judgement(_record(task, judgement))
        done(task, judgement)

    with concurrent.futures.ThreadPoolExecutor(jobs) as workers:
        waiting = iter(tasks)
        try:
            while True:
                for task in itertools.islice(waiting, jobs - len(running)):
                    running[workers.submit(_judged, how, task.job, level)] = task
                if not running:
                    return
                for future in _ended(running, concurrent.futures.FIRST_COMPLETED):
                    write_down(future)
        except (KeyboardInterrupt, ClassError):
            for future in _ended(running, concurrent.futures.ALL_COMPLETED):
                with contextlib.suppress(ClassError):
                    write_down(future)
            raise


def _ended(
    running: Iterable[concurrent.futures.Future[Judgement]], when: str
) -> set[concurrent.futures.Future[Judgement]]:
    return concurrent.futures.wait(running, return_when=when).done


def _judged(how: Judge, job: Job, level: Level) -> Judgement:
    try:
        return how(job, level)
    except ClassError:
        raise
    except Exception as error:  # one file that cannot be judged must not end the class
        trouble = f"The judge failed: {type(error).__name__}: {error}"
        return Judgement(level, (), BROKE, trouble[:500], 0.0)


def _record(task: Task, judgement: Judgement) -> dict[str, Any]:
    versions = task.versions
    return {
        "key": task.key,
        "chapter": task.chapter.name,
        "file": task.digest,
        "tests": versions.tests,
        "version": versions.version,
        "seeds": versions.seeds,
        "first_seed": versions.first_seed,
        "level": judgement.level.value,
        "outcome": judgement.outcome,
        "trouble": judgement.trouble,
        "seconds": round(judgement.seconds, 3),
        "when": datetime.now().astimezone().isoformat(timespec="seconds"),
        "results": as_data(judgement.results),
    }
