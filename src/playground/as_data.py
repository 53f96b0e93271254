"""Events, notes and failures as JSON: the shapes are those of `playground/src/protocol.ts`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from playground.words import in_a_browser
from room.contract import Note
from room.diagram import diagram_of
from room.drawing import Drawing, Pause
from room.failure import Diagnostic
from room.failure.compare import Comparison
from room.failure.layout import Block, Paragraph, sections
from room.transcript import lines, shortened, shown_name, what
from simnet import Event

Json = dict[str, Any]


def events_as_data(events: Iterable[Event]) -> list[Json]:
    """Return each event with its bytes as Latin-1 and, in words, as the transcript has it."""
    return [
        {
            "time": event.time,
            "source": shown_name(event.source),
            "target": shown_name(event.target),
            "kind": event.kind,
            "data": event.data.decode("latin-1"),
            "words": shortened(event.data) if event.kind == "data" else what(event),
        }
        for event in events
    ]


def picture_as_data(drawing: Drawing, events: Sequence[Event]) -> Json:
    """Return the picture, with what each of its rows says, for a page that steps through them."""
    said = iter(lines(events))
    picture = diagram_of(drawing)
    return {
        "svg": picture.svg,
        "words": picture.text,
        "rows": [
            row.label if isinstance(row, Pause) else next(said, " ".join(row.label))
            for row in drawing.rows
        ],
    }


def notes_as_data(notes: Iterable[Note]) -> list[Json]:
    """Return each note."""
    return [note._asdict() for note in notes]


def failure_as_data(failure: Diagnostic) -> Json:
    """Return a failure in its reading order, without the command for a hint."""
    return {
        "sections": [
            [_block(block) for block in section] for section in sections(replace(failure, hint=""))
        ],
        "kind": failure.kind,
        "isUnwritten": failure.is_unwritten,
    }


def _block(block: Block) -> Json:
    if isinstance(block, Paragraph):
        return {"type": "paragraph", "label": block.label, "text": in_a_browser(block.text)}
    if isinstance(block, Comparison):
        return {
            "type": "comparison",
            "titles": list(block.titles),
            "expected": block.expected,
            "received": block.received,
            "at": block.at,
            "difference": block.difference,
        }
    lines_here = [in_a_browser(line) for line in block.lines]
    return {"type": "lines", "title": block.title, "lines": lines_here}
