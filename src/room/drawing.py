"""A conversation as a drawing, before anyone draws it: lanes, rows and lifelines, as data.

The SVG (diagram.py), the terminal and the browser draw this same data, so they agree on what is
where. Nothing here depends on a font or a screen. Horizontal places are in letters of a monospaced
font, from the left edge; vertical places are numbers of rows, from 0 at the top. `Drawing.as_dict`
returns it all in lists and dicts that JSON can hold.

The server is the lane that all others connect to. It is in the middle, and the clients that have
the most arrows are next to it, so few arrows cross another lane. An arrow's words are between its
client and the neighboring lane, and that space is as wide as the client's widest words, if there
is room for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from room.transcript import columns, shortened, shown_name, transcript, what
from simnet import Event

LETTERS = 45  # of a drawing that fits a phone
NARROWEST = 16  # letters of a label that is still easy to read
NAME_LETTERS = 11  # of a name on one line
LONG = 0.5  # seconds without an event: from here on, the drawing shows that time passes
SHORTEST = 3  # letters that stay on a line of their own when a label is broken behind them
BESIDE_WORDS = 2  # letters that a space between lanes has more than its words

CONNECT = "connect"
SAYS = "says"
HALF_CLOSE = "half-close"
HANGS_UP = "hangs up"
RESET = "reset"
FAILED = "failed"
MISSING = "missing"
KINDS = {
    "connect": CONNECT,
    "data": SAYS,
    "eof": HALF_CLOSE,
    "close": HANGS_UP,
    "reset": RESET,
    "refused": FAILED,
}

OPEN, HALF_OPEN = "open", "half-open"


class Sent(NamedTuple):
    """What a client wrote at once. The server may read it in pieces, or with other writes."""

    client: str
    data: bytes


class Missing(NamedTuple):
    """What a client expected at the end, in words or as a literal, and did not receive."""

    client: str
    label: str


@dataclass(frozen=True)
class Lane:
    """One party, with a line that runs down from its name at `x`."""

    name: str  # printable
    lines: tuple[str, ...]  # the name, broken to fit
    x: int  # letters from the left edge
    width: int  # letters of the box around the name
    is_server: bool


@dataclass(frozen=True)
class Arrow:
    """Something that travels, or that should have: words, and an arrow under them.

    `kind` is "connect", "says", "half-close" (the source finished sending), "hangs up", "reset",
    "failed" (a connection that was refused) or "missing" (expected, and it never came).

    `writes` counts the writes that one read has bytes of, or is 0 if that is not known. If
    `continues`, the first of them began in an earlier read, so this arrow is one more piece of it.
    """

    time: float  # virtual seconds
    source: int  # of the lanes, from 0
    target: int
    kind: str
    label: tuple[str, ...]  # broken to fit
    middle: float  # letters from the left edge to the middle of the label
    crossed: tuple[int, ...] = ()  # lanes that it passes on its way
    writes: int = 0
    continues: bool = False
    note: tuple[str, ...] = ()  # says that a write was split, or that writes were joined
    type: str = "arrow"


@dataclass(frozen=True)
class Pause:
    """Time that passes with nothing to see."""

    seconds: float
    label: str
    type: str = "pause"


@dataclass(frozen=True)
class Life:
    """A part of a lane's line: from the row `first` to the row `last`, its connection is `state`.

    `first` is -1 if that was so from the start, and `last` is the number of rows if it is so at the
    end. Where a lane has no `Life`, it has no connection. `state` is "open", or "half-open" when
    one side has finished sending. `end` is the kind of the arrow that ends it, or "".
    """

    lane: int
    first: int
    last: int
    state: str
    end: str


@dataclass(frozen=True)
class Drawing:
    """Everything that is drawn. `words` says the same in text, for anyone who cannot see it."""

    title: str
    words: str
    caption: str
    width: int  # letters
    lanes: tuple[Lane, ...]
    rows: tuple[Arrow | Pause, ...]
    lives: tuple[Life, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the drawing in dicts, lists, numbers and texts. A row's "type" says what it is."""
        return asdict(self)


def draw(
    events: Iterable[Event],
    caption: str = "",
    *,
    sent: Iterable[Sent] = (),
    missing: Missing | None = None,
    letters: int = LETTERS,
) -> Drawing:
    """Lay out the events for a space of so many letters. With many lanes it becomes wider.

    With `sent`, what the clients wrote, it shows which reads are pieces of one write and which
    have several. `missing` is drawn last.
    """
    listed = list(events)
    if missing and not any(missing.client in (each.source, each.target) for each in listed):
        missing = None
    parties, server = _in_order(listed)
    reads = _reads(listed, sent, server)
    steps = [_Step.of(event, parties, reads.get(row)) for row, event in enumerate(listed)]
    if missing:
        steps.append(_Step.missing(missing, parties, server, listed[-1].time))
    heads = [tuple(broken(shown_name(party), NAME_LETTERS)) for party in parties]
    boxes = [max(7, 2 + max(map(columns, head))) for head in heads]
    places, gaps, width = _places(steps, boxes, letters)

    lanes = tuple(
        Lane(shown_name(party), head, x, box, party == server)
        for party, head, x, box in zip(parties, heads, places, boxes, strict=True)
    )
    rows = _with_pauses([step.arrow(places[step.gap], gaps[step.gap]) for step in steps])
    return Drawing(
        title=_title([lane.name for lane in lanes]),
        words=_words(listed, missing, caption),
        caption=caption,
        width=width,
        lanes=lanes,
        rows=tuple(rows),
        lives=tuple(_lives(rows, lanes)),
    )


def broken(line: str, letters: int) -> list[str]:
    r"""Break `line` into lines of at most `letters` columns, at a space if one is near.

    An escape such as \x00 stays in one piece, and so does `.encode()` at the end.
    """
    found: list[str] = []
    current = ""
    for piece in re.findall(r"\\(?:x..|u.{4}|U.{8}|.)|\.encode\(\)$|.", line):
        if columns((current + piece).rstrip(" ")) > letters:
            space = current.rfind(" ") + 1
            kept = space if space > SHORTEST else len(current)
            found.append(current[:kept].rstrip(" ") or current[:kept])
            current = current[kept:]
        current += piece
    return [*found, current] if current else found


def _balanced(line: str, letters: int) -> list[str]:
    """Break `line` into as few lines as `broken` does, and make them about equally long."""
    lines = broken(line, letters)
    narrower = (broken(line, width) for width in range(letters // 2, letters))
    return next((found for found in narrower if len(found) == len(lines)), lines)


class _Read(NamedTuple):
    """How a read relates to what was written."""

    writes: int
    continues: bool
    note: str


@dataclass(frozen=True)
class _Step:
    """An arrow that has no place yet. `gap` is the space that its words are in: right of a lane."""

    time: float
    source: int
    target: int
    kind: str
    label: str
    gap: int
    read: _Read

    @classmethod
    def of(cls, event: Event, parties: Mapping[str, int], read: _Read | None) -> _Step:
        source, target = parties[event.source], parties[event.target]
        kind = KINDS.get(event.kind, event.kind)
        label = shortened(event.data) if kind == SAYS else what(event)
        gap = _gap(source, target, parties)
        return cls(event.time, source, target, kind, label, gap, read or _Read(0, False, ""))

    @classmethod
    def missing(cls, lost: Missing, parties: Mapping[str, int], server: str, time: float) -> _Step:
        target = parties[lost.client]
        source = parties.get(server, target)
        gap = _gap(source, target, parties)
        return cls(time, source, target, MISSING, lost.label, gap, _Read(0, False, "never came"))

    def arrow(self, left: int, space: int) -> Arrow:
        """Return the arrow, with its words in a space of so many letters right of `left`."""
        low, high = sorted((self.source, self.target))
        letters = space - BESIDE_WORDS
        return Arrow(
            time=self.time,
            source=self.source,
            target=self.target,
            kind=self.kind,
            label=tuple(_balanced(self.label, letters)) or ("",),
            middle=left + space / 2,
            crossed=tuple(range(low + 1, high)),
            writes=self.read.writes,
            continues=self.read.continues,
            note=tuple(broken(self.read.note, letters)),
        )


def _gap(source: int, target: int, parties: Mapping[str, int]) -> int:
    """Return the lane on whose right the words of an arrow are: next to the outer of its ends."""
    low, high = sorted((source, target))
    if low == high:
        return low
    middle = (len(parties) - 1) / 2
    return low if abs(low - middle) >= abs(high - middle) else high - 1


def _in_order(events: Sequence[Event]) -> tuple[dict[str, int], str]:
    """Return each party's lane, and the server's name; "" if not all others connect to one."""
    parties = list(dict.fromkeys(party for e in events for party in (e.source, e.target)))
    callers = {event.source for event in events if event.kind == "connect"}
    called = {event.target for event in events if event.kind == "connect"} - callers
    if len(called) != 1:
        return {party: lane for lane, party in enumerate(parties)}, ""
    (server,) = called
    clients = [party for party in parties if party != server]
    arrows = {party: sum(party in event[1:3] for event in events) for party in clients}
    left = max(1, len(clients) // 2)
    ordered = [
        *sorted(clients[:left], key=lambda party: arrows[party]),
        server,
        *sorted(clients[left:], key=lambda party: -arrows[party]),
    ]
    return {party: lane for lane, party in enumerate(ordered)}, server


def _reads(events: Sequence[Event], sent: Iterable[Sent], server: str) -> dict[int, _Read]:
    """Return how each read of the server relates to what its client wrote, by the event's row."""
    written: dict[str, list[int]] = {}
    for client, data in sent:
        written.setdefault(client, []).append(len(data))
    found: dict[int, _Read] = {}
    for client, sizes in written.items():
        rows = [
            row
            for row, event in enumerate(events)
            if (event.source, event.target, event.kind) == (client, server, "data")
        ]
        writes = _spans(sizes)
        reads = _spans([len(events[row].data) for row in rows])
        if reads and (not writes or reads[-1].stop > writes[-1].stop):
            continue  # it read more than we know of
        for row, read in zip(rows, reads, strict=True):
            found[row] = _read(read, writes, reads)
    return found


def _read(read: range, writes: Sequence[range], reads: Sequence[range]) -> _Read:
    parts = _overlapping(read, writes)
    if not parts:
        return _Read(0, False, "")
    continues = parts[0].start < read.start
    pieces = _overlapping(parts[0], reads)
    if len(parts) > 1:
        return _Read(len(parts), continues, f"{len(parts)} writes, 1 read")
    if len(pieces) > 1:
        return _Read(1, continues, f"piece {pieces.index(read) + 1} of {len(pieces)}")
    return _Read(1, continues, "")


def _spans(sizes: Iterable[int]) -> list[range]:
    """Return the places in a stream of pieces that are so long."""
    ends = [*accumulate((size for size in sizes if size), initial=0)]
    return [range(start, end) for start, end in pairwise(ends)]


def _overlapping(span: range, others: Iterable[range]) -> list[range]:
    return [other for other in others if other.start < span.stop and span.start < other.stop]


def _places(
    steps: Sequence[_Step],
    boxes: Sequence[int],
    letters: int,
) -> tuple[list[int], list[int], int]:
    """Return each lane's place, the space on its right, and the width of the drawing."""
    if not boxes:
        return [], [], letters
    wanted = [0] * len(boxes)
    for step in steps:
        words = max(columns(step.label), columns(step.read.note))
        wanted[step.gap] = max(wanted[step.gap], words + BESIDE_WORDS)
    least = [(one + other) // 2 + 2 for one, other in zip(boxes, [*boxes[1:], 0], strict=True)]
    if not wanted[-1]:
        least[-1] = 0
    left, right = boxes[0] // 2 + 1, boxes[-1] // 2 + 1
    fit = next(
        fit
        for fit in range(max(NARROWEST, letters), NARROWEST - 1, -1)
        if fit == NARROWEST or left + right + sum(_gaps(wanted, least, fit)) <= letters
    )
    gaps = _gaps(wanted, least, fit)
    places = [left + sum(gaps[:lane]) for lane in range(len(boxes))]
    return places, gaps, places[-1] + max(right, gaps[-1]) + 1


def _gaps(wanted: Sequence[int], least: Sequence[int], fit: int) -> list[int]:
    return [
        max(low, min(words, fit + BESIDE_WORDS)) for words, low in zip(wanted, least, strict=True)
    ]


def _with_pauses(arrows: Sequence[Arrow]) -> list[Arrow | Pause]:
    rows: list[Arrow | Pause] = []
    before = arrows[0].time if arrows else 0.0
    for arrow in arrows:
        if arrow.time - before >= LONG:
            rows.append(Pause(round(arrow.time - before, 6), _later(arrow.time - before)))
        before = arrow.time
        rows.append(arrow)
    return rows


def _later(seconds: float) -> str:
    """Return the time in the largest unit that keeps it exact enough: "10 seconds later"."""
    for size, unit in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            number = f"{seconds / size:.1f}".removesuffix(".0")
            return f"{number} {unit}{'' if number == '1' else 's'} later"
    return f"{seconds:.1f} seconds later"


def _lives(rows: Sequence[Arrow | Pause], lanes: Sequence[Lane]) -> list[Life]:
    """Return the parts of each client's line with a connection. The server's is always there."""
    found: list[Life] = []
    for lane, party in enumerate(lanes):
        if party.is_server:
            found.append(Life(lane, -1, len(rows), OPEN, ""))
            continue
        mine = [
            (row, arrow)
            for row, arrow in enumerate(rows)
            if isinstance(arrow, Arrow) and lane in (arrow.source, arrow.target)
        ]
        begins = any(arrow.kind == CONNECT and arrow.source == lane for _, arrow in mine)
        first = -1
        state = "" if begins or all(arrow.kind == FAILED for _, arrow in mine) else OPEN
        finished: set[int] = set()  # lanes that have finished sending on this connection
        for row, arrow in mine:
            after = state
            if arrow.kind == CONNECT:
                after, finished = OPEN, set()
            elif arrow.kind == HALF_CLOSE and state:
                finished.add(arrow.source)
                after = HALF_OPEN if len(finished) == 1 else ""
            elif arrow.kind in (HANGS_UP, RESET):
                after = ""
            if after == state:
                continue
            if state:
                found.append(Life(lane, first, row, state, arrow.kind))
            state, first = after, row
        if state:
            found.append(Life(lane, first, len(rows), state, ""))
    return found


def _words(events: Sequence[Event], missing: Missing | None, caption: str) -> str:
    lines = [transcript(events) or "Nothing happened."]
    if missing:
        lines.append(f"{shown_name(missing.client)} expected {missing.label}, which never came")
    return "\n".join([*lines, caption] if caption else lines)


def _title(names: Sequence[str]) -> str:
    if not names:
        return "An empty conversation"
    if len(names) == 1:
        return f"What {names[0]} did"
    return f"A conversation of {', '.join(names[:-1])} and {names[-1]}"
