"""A trace as a sequence diagram: one SVG that works in every place we use it, and the same as text.

These places decide its shape:
- An `<img>` in a README, which no script or style of the page can reach. So the colors are inside,
  follow `prefers-color-scheme`, and have a background of their own.
- A page of the site, where the reader switches between light and dark. So the style contains the
  two names of that switch too. The style of an inline SVG applies to the whole page, so every rule
  begins with an id made from the content.
- A phone, 360 px wide. So a label can use the whole width, on a line of its own above its arrow,
  and longer labels are broken into lines.
- A notebook whose outputs are compared. So the same trace makes the same bytes. The width of text
  is set (`textLength`) and not measured, so no font makes it overflow.

A screen reader reads the transcript. Color is never the only sign: every arrow has its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from xml.sax.saxutils import escape

from room.transcript import columns, shortened, shown_name, transcript, what
from simnet import Event

# Every text on `ground` has a contrast of at least 4.5, every line at least 3 (WCAG AA).
LIGHT = {
    "ground": "#ffffff",
    "ink": "#1f2328",
    "dim": "#57606a",
    "line": "#6e7781",
    "arrow": "#0550ae",
    "trouble": "#b3261e",
}
DARK = {
    "ground": "#1b1e27",
    "ink": "#e6edf3",
    "dim": "#a9b1bd",
    "line": "#8b949e",
    "arrow": "#79c0ff",
    "trouble": "#ff8a80",
}

NARROWEST = 360  # px, the width of a phone; up to four parties fit without scaling
COLUMN = 84  # px from party to party when there are more
MARGIN = 12
SIZE = 13  # px, the font size
LETTER = 7.8  # px, the width of a letter: 0.6 of the font size in a monospaced font
LINE = 17  # px from one line of text to the next
NAME_LETTERS = 9  # letters of a name on one line


@dataclass(frozen=True, slots=True, repr=False)
class Diagram:
    """A drawn trace. A notebook displays `svg`; `text` says the same in words."""

    svg: str
    text: str

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return self.text


def diagram(events: Iterable[Event], caption: str = "") -> Diagram:
    """Draw the events. `caption`, such as a note on the encryption, is below the drawing."""
    listed = list(events)
    parties = _in_order(listed)
    title = _title([shown_name(party) for party in parties])
    words = "\n".join(filter(None, [transcript(listed) or "Nothing happened.", caption]))
    name = "room-" + sha256(f"{title}\n{words}\n{listed}".encode()).hexdigest()[:10]

    sheet = _Sheet(parties)
    for event in listed:
        sheet.draw(event)
    if not listed:
        sheet.write("Nothing happened.")
    sheet.finish(caption)

    return Diagram(svg=_document(name, title, words, sheet), text=f"{title}\n{words}")


class _Sheet:
    """The drawing so far, from the top down. The next element begins at `bottom`."""

    def __init__(self, parties: Sequence[str]) -> None:
        self.width = max(NARROWEST, 2 * MARGIN + COLUMN * len(parties))
        self.letters = int((self.width - 2 * MARGIN) / LETTER)
        self.columns = self._columns(parties)
        self.drawn: list[str] = []
        names = {party: _broken(shown_name(party), NAME_LETTERS) for party in parties}
        height = LINE * max(map(len, names.values()), default=0) + 8
        for party, column in self.columns.items():
            self._head(column, names[party], height)
        self.head_ends = MARGIN + height
        self.bottom: float = self.head_ends + 6

    def draw(self, event: Event) -> None:
        """Draw one event: its words on lines of their own, and its arrow under them."""
        start, end = self.columns[event.source], self.columns[event.target]
        label = shortened(event.data) if event.kind == "data" else what(event)
        self.bottom += 6
        for line in _broken(label, self.letters):
            self._label(line, (start + end) / 2)
        self.bottom += 8
        self.drawn.append(_arrow(event.kind, start, end, self.bottom))
        self.bottom += 6

    def finish(self, caption: str) -> None:
        """End the lifelines, and write the caption under them."""
        self.lines_end = self.bottom + 10
        self.bottom = self.lines_end
        self.write(caption)
        self.bottom += MARGIN

    def write(self, words: str) -> None:
        """Write a sentence that belongs to no arrow, centered."""
        for line in _broken(words, self.letters):
            self.bottom += LINE
            left = (self.width - _width(line)) / 2
            self.drawn.append(_text("dim", left, self.bottom, line))

    def lifelines(self) -> str:
        """Return the line of each party, from its name down. They go under everything else."""
        return "\n".join(
            f'<path class="line" d="M{_px(column)} {_px(self.head_ends)}V{_px(self.lines_end)}" '
            'stroke="currentColor" stroke-dasharray="2 4"/>'
            for column in self.columns.values()
        )

    def _columns(self, parties: Sequence[str]) -> dict[str, float]:
        if len(parties) == 1:
            return {parties[0]: self.width / 2}
        left = MARGIN + COLUMN / 2
        apart = (self.width - 2 * left) / max(1, len(parties) - 1)
        return {party: left + apart * index for index, party in enumerate(parties)}

    def _head(self, column: float, name: Sequence[str], height: float) -> None:
        width = COLUMN - 8
        self.drawn.append(
            f'<rect class="line" x="{_px(column - width / 2)}" y="{MARGIN}" width="{width}" '
            f'height="{_px(height)}" rx="4" fill="none" stroke="currentColor"/>'
        )
        top = MARGIN + (height - LINE * len(name)) / 2
        for index, line in enumerate(name, start=1):
            left = column - _width(line) / 2
            self.drawn.append(_text("ink", left, top + LINE * index - 4, line, weight="600"))

    def _label(self, line: str, middle: float) -> None:
        width = _width(line)
        left = min(max(MARGIN, middle - width / 2), self.width - MARGIN - width)
        self.drawn.append(
            f'<rect class="ground" x="{_px(left - 3)}" y="{_px(self.bottom)}" '
            f'width="{_px(width + 6)}" height="{LINE}" fill="currentColor"/>'
        )
        self.drawn.append(_text("ink", left, self.bottom + LINE - 4, line))
        self.bottom += LINE


def _in_order(events: Sequence[Event]) -> list[str]:
    """Return the parties from left to right, in order of appearance.

    If all others connect to one of them, that one is in the middle.
    """
    parties = list(dict.fromkeys(party for e in events for party in (e.source, e.target)))
    callers = {event.source for event in events if event.kind == "connect"}
    called = {event.target for event in events if event.kind == "connect"} - callers
    if len(called) != 1:
        return parties
    (server,) = called
    parties.remove(server)
    parties.insert((len(parties) + 1) // 2, server)
    return parties


def _arrow(kind: str, start: float, end: float, y: float) -> str:
    """Return an arrow from `start` to `end`. Its tip shows the kind, as the words above it do."""
    onward = 1 if end > start else -1
    tip = end - onward
    chevron = f"M{_px(tip - 8 * onward)} {_px(y - 5)}L{_px(tip)} {_px(y)}l{-8 * onward} 5"
    cross = f"M{_px(tip - 9 * onward)} {_px(y - 5)}l{9 * onward} 10m0 -10l{-9 * onward} 10"
    dot = f'<circle cx="{_px(start)}" cy="{_px(y)}" r="4" fill="currentColor" stroke="none"/>'
    solid = 'fill="currentColor" '
    look, dash, shaft_ends, mark = {
        "connect": ("arrow", "", tip, dot + f'<path d="{chevron}"/>'),
        "data": ("arrow", "", tip - 6 * onward, f'<path {solid}d="{chevron}z"/>'),
        "eof": ("arrow", "", tip - 5 * onward, _half_closed(tip, y, onward)),
        "close": ("arrow", "", tip - 8 * onward, f'<path {solid}d="{_square(tip, y, onward)}"/>'),
        "reset": ("trouble", "5 3", tip, f'<path stroke-width="2.5" d="{cross}"/>'),
        "refused": ("trouble", "", tip, f'<path stroke-width="2.5" d="{cross}"/>'),
    }.get(kind, ("arrow", "", tip, f'<path d="{chevron}"/>'))
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<g class="{look}" stroke="currentColor" stroke-width="1.5" fill="none">'
        f'<path d="M{_px(start)} {_px(y)}H{_px(shaft_ends)}"{dashes}/>{mark}</g>'
    )


def _square(tip: float, y: float, onward: int) -> str:
    return f"M{_px(tip)} {_px(y - 4)}h{-8 * onward}v8h{8 * onward}z"


def _half_closed(tip: float, y: float, onward: int) -> str:
    """Return a chevron that stops at a bar: nothing more comes this way."""
    point = tip - 5 * onward
    chevron = f"M{_px(point - 8 * onward)} {_px(y - 5)}L{_px(point)} {_px(y)}l{-8 * onward} 5"
    bar = f"M{_px(tip - 2 * onward)} {_px(y - 6)}v12"
    return f'<path d="{chevron}"/><path stroke-width="2.5" d="{bar}"/>'


def _text(role: str, left: float, baseline: float, line: str, weight: str = "400") -> str:
    return (
        f'<text class="{role}" x="{_px(left)}" y="{_px(baseline)}" font-weight="{weight}" '
        f'fill="currentColor" textLength="{_px(_width(line))}">{escape(line)}</text>'
    )


def _document(name: str, title: str, words: str, sheet: _Sheet) -> str:
    width, height = sheet.width, _px(sheet.bottom)
    body = "\n".join(sheet.drawn)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" id="{name}" role="img" \
aria-labelledby="{name}-title" aria-describedby="{name}-words" \
width="{width}" height="{height}" viewBox="0 0 {width} {height}" \
font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" \
font-size="{SIZE}" xml:space="preserve">
<title id="{name}-title">{escape(title)}</title>
<desc id="{name}-words">{escape(words)}</desc>
<style>
#{name}{{max-width:100%;height:auto}}
#{name} text{{white-space:pre}}
{_rules(f"#{name}", LIGHT)}
@media (prefers-color-scheme:dark){{
{_rules(f"#{name}", DARK)}
}}
{_rules(f"[data-md-color-scheme=default] #{name}", LIGHT)}
{_rules(f"[data-md-color-scheme=slate] #{name}", DARK)}
</style>
<rect class="ground" width="{width}" height="{height}" rx="6" fill="currentColor"/>
{sheet.lifelines()}
{body}
</svg>
"""


def _rules(where: str, palette: dict[str, str]) -> str:
    return "\n".join(f"{where} .{role}{{color:{color}}}" for role, color in palette.items())


def _title(names: Sequence[str]) -> str:
    if not names:
        return "An empty conversation"
    if len(names) == 1:
        return f"What {names[0]} did"
    return f"A conversation of {', '.join(names[:-1])} and {names[-1]}"


def _broken(line: str, letters: int) -> list[str]:
    r"""Break `line` into lines of at most `letters` columns, at a space if one is near.

    An escape such as \x00 stays in one piece.
    """
    broken: list[str] = []
    current = ""
    for piece in re.findall(r"\\(?:x..|u.{4}|U.{8}|.)|.", line):
        if columns(current + piece) > letters:
            space = current.rfind(" ") + 1
            kept = space if space > len(current) / 2 else len(current)
            broken.append(current[:kept])
            current = current[kept:]
        current += piece
    return [*broken, current] if current else broken


def _width(line: str) -> float:
    return columns(line) * LETTER


def _px(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
