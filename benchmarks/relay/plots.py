"""Draws the results as SVG: each plot once for a wide page, and once for a phone ("-narrow").

    python -m benchmarks.relay.plots RESULTS FOLDER

This is a program of its own because it alone needs matplotlib, which only the environment of
bench-peers has.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullLocator

from benchmarks.relay.claims import CPU, P99
from benchmarks.relay.figures import Figures
from benchmarks.relay.scenarios import SCENARIOS

OURS, LIMIT, OTHERS = "#3f51b5", "#2e7d32", "#9e9e9e"
WIDE, NARROW = 8.0, 3.4  # inches; the page of a phone is about 3.4 wide, so its text keeps its size
NAMES = 9  # points, for the servers' names in a narrow plot

matplotlib.use("svg")
matplotlib.rcParams |= {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "relay",  # the same results draw the same file
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(results: dict[str, Any], folder: Path) -> list[Path]:
    """Draw all plots into the folder, and return the files."""
    figures = Figures(results["runs"])
    titles = {name: peer["title"] for name, peer in results["peers"].items()}
    folder.mkdir(parents=True, exist_ok=True)
    memory = "kB of memory for an idle TLS connection"
    bars = [
        (("room", "plain"), CPU, 1, "CPU µs per delivery"),
        (("tls", "TLS"), CPU, 1, "CPU µs per delivery, TLS"),
        (("idle", "TLS"), "bytes_per_idle", 1000, memory),
    ]
    files = []
    for width in (WIDE, NARROW):
        files += [_bars(figures, titles, *each, folder, width) for each in bars]
        files.append(_latencies(figures, titles, folder, width))
    return files


def _bars(
    figures: Figures,
    titles: dict[str, str],
    load: tuple[str, str],
    what: str,
    unit: float,
    label: str,
    folder: Path,
    width: float,
) -> Path:
    """Draw a bar for each server, the shortest at the top, with the spread of its runs.

    In a narrow plot, the server's name is above its bar instead of beside it.
    """
    is_narrow = width == NARROW
    spreads = {name: figures.spread(*load, name, what) for name in SCENARIOS[load[0]].peers}
    known = [(name, spread) for name, spread in spreads.items() if spread is not None]
    known.sort(key=lambda pair: pair[1].median, reverse=True)
    height = 0.36 if is_narrow else 0.3
    figure, axes = pyplot.subplots(figsize=(width, 0.6 + height * len(known)))
    for place, (name, spread) in enumerate(known):
        down, up = spread.median - spread.least, spread.most - spread.median
        axes.barh(
            titles[name],
            spread.median / unit,
            xerr=[[down / unit], [up / unit]],
            height=0.4 if is_narrow else 0.8,
            color=_color(name),
            error_kw={"ecolor": "#424242", "capsize": 2},
        )
        if is_narrow:
            axes.text(0, place + 0.32, titles[name], fontsize=NAMES)
    if is_narrow:
        axes.set_yticks([])
        axes.spines.left.set_visible(False)
    axes.set_xlabel(label)
    return _save(figure, folder, load[0], width)


def _latencies(figures: Figures, titles: dict[str, str], folder: Path, width: float) -> Path:
    """Draw a line for each server: the 99th percentile against the lines due in a second."""
    scenario = SCENARIOS["schedule"]
    figure, axes = pyplot.subplots(figsize=(width, 4.5 if width == WIDE else 3.4))
    for name in scenario.peers:
        points = [
            (load["rate"], value / 1000)
            for case, load in scenario.cases.items()
            if (value := figures.median("schedule", case, name, P99)) is not None
        ]
        if points:
            _line(axes, name, titles[name], points)
    axes.set_xscale("log")
    axes.set_xticks([load["rate"] for load in scenario.cases.values()], labels=scenario.cases)
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    axes.grid(color="#eeeeee")
    axes.set_xlabel("lines a second, each to 99 clients")
    axes.set_ylabel("99th percentile of the latency, ms")
    if axes.lines and width == WIDE:
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    elif axes.lines:
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(-0.15, -0.2), fontsize=NAMES)
    return _save(figure, folder, "schedule", width)


def _line(axes: Axes, name: str, title: str, points: list[tuple[float, float]]) -> None:
    others = {"butterflynet": "#c62828", "go-buffered": "#00838f", "node": "#ef6c00"}
    color = others.get(name) or _color(name)
    style = ":" if name in others else "--" if name == "bfnet-uvloop" else "-"
    axes.plot(*zip(*points, strict=True), style, marker="o", label=title, color=color)


def _color(name: str) -> str:
    if name.startswith("bfnet"):
        return OURS
    return LIMIT if name.startswith("c-") else OTHERS


def _save(figure: Any, folder: Path, name: str, width: float) -> Path:
    file = folder / f"{name}{'-narrow' if width == NARROW else ''}.svg"
    figure.savefig(file, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)
    return file


if __name__ == "__main__":
    for made in draw(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])):
        print(f"made {made}")
