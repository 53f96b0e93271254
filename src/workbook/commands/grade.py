"""`workbook grade`: a class's submissions in, a gradebook and pages out."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from classroom.class_run import ClassRun, Finished, Options
from classroom.errors import ClassError
from classroom.grading import Judge
from classroom.marks import MISSING, NOT_GRADED, REFUSED, Mark
from classroom.outputs.results_csv import notes_on
from classroom.points import written
from course import Chapter
from grader.report import FAILED, PASSED
from isolation import Level, best_level, judge, why_not
from isolation.job import BROKE
from workbook.checkout.project import find_chapter, short_path
from workbook.commands.grade_progress import Progress
from workbook.terminal.escape import escape
from workbook.terminal.screen import console
from workbook.terminal.screen import mark as sign

_COULD = (
    "a student's program runs as you: it could read our solutions and the other submissions, "
    "change its own result and those of others, and delete your files"
)


_NO_DISTRIBUTED = (
    "--cluster needs Dask, which is not installed. In the workbook's folder: "
    ".venv/bin/python -m pip install -c requirements.txt -e '.[cluster]'"
)
_NO_TLS = (
    "tcp:// is not encrypted: anyone on the way can read what your students wrote, and anyone who "
    "reaches the scheduler can run programs on its workers. Use tls://."
)


@dataclass(frozen=True)
class GradeOptions:
    """The options of the command, as they were typed."""

    submissions: tuple[Path, ...]
    chapters: tuple[str, ...] = ()
    class_file: Path | None = None
    output: Path | None = None
    jobs: int | None = None
    only: tuple[str, ...] = ()
    regrade: bool = False
    anonymous: bool = False
    self_test: bool = False
    minimum_isolation: str | None = None
    unsafe: bool = False
    into: Path | None = None
    column: str | None = None
    formats: tuple[str, ...] = ()
    cluster: str | None = None
    cluster_ca: Path | None = None
    cluster_cert: Path | None = None
    cluster_key: Path | None = None


def grade_class(project: Path, options: GradeOptions) -> int:
    """Grade a class. Returns the exit status: 0 when everything was graded, else 1 or 130.

    Raises click.ClickException, with one message, when nothing can be graded.
    """
    screen = console()
    screen.width = max(screen.width, 80)
    output = Path()
    try:
        level = chosen_level(options)
        with _judges(options, level) as judges:
            given = _options(project, options, level, judges.jobs)
            output = given.output
            if options.self_test:
                return _self_test(given, judges.how, screen)
            run = ClassRun(given, judges.how)
            with Progress(screen) as progress:
                finished = run.grade(progress)
    except ClassError as error:
        raise click.ClickException(escape(str(error))) from None
    except OSError as error:
        where = error.filename or output
        message = f"{where}: {error.strerror or error}. What was graded is kept."
        raise click.ClickException(escape(message)) from None
    except KeyboardInterrupt:
        click.echo("Stopped. What was graded is kept: the same command continues.", err=True)
        return 128 + signal.SIGINT
    _show(finished, screen)
    if finished.problem:
        raise click.ClickException(escape(finished.problem))
    return 0 if finished.is_complete else 1


class _Judges(NamedTuple):
    how: Judge
    jobs: int


@contextlib.contextmanager
def _judges(options: GradeOptions, level: Level) -> Iterator[_Judges]:
    """Judge on this machine, or on those of a cluster."""
    if not options.cluster:
        yield _Judges(judge, options.jobs or os.cpu_count() or 1)
        return
    try:
        from classroom.cluster.client import Cluster
        from classroom.cluster.connection import Address
    except ModuleNotFoundError as error:
        if error.name and error.name.startswith(("classroom", "isolation")):
            raise
        raise ClassError(_NO_DISTRIBUTED) from None
    address = Address(
        options.cluster, options.cluster_ca, options.cluster_cert, options.cluster_key
    )
    if not address.is_private and not address.is_this_machine:
        click.echo(_NO_TLS, err=True)
    with Cluster(address, level) as cluster:
        yield _Judges(cluster.judge, options.jobs or cluster.jobs)


def _self_test(options: Options, how: Judge, screen: Console) -> int:
    """Try the grading itself. Returns the exit status, 0 when all went as it has to."""
    from classroom.self_test import self_test

    with Progress(screen) as progress:
        findings = self_test(options, progress, how)
    screen.print()
    for found in findings:
        verdict = FAILED if found.problem else PASSED
        points = f"{written(found.mark.points.points)} of {written(found.mark.points.most)} points"
        text = f" chapter {found.chapter.number}, {found.program}: {found.problem or points}"
        text += f" ({found.mark.seconds:.1f} s)"
        screen.print(Text.assemble(sign(verdict, screen), escape(text)), soft_wrap=True)
    is_fine = not any(found.problem for found in findings)
    screen.print()
    if not is_fine:
        screen.print("Something is wrong. Fix it before you grade: see above.")
        return 1
    level = min(Level(found.mark.level) for found in findings)  # a cluster's machines may differ
    screen.print(f"Grading works here, at the level {level.value!r}.")
    return 0


def chosen_level(options: GradeOptions) -> Level:
    """Return how programs are held. Raises `ClassError` when that is less than was asked for.

    With a cluster, it is what each of its machines has to offer at least.
    """
    least = Level(options.minimum_isolation) if options.minimum_isolation else None
    if options.cluster:
        return max(least or Level.PROCESS, Level.PROCESS if options.unsafe else Level.USER)
    best = best_level()
    if least and best < least:
        raise ClassError(
            f"This machine isolates programs at the level {best.value!r}, and --minimum-isolation "
            f"asks for {least.value!r}. {why_not(least)}"
        )
    if best == Level.PROCESS and not options.unsafe:
        raise ClassError(
            f"Nothing is graded: this machine has no sandbox, and without one {_COULD}. "
            f"{why_not(Level.SANDBOX)} For submissions that you trust, add --unsafe."
        )
    return best


def _options(project: Path, options: GradeOptions, level: Level, jobs: int) -> Options:
    first = options.submissions[0] if options.submissions else Path("class")
    beside = first.absolute().parent / "class.toml"
    class_file = options.class_file or (beside if beside.is_file() else None)
    output = options.output or first.absolute().with_name(f"{_stem(first)}-grades")
    return Options(
        root=project,
        submissions=options.submissions,
        chapters=tuple(find_chapter(project, each) for each in options.chapters),
        class_file=class_file,
        output=output,
        level=level,
        jobs=jobs,
        only=options.only,
        regrade=options.regrade,
        anonymous=options.anonymous,
        into=options.into,
        column=options.column,
        formats=options.formats,
    )


def _stem(place: Path) -> str:
    name = place.absolute().name
    return name.removesuffix(".zip")


def _show(finished: Finished, screen: Console) -> None:
    screen.print()
    screen.print(_table(finished.shown, screen))
    for line in finished.remarks:
        screen.print(Text(escape(line)), soft_wrap=True)
    if finished.changes:
        screen.print()
        screen.print(Text("What changed:", "bold"))
        for line in finished.changes:
            screen.print(Text(f"  {escape(line)}"), soft_wrap=True)
    screen.print()
    for what, file in finished.written.items():
        screen.print(Text.assemble(f"{what}: ", (short_path(file), "cyan")), soft_wrap=True)


def _table(marks: Sequence[Mark], screen: Console) -> Table:
    """Return a row for each student, and a column for each task."""
    chapters: dict[str, Chapter] = {mark.chapter.name: mark.chapter for mark in marks}
    tasks = list(dict.fromkeys(task.task for mark in marks for task in mark.points.tasks))
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", overflow="fold")
    for task in tasks:
        table.add_column(task, justify="center")
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("note", overflow="fold")
    by_student: dict[str, list[Mark]] = {}
    for mark in marks:
        by_student.setdefault(mark.student.id, []).append(mark)
    for listed in by_student.values():
        cells = {
            task.task: _sign(mark, task.verdict, screen)
            for mark in listed
            for task in mark.points.tasks
        }
        total = sum(mark.points.points for mark in listed)
        most = sum(mark.points.most for mark in listed)
        table.add_row(
            Text(_on_one_line(listed[0].student.shown)),
            *(cells.get(task, Text()) for task in tasks),
            Text(f"{written(total)} of {written(most)}"),
            Text(escape(" ".join(_notes(listed, len(chapters) > 1)))),
        )
    return table


def _on_one_line(name: str) -> str:
    return escape(name.replace("\n", "\\n").replace("\t", "\\t"))


def _sign(mark: Mark, verdict: str, screen: Console) -> Text:
    if mark.outcome in (MISSING, NOT_GRADED, REFUSED, BROKE):
        return sign("", screen)
    return sign(verdict if verdict in (PASSED, FAILED) else "", screen)


def _notes(marks: Sequence[Mark], several: bool) -> list[str]:
    found = []
    for mark in marks:
        notes = notes_on(mark)
        if mark.outcome in (MISSING, NOT_GRADED):
            notes = [f"{mark.outcome[:1].upper()}{mark.outcome[1:]}.", *notes]
        prefix = f"{mark.chapter.number}: " if several and notes else ""
        found += [prefix + " ".join(notes)] if notes else []
    return found
