"""`workbook check`: which file is graded, and what is made of the result."""

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
from workbook.checkout.project import find_chapter, how_to_type_workbook, shown

if TYPE_CHECKING:  # pytest is slow to import: a refusal should not wait for it
    from workbook.checking.grade import Graded


class Refused(click.ClickException):
    """Nothing was graded, so it is not the learner's file that failed."""

    exit_code = 2


class Wanted(NamedTuple):
    """What is said beside the file: which part of the check, and in which form it is told."""

    world: str | None = None
    seed: int | None = None
    junitxml: Path | None = None
    as_json: bool = False
    every: bool = False


def check(project: Path, said: str | None, path: str | None, wanted: Wanted) -> int:
    """Grade a file and print what was found. Returns the exit status: 0 if all of it passed.

    `said` is a chapter or a file with a chapter's name, `path` a file of any name. Raises
    `Refused`, with one message, when nothing can be graded.
    """
    try:
        chapter, file = chapter_and_file(project, said, path)
        if file == chapter.work and not file.exists() and not wanted.as_json:
            from workbook.commands.start import start_chapter

            start_chapter(chapter)
            click.echo()
        graded = graded_file(chapter, file, wanted)
        _tell(project, graded, wanted)
    except KeyboardInterrupt:
        click.echo("\nStopped. Nothing is remembered of this check.", err=True)
        return 128 + signal.SIGINT
    except click.ClickException as refusal:
        if wanted.as_json:
            from workbook.checking.exercism import trouble_as_json

            click.echo(trouble_as_json(refusal.message))
        raise Refused(refusal.message) from refusal
    return 0 if graded.passed else 1


def chapter_and_file(
    project: Path, said: str | None, path: str | None = None
) -> tuple[Chapter, Path]:
    """Return what is meant by a chapter, or a file, or both; without either, what was saved last.

    The file need not be there. Raises click.ClickException when nothing can be meant.
    """
    if said is None:
        from workbook.checkout.next_step import chapter_in_work

        chapter = chapter_in_work(project)
        return chapter, chapter.work
    if path is not None:
        return find_chapter(project, said), _absolute(path)
    if not said.endswith(".py") and os.sep not in said:
        chapter = find_chapter(project, said)
        return chapter, chapter.work
    file = _absolute(said)
    for chapter in all_chapters(project):
        if chapter.name in (file.stem, file.parent.name):  # a starter is in its chapter's folder
            return chapter, file
    raise click.ClickException(
        f"{said} has no chapter's name, so nothing says which tests grade it. Say the chapter "
        f"first, such as: {how_to_type_workbook()} check 1 {said}"
    )


def graded_file(chapter: Chapter, file: Path, wanted: Wanted) -> Graded:
    """Return what grading a file finds. A terminal shows that something is going on meanwhile.

    Raises click.ClickException when nothing could be graded, and KeyboardInterrupt after Ctrl-C.
    """
    with _waiting(f"Checking {shown(file)} ..."), _ended_like_ctrl_c():
        if wanted.world != "child":  # without a certificate, no test over TLS could say a thing
            from grader.certificate import development_certificate

            development_certificate()
        from workbook.checking.grade import grade

        graded = grade(
            chapter, file, world=wanted.world, seed=wanted.seed, junitxml=wanted.junitxml
        )
    if graded.trouble:
        raise click.ClickException(graded.trouble)
    return graded


def _tell(project: Path, graded: Graded, wanted: Wanted) -> None:
    from workbook.checkout.next_step import next_step
    from workbook.checkout.progress import load

    progress = load(project)
    if graded.is_whole:
        progress.record_check(graded.chapter, graded.results)
    if wanted.as_json:
        from workbook.checking.exercism import as_json

        click.echo(as_json(graded))
        return
    from workbook.checking.report import found, ways_on
    from workbook.terminal.screen import console

    screen = console()
    lines = found(graded, screen, wanted.every)
    for line in [*lines, *ways_on(graded, screen, next_step(project, progress))]:
        screen.print(line, soft_wrap=True)


@contextlib.contextmanager
def _waiting(text: str) -> Iterator[None]:
    """Show, on a terminal, that something is going on."""
    if not sys.stdout.isatty():
        yield
        return
    from workbook.terminal.screen import console

    with console(sys.stdout).status(text):  # this stdout: grading redirects what is called so
        yield


@contextlib.contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Let a closed terminal and a polite kill end the children too."""
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
