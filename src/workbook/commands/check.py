"""`workbook check`: choose the file, grade it, and print the result."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from course import Chapter, all_chapters
from workbook.checkout.project import Mistyped, find_chapter, short_path, workbook_command

if TYPE_CHECKING:  # pytest is slow to import, and an error message should not wait for it
    from workbook.checking.grade import Graded


class Refused(click.ClickException):
    """Nothing was graded. The exit status tells this apart from a file that failed."""

    exit_code = 2


class CheckOptions(NamedTuple):
    """Options of a check: what to run, and how to report it."""

    world: str | None = None
    seed: int | None = None
    junitxml: Path | None = None
    as_json: bool = False
    all_failures: bool = False  # in full, not only the first


def check(project: Path, target: str | None, path: str | None, options: CheckOptions) -> int:
    """Grade a file and print the result. Returns the exit status, 0 when everything passed.

    `target` and `path` are as in `chapter_and_file`. Raises `Refused`, with one message, when
    nothing can be graded.
    """
    try:
        chapter, file = chapter_and_file(project, target, path)
        if file == chapter.work and not file.exists() and not options.as_json:
            from workbook.commands.start import start_chapter

            start_chapter(chapter)
            click.echo()
        graded = graded_file(chapter, file, options)
        _report(project, graded, options)
    except KeyboardInterrupt:
        click.echo("\nStopped. The results of this check were not saved.", err=True)
        return 128 + signal.SIGINT
    except click.ClickException as refusal:
        if options.as_json:
            from workbook.checking.exercism import trouble_as_json

            click.echo(trouble_as_json(refusal.message))
        raise Refused(refusal.message) from refusal
    return 0 if graded.passed else 1


def chapter_and_file(
    project: Path, target: str | None, path: str | None = None
) -> tuple[Chapter, Path]:
    """Return the chapter and the file that the arguments of a command name.

    `target` is a chapter, or a file whose name is a chapter's. `path` is a file of any name. With
    neither, return the chapter saved last. The file may not exist. Raises click.ClickException
    when no chapter fits.
    """
    if target is None:
        from workbook.checkout.next_step import chapter_in_work

        chapter = chapter_in_work(project)
        return chapter, chapter.work
    if path is not None:
        return find_chapter(project, target), _absolute(path)
    if not target.endswith(".py") and os.sep not in target:
        chapter = find_chapter(project, target)
        return chapter, chapter.work
    file = _absolute(target)
    for chapter in all_chapters(project):
        if chapter.name in (file.stem, file.parent.name):  # a starter is in its chapter's folder
            return chapter, file
    raise Mistyped(
        f"{target} does not have the name of a chapter, so the tests for it are unknown. Name the "
        f"chapter first, such as: {workbook_command()} check 1 {target}"
    )


def graded_file(chapter: Chapter, file: Path, options: CheckOptions) -> Graded:
    """Grade a file. In a terminal, show a spinner until it is done.

    Raises click.ClickException when nothing could be graded, and KeyboardInterrupt after Ctrl-C.
    """
    with _spinner(f"Checking {short_path(file)} ..."), _kill_is_ctrl_c():
        if options.world != "child":  # without a certificate, every test over TLS would fail
            from grader.certificate import development_certificate

            development_certificate()
        from workbook.checking.grade import grade

        graded = grade(
            chapter, file, world=options.world, seed=options.seed, junitxml=options.junitxml
        )
    if graded.trouble:
        raise click.ClickException(graded.trouble)
    return graded


def _report(project: Path, graded: Graded, options: CheckOptions) -> None:
    from workbook.checkout.changes import what_changed
    from workbook.checkout.next_step import next_step
    from workbook.checkout.progress import load

    progress = load(project)
    changed = what_changed(graded.chapter, progress) if graded.is_of_work else ""
    if graded.is_whole:
        progress.record_check(graded.chapter, graded.results)
    if options.as_json:
        from workbook.checking.exercism import as_json

        click.echo(as_json(graded))
        return
    from workbook.checking.report import report_lines, suggestions
    from workbook.terminal.screen import console

    screen = console()
    lines = report_lines(graded, screen, options.all_failures, changed)
    for line in [*lines, *suggestions(graded, screen, next_step(project, progress))]:
        screen.print(line, soft_wrap=True)


@contextlib.contextmanager
def _spinner(text: str) -> Iterator[None]:
    """Show a spinner with this text, in a terminal only."""
    if not sys.stdout.isatty():
        yield
        return
    from workbook.terminal.screen import console

    with console(sys.stdout).status(text):  # this stdout, because grading redirects sys.stdout
        yield


@contextlib.contextmanager
def _kill_is_ctrl_c() -> Iterator[None]:
    """Let a closed terminal and SIGTERM end the children too, as Ctrl-C does."""
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)}
    for each in before:
        signal.signal(each, signal.default_int_handler)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(path))
