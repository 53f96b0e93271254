"""`workbook diagram`: draw a conversation as an SVG file.

A file that is not a drawing of ours is never overwritten. Ours begin with an id that is made from
their content.
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from course.files import write_atomically
from grader.drawing import drawing_of
from room.diagram import diagram_of
from workbook.checking.conversation import Conversation
from workbook.checkout.project import short_path

_OURS = re.compile(rb'<svg xmlns="http://www\.w3\.org/2000/svg" id="room-[0-9a-f]+"')


def draw(conversation: Conversation, file: Path | None = None) -> Path:
    """Write the drawing, by default to work/diagrams/, and return its path.

    Raises click.ClickException when it cannot be written, or when the path is another file's.
    """
    file = file or default_path(conversation)
    result = conversation.result
    picture = diagram_of(drawing_of(result))
    try:
        if file.exists() and not _OURS.match(file.read_bytes()[:200]):
            raise click.ClickException(
                f"{short_path(file)} already exists and is not one of our drawings, so it was left "
                "alone. Choose another name: --output NAME.svg"
            )
        write_atomically(file, picture.svg.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise click.ClickException(
            f"{short_path(file)} cannot be written: {error.strerror}."
        ) from error
    return file


def default_path(conversation: Conversation) -> Path:
    """Return a path such as `work/diagrams/ch03-who_has_answered_has_joined-seed7.svg`."""
    chapter, file, result = conversation.chapter, conversation.file, conversation.result
    test = re.sub(r"\W+", "_", result.test)
    tls = "-tls" if result.world == "tls" else ""
    whose = "" if file == chapter.work else f"-{file.parent.name}"
    folder = chapter.root / "work" / "diagrams"
    return folder / f"{chapter.name[:4]}-{test}-seed{result.seed}{tls}{whose}.svg"
