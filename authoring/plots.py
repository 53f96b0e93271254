"""Puts the plots of "How fast is it?" into the page, in colors that follow the site's switch.

Matplotlib draws them for a white page. An `<img>` could follow the reader's system at most, so a
plot becomes part of the page: black becomes the color of the text, white the page, and the four
colors of the lines become CSS variables that `site.css` sets for light and for dark.

Beside `room.svg` there can be a `room-narrow.svg`. A phone shows that one instead, because a wide
plot would shrink until nobody can read it.
"""

import html
import re
from pathlib import Path

PICTURE = re.compile(r"^!\[(?P<words>[^\]]*)\]\((?P<file>[\w/-]+\.svg)\)$", re.MULTILINE)

_COLORS = {
    "#000000": "currentColor",
    "#424242": "currentColor",
    "#1f77b4": "currentColor",
    "#ffffff": "none",
    "#eeeeee": "var(--plot-grid)",
    "#9e9e9e": "var(--plot-others)",
    "#3f51b5": "var(--plot-ours)",
    "#2e7d32": "var(--plot-limit)",
    "#c62828": "var(--plot-first)",
    "#00838f": "var(--plot-second)",
    "#ef6c00": "var(--plot-third)",
}


def with_plots(markdown: str, folder: Path) -> str:
    """Return the Markdown with each SVG picture that is alone on its line as part of the page."""

    def inline(found: re.Match[str]) -> str:
        file = folder / found["file"]
        if not file.is_file():
            return found[0]  # MkDocs says that it is missing
        words = " ".join(found["words"].split())
        narrow = file.with_stem(f"{file.stem}-narrow")
        if not narrow.is_file():
            return _box("plot", file, words)
        return _box("plot wide", file, words) + _box("plot narrow", narrow, words)

    return PICTURE.sub(inline, markdown)


def _box(kind: str, file: Path, words: str) -> str:
    svg = plot(file.read_text(encoding="utf-8"), file.stem, words)
    return f'<div class="{kind}" role="group" tabindex="0" aria-label="Plot">{svg}</div>'


def plot(svg: str, name: str, words: str) -> str:
    """Return a plot for a page. `name` keeps its ids apart from others, `words` describe it."""
    svg = svg[svg.index("<svg") :].strip()
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>", "", svg, flags=re.DOTALL)
    for color, variable in _COLORS.items():
        svg = svg.replace(color, variable)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", svg, count=1)
    described = html.escape(words, quote=True)
    svg = svg.replace("<svg", f'<svg role="img" aria-label="{described}"', 1)
    return re.sub(r"\s*\n\s*", " ", svg)
