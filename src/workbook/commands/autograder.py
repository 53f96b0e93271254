"""`workbook grade --gradescope` and `--classroom50`: write the zip that a service grades with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from classroom.errors import ClassError
from classroom.settings import read_settings
from classroom.versions import hidden_tests
from course.files import write_atomically
from services.bundle import CLASSROOM50, bundle_for
from workbook.checkout.project import find_chapter, short_path
from workbook.terminal.escape import escape
from workbook.terminal.wrap import say

_WHAT_NEXT = {
    "gradescope": "Upload it to a programming assignment, under Configure Autograder, with the "
    "newest base image.",
    "classroom50": "Unpack it into CLASSROOM/autograders/ASSIGNMENT/ of your classroom50 "
    'repository, and give the assignment the runtime {"apt": ["bubblewrap"]}.',
}

_PUBLIC = (
    "Your hidden tests are in it, and Classroom 50 serves it at a public address. To leave them "
    "out, name a class.toml without hidden_tests."
)


def write_autograders(
    project: Path, outs: Mapping[str, Path | None], chapters: Sequence[str], class_file: Path | None
) -> None:
    """Write the zip of each service that has a path in `outs`.

    Raises click.ClickException when there is not one chapter, or a file cannot be read or written.
    """
    if len(chapters) != 1:
        raise click.UsageError("An autograder grades one chapter. Say which: --chapter 6")
    chapter = find_chapter(project, chapters[0])
    for service, out in outs.items():
        if out is None:
            continue
        try:
            write_atomically(out, bundle_for(service, chapter, class_file))
        except ClassError as error:
            raise click.ClickException(escape(str(error))) from None
        except OSError as error:
            problem = f"{short_path(out)} cannot be written: {error.strerror}."
            raise click.ClickException(problem) from error
        say(f"{short_path(out)} grades chapter {chapter.number}. {_WHAT_NEXT[service]}")
        if service == CLASSROOM50 and hidden_tests(chapter, read_settings(class_file)):
            say(_PUBLIC)
