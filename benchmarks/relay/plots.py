"""Draws the results, as SVG.

    python -m benchmarks.relay.plots RESULTS FOLDER

A program of its own, for it alone needs matplotlib, which is in the environment of bench-peers.
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

matplotlib.use("svg")
matplotlib.rcParams |= {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "relay",  # the same results draw the same file
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(results: dict[str, Any], folder: Path) -> list[Path]:
    """Draw all plots into the folder. The files."""
    figures = Figures(results["runs"])
    titles = {name: peer["title"] for name, peer in results["peers"].items()}
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _bars(figures, titles, ("room", "plain"), CPU, 1, "CPU µs per delivery", folder),
        _bars(figures, titles, ("tls", "TLS"), CPU, 1, "CPU µs per delivery, TLS", folder),
        _bars(
            figures,
            titles,
            ("idle", "TLS"),
            "bytes_per_idle",
            1000,
            "kB of memory for an idle TLS connection",
            folder,
        ),
        _latencies(figures, titles, folder),
    ]


def _bars(
    figures: Figures,
    titles: dict[str, str],
    load: tuple[str, str],
    what: str,
    unit: float,
    label: str,
    folder: Path,
) -> Path:
    """Draw a bar for each server, the shortest at the top, with the spread of its runs."""
    spreads = {name: figures.spread(*load, name, what) for name in SCENARIOS[load[0]].peers}
    known = [(name, spread) for name, spread in spreads.items() if spread is not None]
    known.sort(key=lambda pair: pair[1].median, reverse=True)
    figure, axes = pyplot.subplots(figsize=(8, 0.6 + 0.3 * len(known)))
    for name, spread in known:
        down, up = spread.median - spread.least, spread.most - spread.median
        axes.barh(
            titles[name],
            spread.median / unit,
            xerr=[[down / unit], [up / unit]],
            color=_color(name),
            error_kw={"ecolor": "#424242", "capsize": 2},
        )
    axes.set_xlabel(label)
    return _save(figure, folder / f"{load[0]}.svg")


def _latencies(figures: Figures, titles: dict[str, str], folder: Path) -> Path:
    """Draw a line for each server: the 99th percentile against the lines due in a second."""
    scenario = SCENARIOS["schedule"]
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
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
    if axes.lines:
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return _save(figure, folder / "schedule.svg")


def _line(axes: Axes, name: str, title: str, points: list[tuple[float, float]]) -> None:
    others = {"butterflynet": "#c62828", "go-buffered": "#00838f", "node": "#ef6c00"}
    color = others.get(name) or _color(name)
    style = ":" if name in others else "--" if name == "bfnet-uvloop" else "-"
    axes.plot(*zip(*points, strict=True), style, marker="o", label=title, color=color)


def _color(name: str) -> str:
    if name.startswith("bfnet"):
        return OURS
    return LIMIT if name.startswith("c-") else OTHERS


def _save(figure: Any, file: Path) -> Path:
    figure.savefig(file, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)
    return file


if __name__ == "__main__":
    for made in draw(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])):
        print(f"made {made}")
