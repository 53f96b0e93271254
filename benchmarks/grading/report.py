"""Makes the tables of the results, in Markdown, and writes them into the page.

In the page a table is between two comments with its name: `<!-- sizes -->`, `<!-- /sizes -->`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.relay.page import fill as page_with

_TITLES = {"nbgrader": "nbgrader", "otter": "otter-grader"}
_HOW = {
    "nbgrader": "a kernel for each notebook, as you",
    "otter": "a process for each notebook, as you",
}


def fill(page: str, results: dict[str, Any]) -> str:
    """Return the page's text with each table in its place. Raises ValueError if one has none."""
    return page_with(page, sections(results))


def sections(results: dict[str, Any]) -> dict[str, str]:
    """Return each table by its name."""
    runs: list[dict[str, Any]] = results["runs"]
    return {
        "machine": _machine(results["machine"]),
        "workers": _workers([run for run in runs if run["series"] == "workers"]),
        "sizes": _sizes([run for run in runs if run["series"] == "sizes"]),
        "course": _course([run for run in runs if run["series"] == "course"]),
        "graders": _graders([run for run in runs if run["series"] == "graders"]),
        "parts": _parts([run for run in runs if run["series"] == "parts"]),
    }


def _machine(facts: dict[str, str]) -> str:
    return _table(("what", "here"), "l", facts.items())


def _workers(runs: Sequence[dict[str, Any]]) -> str:
    heads = ("workers", "submissions", "seconds", "a second", "right, and passed")
    rows = (
        (
            f"{run['workers']}, {'a cluster on loopback' if run['cluster'] else 'this machine'}",
            *_costs(run),
            f"{run['count'] / run['seconds']:.2f}",
            f"{run['passed']} of {run['right']}",
        )
        for run in runs
    )
    return _table(heads, "r", rows)


def _sizes(runs: Sequence[dict[str, Any]]) -> str:
    heads = ("submissions", "seconds", "seconds each", "memory of the command, MiB")
    rows = (
        (*_costs(run), f"{run['seconds'] / run['count']:.2f}", f"{run['memory']:.0f}")
        for run in sorted(runs, key=lambda run: int(run["count"]))
    )
    return _table(heads, "r", rows)


def _course(runs: Sequence[dict[str, Any]]) -> str:
    heads = ("chapters", "students", "files", "minutes", "right, and passed")
    rows = (
        (
            f"{min(run['chapters'])} to {max(run['chapters'])}",
            str(run["count"]),
            str(run["count"] * len(run["chapters"])),
            f"{run['seconds'] / 60:.1f}",
            f"{run['passed']} of {run['right']}",
        )
        for run in runs
    )
    return _table(heads, "r", rows)


def _graders(runs: Sequence[dict[str, Any]]) -> str:
    heads = ("grader", "a program runs in", "submissions", "seconds", "seconds each")
    return _table(heads, "l", (_grader(run) for run in runs))


def _grader(run: dict[str, Any]) -> tuple[str, ...]:
    if "left out" in run:
        return (_TITLES[run["peer"]], f"left out: {run['left out']}", "", "", "")
    each = f"{run['seconds'] / run['count']:.2f}"
    if peer := run.get("peer"):
        return (f"{_TITLES[peer]} {run['version']}", _HOW[peer], *_costs(run), each)
    level = f"a judge for each file, isolation: {run['level']}"
    workers = "one worker" if run["workers"] == 1 else f"{run['workers']} workers"
    return (f"this workbook, {workers}", level, *_costs(run), each)


def _parts(runs: Sequence[dict[str, Any]]) -> str:
    whole = sum(run["seconds"] for run in runs)
    rows = ((run["part"], f"{run['seconds']:.2f}", f"{run['seconds'] / whole:.0%}") for run in runs)
    return _table(("part", "seconds of a processor", "share"), "r", rows)


def _costs(run: dict[str, Any]) -> tuple[str, str]:
    return str(run["count"]), f"{run['seconds']:.1f}"


def _table(heads: Sequence[str], align: str, rows: Iterable[Iterable[str]]) -> str:
    """Return a table whose first column is to the left, and whose others are as `align` says."""
    if not (rows := [*rows]):
        return "Not measured yet."
    rule = ["---", *(["---:"] if align == "r" else ["---"]) * (len(heads) - 1)]
    lines = [heads, rule, *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
