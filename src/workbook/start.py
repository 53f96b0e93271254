"""`workbook start`: the learner's own copy of a starter."""

from __future__ import annotations

import click

from workbook.project import Chapter, how_to_type_workbook, shown


def start_chapter(chapter: Chapter) -> None:
    """Copy the starter to work/ and say what comes next. Never overwrites.

    Raises click.ClickException when there is a copy already, no starter, or no place to write.
    """
    workbook = how_to_type_workbook()
    if chapter.work.exists():
        raise click.ClickException(
            f"{shown(chapter.work)} is there already, and stays as it is. "
            f"See how far it is: {workbook} check {chapter.number}"
        )
    try:
        starter = chapter.starter.read_bytes()
        chapter.work.parent.mkdir(exist_ok=True)
        with open(chapter.work, "xb") as copy:  # x: whatever comes between, never overwrite
            copy.write(starter)
    except FileNotFoundError as error:
        raise click.ClickException(
            f"Chapter {chapter.number} has no starter ({shown(chapter.starter)}). "
            f"Its server can be tried: {workbook} run {chapter.number} --solution"
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"{shown(chapter.work)} cannot be written: {error.strerror}."
        ) from error
    click.echo(
        f"{shown(chapter.work)} is yours now. Open it in your editor, then:\n"
        f"\n"
        f"  {workbook} run {chapter.number}      serves it\n"
        f"  {workbook} check {chapter.number}    says how far it is"
    )
