"""A conversation as a sequence diagram: one SVG that works in every place we use it.

`drawing.py` decides what is where; this module only draws it. These places decide the SVG's shape:
- An `<img>` in a README, which no script or style of the page can reach. So the colors are inside,
  follow `prefers-color-scheme`, and have a background of their own.
- A page of the site or a notebook in JupyterLab, where the reader switches between light and dark.
  So the style contains the names of those switches too. The style of an inline SVG applies to the
  whole page, so every rule begins with an id made from the content.
- A system that sets all colors ("forced colors"). There, what hides a line has the system's color.
- A reader with large letters. So width and height are in em, and a page that sets the font size of
  the `<svg>` sets the size of the picture. On a phone it scrolls in its box and does not shrink.
- A notebook whose outputs are compared. So the same trace makes the same bytes. The width of text
  is set (`textLength`) and not measured, so no font makes it overflow.

A screen reader reads the transcript. Color is never the only sign: every arrow has its words, and
every kind of arrow its own shape, which the legend names. A row is a group with its number in
`--row` and its direction, so that a page can show the rows one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from xml.sax.saxutils import escape

from room import drawing as of
from room.drawing import LETTERS, Arrow, Drawing, Missing, Pause, Sent, broken, draw
from room.script import Script
from room.transcript import columns
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
    "ground": "#1e2129",
    "ink": "#e6edf3",
    "dim": "#a9b1bd",
    "line": "#8b949e",
    "arrow": "#79c0ff",
    "trouble": "#ff8a80",
}

MARGIN = 10  # px
SIZE, SMALL = 13, 11  # px, the font sizes
LETTER = 0.6  # of the font size: the width of a letter in a monospaced font
LINE, SMALL_LINE = 17, 15  # px from one line of text to the next
PAUSE = 34  # px, the height of a row in which time passes
SAMPLE = 30  # px, the width of a sample in the legend

_LOOKS = {
    of.CONNECT: "ink",
    of.SAYS: "arrow",
    of.HALF_CLOSE: "ink",
    of.HANGS_UP: "ink",
    of.RESET: "trouble",
    of.FAILED: "trouble",
    of.MISSING: "trouble",
}
_LEGEND = {
    of.CONNECT: "connects",
    of.SAYS: "bytes",
    of.HALF_CLOSE: "finishes sending",
    of.HANGS_UP: "hangs up",
    of.RESET: "resets",
    of.FAILED: "refused",
    of.MISSING: "expected, never came",
}


@dataclass(frozen=True, slots=True, repr=False)
class Diagram:
    """A drawn trace. A notebook displays `svg`; `text` says the same in words.

    `script` is what makes the conversation again, if a room has drawn it.
    """

    svg: str
    text: str
    script: Script | None = field(default=None, compare=False)

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return self.text


def diagram(
    events: Iterable[Event],
    caption: str = "",
    *,
    sent: Iterable[Sent] = (),
    missing: Missing | None = None,
) -> Diagram:
    """Draw the events. `caption`, such as a note on the encryption, is below the drawing.

    For `sent` and `missing`, see `room.drawing.draw`.
    """
    return diagram_of(draw(events, caption, sent=sent, missing=missing))


def diagram_of(drawing: Drawing) -> Diagram:
    """Return the picture of a drawing."""
    content = repr(drawing)
    name = "room-" + sha256(content.encode("utf-8", "backslashreplace")).hexdigest()[:10]
    svg = _document(name, drawing, _Sheet(drawing))
    return Diagram(svg=svg, text=f"{drawing.title}\n{drawing.words}")


class _Sheet:
    """The drawing so far, from the top down. The next element begins at `bottom`."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.samples = _samples(drawing)
        widest = max((_width_of_sample(words) for _, words in self.samples), default=0.0)
        self.width = 2 * MARGIN + max(_width("x" * drawing.width), widest)
        self.columns = [MARGIN + _width("x" * lane.x) for lane in drawing.lanes]
        self.drawn: list[str] = []
        self.head_ends = MARGIN + LINE * max((len(e.lines) for e in drawing.lanes), default=0) + 8
        self.bottom: float = self.head_ends + 4
        self._heights: dict[int, float] = {-1: self.head_ends}  # of the arrows, by row
        self._last_said: dict[tuple[int, int], float] = {}  # heights, by source and target

        for row, item in enumerate(drawing.rows):
            drawn = self._arrow(row, item) if isinstance(item, Arrow) else self._pause(row, item)
            goes_left = isinstance(item, Arrow) and item.target < item.source
            way = "row to-left" if goes_left else "row"
            self.drawn.append(f'<g class="{way}" style="--row:{row}">{drawn}</g>')
        self.lines_end = self.bottom + 4
        self._heights[len(drawing.rows)] = self.lines_end
        self.bottom = self.lines_end + 2
        if not drawing.rows:
            self._write("Nothing happened.")
        self._legend()
        self._write(drawing.caption)
        self.bottom += MARGIN

    def lifelines(self) -> str:
        """Return the names and the line of each party. They go under everything else."""
        found = []
        for party, column in zip(self.drawing.lanes, self.columns, strict=True):
            found.append(_head(party, column, self.head_ends))
        for lane, column in enumerate(self.columns):
            lives = [life for life in self.drawing.lives if life.lane == lane]
            begins = self._heights[lives[0].first] if lives else self.lines_end
            if begins > self.head_ends:
                found.append(_line(column, self.head_ends, begins, "1 5", "1"))
            for life in lives:
                start, end = self._heights[life.first], self._heights[life.last]
                dash = "3 4" if life.state == of.HALF_OPEN else ""
                found.append(_line(column, start, end, dash, "2"))
                if life.end == of.RESET:
                    found.append(_group("trouble", _cross(column, end, 5)))
                elif life.end and life.last == lives[-1].last:
                    found.append(_group("line", f'<path d="M{_px(column - 7)} {_px(end)}h14"/>'))
        return "\n".join(found)

    def _arrow(self, row: int, arrow: Arrow) -> str:
        """Draw one arrow: its words on lines of their own, the arrow, and a note under it."""
        start, end = self.columns[arrow.source], self.columns[arrow.target]
        middle = MARGIN + _width("x") * arrow.middle
        is_missing = arrow.kind == of.MISSING
        role = "trouble" if is_missing else "ink"
        drawn = []
        self.bottom += 8
        for line in arrow.label:
            drawn.append(_ground(middle, self.bottom, line))
            drawn.append(_text(role, middle, self.bottom + LINE - 4, line))
            self.bottom += LINE
        self.bottom += 7
        self._heights[row] = self.bottom
        drawn += [_bridge(self.columns[lane], self.bottom) for lane in arrow.crossed]
        begins = self._last_said.get((arrow.source, arrow.target)) if arrow.continues else None
        drawn.append(_shape(arrow, start, end, self.bottom, begins))
        if arrow.kind == of.SAYS:
            self._last_said[arrow.source, arrow.target] = self.bottom
        self.bottom += 6
        for line in arrow.note:
            drawn.append(_ground(middle, self.bottom, line, SMALL))
            role = "trouble" if is_missing else "dim"
            drawn.append(_text(role, middle, self.bottom + SMALL_LINE - 4, line, SMALL))
            self.bottom += SMALL_LINE
        return "".join(drawn)

    def _pause(self, row: int, pause: Pause) -> str:
        """Break every line, and say how much time passes."""
        top = self.bottom + 9
        middle = top + PAUSE / 2
        self._heights[row] = middle
        self.bottom += PAUSE + 12
        marks = "".join(
            f"M{_px(column - 6)} {_px(y + 3)}l12 -6"
            for column in self.columns
            for y in (top, top + PAUSE)
        )
        return (
            f'<rect class="ground" y="{_px(top)}" width="{_px(self.width)}" height="{PAUSE}" '
            'fill="currentColor"/>'
            + _group("line", f'<path d="{marks}"/>')
            + _text("dim", self.width / 2, middle + 4, pause.label)
        )

    def _legend(self) -> None:
        """Name each kind of arrow and line that is in the drawing, with a sample of it."""
        left, top = float(MARGIN), self.bottom + 6
        right = min(self.width, _width("x") * LETTERS) - MARGIN
        drawn = []
        for sample, words in self.samples:
            width = _width_of_sample(words)
            if left > MARGIN and left + width > right:
                left, top = float(MARGIN), top + SMALL_LINE + 3
            drawn.append(sample(left, top + SMALL_LINE / 2))
            middle = left + width - _width(words, SMALL) / 2
            drawn.append(_text("dim", middle, top + SMALL_LINE - 4, words, SMALL))
            left += width + 16
        if drawn:
            self.drawn.append(f'<g class="legend">{"".join(drawn)}</g>')
            self.bottom = top + SMALL_LINE

    def _write(self, words: str) -> None:
        """Write a sentence that belongs to no arrow, where it is seen without scrolling."""
        letters = min(self.drawing.width, LETTERS)
        self.bottom += 4 if words else 0
        for line in broken(words, letters):
            self.bottom += LINE
            self.drawn.append(_text("dim", MARGIN + _width(line) / 2, self.bottom, line))


Sample = Callable[[float, float], str]


def _samples(drawing: Drawing) -> list[tuple[Sample, str]]:
    """Return what the legend needs: how to draw a sample at a place, and its words."""
    arrows = [row for row in drawing.rows if isinstance(row, Arrow)]
    kinds = {arrow.kind for arrow in arrows}
    found: list[tuple[Sample, str]] = [
        (_sample(Arrow(0, 0, 1, kind, (), 0)), words)
        for kind, words in _LEGEND.items()
        if kind in kinds
    ]
    if any(arrow.writes > 1 for arrow in arrows):
        found.append((_sample(Arrow(0, 0, 1, of.SAYS, (), 0, writes=2)), "writes read at once"))
    if any(arrow.continues for arrow in arrows):
        found.append((_branch_sample, "one write, read in pieces"))
    states = {life.state for life in drawing.lives if not drawing.lanes[life.lane].is_server}
    if of.OPEN in states:
        found.append((_line_sample("", "2"), "connected"))
    if of.HALF_OPEN in states:
        found.append((_line_sample("3 4", "2"), "open in one direction"))
    return found


def _sample(arrow: Arrow) -> Sample:
    return lambda left, y: _shape(arrow, left, left + SAMPLE, y, None)


def _branch_sample(left: float, y: float) -> str:
    arrow = Arrow(0, 0, 1, of.SAYS, (), 0, continues=True)
    shaft = f'<path d="M{_px(left)} {_px(y - 5)}h{SAMPLE}"/>'
    return _group("arrow", shaft) + _shape(arrow, left, left + SAMPLE, y + 4, y - 5)


def _line_sample(dash: str, width: str) -> Sample:
    return lambda left, y: (
        f'<path class="line" d="M{_px(left + SAMPLE / 2)} {_px(y - 7)}v14" stroke="currentColor" '
        f'stroke-width="{width}"{_dashes(dash)}/>'
    )


def _head(lane: of.Lane, column: float, ends: float) -> str:
    """Return a party's box with its name; the server's is filled."""
    width = _width("x" * lane.width)
    height = ends - MARGIN
    paint = 'fill="currentColor"' if lane.is_server else 'fill="none"'
    role = "ground" if lane.is_server else "ink"
    top = MARGIN + (height - LINE * len(lane.lines)) / 2
    return (
        f'<rect class="{"ink" if lane.is_server else "line"}" x="{_px(column - width / 2)}" '
        f'y="{MARGIN}" width="{_px(width)}" height="{_px(height)}" rx="5" {paint} '
        'stroke="currentColor" stroke-width="1.5"/>'
    ) + "".join(
        _text(role, column, top + LINE * number - 4, line, weight="600")
        for number, line in enumerate(lane.lines, start=1)
    )


def _line(column: float, start: float, end: float, dash: str, width: str) -> str:
    return (
        f'<path class="line" d="M{_px(column)} {_px(start)}V{_px(end)}" stroke="currentColor" '
        f'stroke-width="{width}"{_dashes(dash)}/>'
    )


def _bridge(column: float, y: float) -> str:
    """Return what hides a line where an arrow passes it by."""
    return (
        f'<rect class="ground" x="{_px(column - 3)}" y="{_px(y - 6)}" width="6" height="12" '
        'fill="currentColor"/>'
    )


def _shape(arrow: Arrow, start: float, end: float, y: float, begins: float | None) -> str:
    """Return an arrow. Its shape shows the kind, as the words above it do.

    `begins` is the height of the arrow that this one branches off from, if it does.
    """
    if start == end:
        return _loop(arrow.kind, start, y)
    onward = 1 if end > start else -1
    tip = end - 2 * onward
    chevron = f"M{_px(tip - 8 * onward)} {_px(y - 5)}l{8 * onward} 5l{-8 * onward} 5"
    middle = (start + end) / 2
    shaft = f"M{_px(start)} {_px(y)}H"
    dash = ""
    match arrow.kind:
        case of.CONNECT:
            ring = f'<circle cx="{_px(start)}" cy="{_px(y)}" r="4"'
            ground = f'{ring} class="ground" fill="currentColor"/>'
            mark = f'{ground}{ring}/><path d="{chevron}"/>'
            shaft = f"M{_px(start + 4 * onward)} {_px(y)}H{_px(tip)}"
        case of.SAYS:
            mark = f'<path fill="currentColor" d="{chevron}z"/>'
            shaft = _shaft_of_read(arrow, start, y, begins, onward) + f"H{_px(tip - 6 * onward)}"
        case of.HALF_CLOSE:
            bar = f"M{_px(tip)} {_px(y - 7)}v14"
            point = tip - 4 * onward
            open_tip = f"M{_px(point - 8 * onward)} {_px(y - 5)}l{8 * onward} 5l{-8 * onward} 5"
            mark = f'<path d="{open_tip}"/><path stroke-width="3" d="{bar}"/>'
            shaft += _px(point)
        case of.HANGS_UP:
            square = f"M{_px(tip)} {_px(y - 5)}h{-10 * onward}v10h{10 * onward}z"
            mark = f'<path fill="currentColor" d="{square}"/>'
            shaft += _px(tip - 10 * onward)
        case of.RESET:
            flash = f"H{_px(middle - 8 * onward)}l{5 * onward} -6l{6 * onward} 12l{5 * onward} -6"
            mark = _cross(tip - 5 * onward, y, 5)
            shaft = f"M{_px(start)} {_px(y)}{flash}H{_px(tip - 5 * onward)}"
        case of.FAILED:
            dash = "5 3"
            mark = _cross(tip - 5 * onward, y, 5)
            shaft += _px(tip - 5 * onward)
        case of.MISSING:
            dash = "5 4"
            mark = f'<path d="{chevron}z"/>'
            shaft += _px(tip - 8 * onward)
        case _:
            mark = f'<path d="{chevron}"/>'
            shaft += _px(tip)
    look = _LOOKS.get(arrow.kind, "ink")
    return _group(look, f'<path d="{shaft}"{_dashes(dash)}/>{mark}')


def _shaft_of_read(arrow: Arrow, start: float, y: float, begins: float | None, onward: int) -> str:
    """Return how the shaft begins: straight, as a branch of another, or from several writes."""
    if begins is not None and arrow.writes < 2:
        corner = f"V{_px(y - 5)}q0 5 {5 * onward} 5"
        return f"M{_px(start + 6 * onward)} {_px(begins)}{corner}"
    if arrow.writes > 1:
        join = 18 * onward
        upper = f"M{_px(start)} {_px(y - 6)}h{4 * onward}l{12 * onward} 6"
        lower = f"M{_px(start)} {_px(y + 6)}h{4 * onward}l{12 * onward} -6"
        branch = "" if begins is None else f"M{_px(start + 4 * onward)} {_px(begins)}V{_px(y - 6)}"
        return f"{branch}{upper}{lower}M{_px(start + join - 2 * onward)} {_px(y)}"
    return f"M{_px(start)} {_px(y)}"


def _loop(kind: str, column: float, y: float) -> str:
    """Return an arrow from a party to itself."""
    shaft = f"M{_px(column)} {_px(y - 4)}h18v8h-16"
    tip = f"M{_px(column + 8)} {_px(y)}l-6 4l6 4"
    return _group(_LOOKS.get(kind, "ink"), f'<path d="{shaft}"/><path d="{tip}"/>')


def _cross(x: float, y: float, size: float) -> str:
    return (
        f'<path stroke-width="2.5" d="M{_px(x - size)} {_px(y - size)}l{2 * size} {2 * size}'
        f'm0 {-2 * size}l{-2 * size} {2 * size}"/>'
    )


def _group(role: str, inside: str) -> str:
    return f'<g class="{role}" stroke="currentColor" stroke-width="1.5" fill="none">{inside}</g>'


def _ground(middle: float, top: float, line: str, size: int = SIZE) -> str:
    width = _width(line, size) + 6
    height = LINE if size == SIZE else SMALL_LINE
    return (
        f'<rect class="ground" x="{_px(middle - width / 2)}" y="{_px(top)}" '
        f'width="{_px(width)}" height="{height}" fill="currentColor"/>'
    )


def _text(
    role: str, middle: float, baseline: float, line: str, size: int = SIZE, weight: str = ""
) -> str:
    bold = f' font-weight="{weight}"' if weight else ""
    small = f' font-size="{size}"' if size != SIZE else ""
    width = _width(line, size)
    return (
        f'<text class="{role}" x="{_px(middle - width / 2)}" y="{_px(baseline)}"{small}{bold} '
        f'fill="currentColor" textLength="{_px(width)}">{escape(line)}</text>'
    )


def _dashes(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""


def _document(name: str, drawing: Drawing, sheet: _Sheet) -> str:
    width, height = _px(sheet.width), _px(sheet.bottom)
    body = "\n".join(sheet.drawn)
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" id="{name}" role="img" \
aria-labelledby="{name}-title" aria-describedby="{name}-words" \
width="{sheet.width / SIZE:.2f}em" height="{sheet.bottom / SIZE:.2f}em" \
viewBox="0 0 {width} {height}" font-size="{SIZE}">
<title id="{name}-title">{escape(drawing.title)}</title>
<desc id="{name}-words">{escape(drawing.words)}</desc>
<style>
#{name} text{{white-space:pre}}
{_rules(f"#{name}", LIGHT)}
@media (prefers-color-scheme:dark){{
{_rules(f"#{name}", DARK)}
}}
{_rules(f":is([data-md-color-scheme=default],[data-jp-theme-light=true]) #{name}", LIGHT)}
{_rules(f":is([data-md-color-scheme=slate],[data-jp-theme-light=false]) #{name}", DARK)}
@media (forced-colors:active){{
#{name} .ground{{color:Canvas}}
}}
</style>
<g font-size="{SIZE}" xml:space="preserve" \
font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace">
<rect class="ground" width="{width}" height="{height}" rx="6" fill="currentColor"/>
{sheet.lifelines()}
{body}
</g>
</svg>
"""


def _rules(where: str, palette: dict[str, str]) -> str:
    return "\n".join(f"{where} .{role}{{color:{color}}}" for role, color in palette.items())


def _width_of_sample(words: str) -> float:
    """Return the width of a sample in the legend and of its words, in px."""
    return SAMPLE + 6 + _width(words, SMALL)


def _width(line: str, size: int = SIZE) -> float:
    return columns(line) * LETTER * size


def _px(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
