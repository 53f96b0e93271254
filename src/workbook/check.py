"""`workbook check`: pytest on one chapter's tests, with the learner's file."""

from __future__ import annotations

import os

import click

from workbook.project import Chapter, shown
from workbook.start import start_chapter


def check_chapter(chapter: Chapter) -> int:
    """Grade work/CHAPTER.py, copied from the starter if it is not there; return the exit status.

    Raises click.ClickException when the chapter has no tests or no starter.
    """
    import pytest

    if not chapter.test.is_file():
        raise click.ClickException(
            f"Chapter {chapter.number} has no tests ({shown(chapter.test)}): nothing to check."
        )
    if not chapter.work.is_file():
        start_chapter(chapter)
    # No plugin that happens to be installed may change a grade, or cost the second that it takes.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return int(pytest.main([str(chapter.test), "--file", str(chapter.work)]))
