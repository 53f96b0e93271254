"""Drawings for a teacher who would rather look than read: SVG, with colors from the page's style.

Each has a text alternative. Color is never the only sign. Markup escapes what is put into it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from classroom.marks import Mark
from classroom.overview import Overview
from classroom.points import written
from grader.report import FAILED, PASSED

_WIDTH = 640  # units; a drawing is as wide as the page lets it be
_BAR_HEIGHT = 120
_CELL = 17
_NAMES = 150  # units for a student's name
_SIGNS = {PASSED: ("passed", ""), FAILED: ("failed", "✗")}
_TOP = 16  # units above a grid, for the numbers of the tasks


def histogram(values: Sequence[float], most: float) -> Markup:
    """Draw how many submissions earned how many points: a bar for each value, or for each tenth."""
    bars = _bars(values, most)
    highest = max([count for _, count in bars] or [1]) or 1
    step = min(_WIDTH / max(1, len(bars)), 90)
    drawn = []
    for place, (label, count) in enumerate(bars):
        height = _BAR_HEIGHT * count / highest
        left, width, top = place * step + step * 0.12, step * 0.76, 20 + _BAR_HEIGHT - height
        middle = place * step + step / 2
        drawn.append(
            Markup(
                '<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2"/>'
                '<text x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>'
                '<text class="dim" x="{:.1f}" y="{}" text-anchor="middle">{}</text>'
            ).format(
                *(left, top, width, max(height, 1)),
                *(middle, top - 5, count or ""),
                *(middle, _BAR_HEIGHT + 38, label),
            )
        )
    words = ", ".join(f"{count} with {label}" for label, count in bars if count)
    drawn.append(
        Markup('<line x1="0" y1="{0}" x2="{1:.0f}" y2="{0}"/>').format(
            _BAR_HEIGHT + 20.5, step * len(bars)
        )
    )
    drawn.append(
        Markup('<text class="dim" x="{:.1f}" y="{}" text-anchor="middle">points</text>').format(
            step * len(bars) / 2, _BAR_HEIGHT + 56
        )
    )
    return _svg(step * len(bars), _BAR_HEIGHT + 62, f"Submissions by points: {words}.", drawn)


def share(part: int, whole: int) -> Markup:
    """Draw a part of a whole as a bar."""
    width = 100 * part / max(1, whole)
    bar = Markup(
        '<rect class="track" width="100" height="10" rx="2"/>'
        '<rect class="bad" width="{:.1f}" height="10" rx="2"/>'
    ).format(width)
    return Markup(
        '<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}'
        "</svg>"
    ).format(bar)


def grid(overview: Overview, pages: Mapping[str, str]) -> Markup:
    """Draw a row for each submission that is not all right, and a square for each test.

    Those that fail the same tests are next to each other.
    """
    tests = [*overview.tests]
    marks = [mark for mark in overview.graded if not mark.is_passed]
    marks.sort(key=lambda mark: [overview.cells[mark.student.id].get(test, "") for test in tests])
    width = _NAMES + _CELL * len(tests) + 60
    height = _CELL * (len(marks) + 1) + 8 + _TOP
    drawn = _heads(overview, height)
    for row, mark in enumerate(marks, start=1):
        top = row * _CELL + 4 + _TOP
        drawn.append(_row(mark, top, overview.cells[mark.student.id], tests, pages))
    words = f"Which of {len(tests)} tests passed, for {len(marks)} submissions."
    return _svg(width, height, words, drawn, role="group")  # it has links


def _heads(overview: Overview, height: float) -> list[Markup]:
    """Draw the number of each test, and of each task a name and a line at its left."""
    drawn, task = [], ""
    for place, test in enumerate(overview.tests.values()):
        left = _NAMES + _CELL * place
        drawn.append(
            Markup('<text class="dim" x="{}" y="{}" text-anchor="middle">{}</text>').format(
                left + _CELL / 2, 14 + _TOP, place + 1
            )
        )
        if test.task != task:
            task = test.task
            drawn.append(
                Markup(
                    '<line x1="{0}" y1="2" x2="{0}" y2="{1}"/><text x="{2}" y="11">{3}</text>'
                ).format(left, f"{height:.0f}", left + 4, task)
            )
    return drawn


def _row(
    mark: Mark, top: float, cells: Mapping[str, str], tests: Sequence[str], pages: Mapping[str, str]
) -> Markup:
    name = mark.student.shown
    shown = name if len(name) <= 20 else f"{name[:19]}…"
    parts = [
        Markup('<a href="{}"><text x="{}" y="{}" text-anchor="end">{}</text></a>').format(
            pages.get(mark.student.id, ""), _NAMES - 8, top + 13, shown
        )
    ]
    for place, test in enumerate(tests):
        verdict = cells.get(test, "")
        look, sign = _SIGNS.get(verdict, ("open", "·"))
        left = _NAMES + _CELL * place
        parts.append(
            Markup(
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2">'
                "<title>{}: {} {}</title></rect>"
                '<text class="sign" x="{}" y="{}" text-anchor="middle">{}</text>'
            ).format(
                *(look, left + 1, top + 1, _CELL - 2, _CELL - 2),
                *(name, test.removeprefix("test_").replace("_", " "), verdict or "did not run"),
                *(left + _CELL / 2, top + 13, sign),
            )
        )
    parts.append(
        Markup('<text class="dim" x="{}" y="{}">{}</text>').format(
            _NAMES + _CELL * len(tests) + 8, top + 13, written(mark.points.points)
        )
    )
    return Markup("").join(parts)


def _bars(values: Sequence[float], most: float) -> list[tuple[str, int]]:
    counted = Counter(values)
    if len(counted) <= 8:
        ends = {0.0: 0, most: 0}
        return [(written(value), count) for value, count in sorted({**ends, **counted}.items())]
    bins = [0] * 10
    for value in values:
        bins[min(9, max(0, int(10 * value / most)))] += 1
    return [
        (f"{written(most * place / 10)}-{written(most * (place + 1) / 10)}", count)
        for place, count in enumerate(bins)
    ]


def _svg(
    width: float, height: float, words: str, drawn: Sequence[Markup], role: str = "img"
) -> Markup:
    return Markup(
        '<svg class="chart" role="{}" aria-label="{}" viewBox="0 0 {:.0f} {:.0f}" '
        'style="max-width:{:.0f}px">{}</svg>'
    ).format(role, words, width, height, width, Markup("\n").join(drawn))
