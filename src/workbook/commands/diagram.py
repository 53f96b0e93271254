"""`workbook diagram`: a conversation as an SVG file.

A file that we did not draw is never overwritten. Ours are known by how they begin: the id of a
drawing is made from what is in it.
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from course.files import write_atomically
from grader.report import headline
from room.diagram import diagram
from workbook.checking.conversation import Conversation
from workbook.checkout.project import shown

_OURS = re.compile(rb'<svg xmlns="http://www\.w3\.org/2000/svg" id="room-[0-9a-f]+"')


def draw(what: Conversation, file: Path | None = None) -> Path:
    """Write the drawing, by default to work/diagrams/, and return where it is.

    Raises click.ClickException when it cannot be written, or another file is there.
    """
    file = file or default_place(what)
    drawn = diagram(what.result.events, caption=f"{headline(what.result)}.")
    try:
        if file.exists() and not _OURS.match(file.read_bytes()[:200]):
            raise click.ClickException(
                f"{shown(file)} is there already and is no drawing of ours, so it stays as it is. "
                "Choose another name: --output NAME.svg"
            )
        write_atomically(file, drawn.svg.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise click.ClickException(f"{shown(file)} cannot be written: {error.strerror}.") from error
    return file


def default_place(what: Conversation) -> Path:
    """`work/diagrams/ch03-who_has_answered_has_joined-seed7.svg`."""
    result = what.result
    test = re.sub(r"\W+", "_", result.test)
    tls = "-tls" if result.world == "tls" else ""
    whose = "" if what.file == what.chapter.work else f"-{what.file.parent.name}"
    folder = what.chapter.root / "work" / "diagrams"
    return folder / f"{what.chapter.name[:4]}-{test}-seed{result.seed}{tls}{whose}.svg"
