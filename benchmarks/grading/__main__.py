"""The commands of the benchmark: python -m benchmarks.grading --help, from the checkout's root."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from benchmarks.grading import ours, parts, peers, report
from benchmarks.relay.machine import ROOT, facts

RESULTS = Path(__file__).parent / "results" / "latest.json"
PAGE = ROOT / "chapters" / "how-long-grading-takes.md"
CLASS = 200
TO_COMPARE = 20  # submissions for every grader
COURSE = (1, 2, 3, 4, 5, 6)

Run = dict[str, Any]


@click.group()
def main() -> None:
    """How long does grading take? See benchmarks/grading/README.md."""


@main.command("all")
@click.option("--students", default=CLASS, show_default=True, help="In the class.")
@click.option("--seed", default=0, show_default=True)
@click.option("--to", type=click.Path(path_type=Path), default=RESULTS, help="Where to keep it.")
@click.option("--only", help="Only these series, of parts, graders, sizes, workers, course.")
def run_all(students: int, seed: int, to: Path, only: str | None) -> None:
    """Measure everything, keep the results, and write the tables into the page.

    Elsewhere than in their usual place, the tables are printed instead.
    """
    wanted = only.split(",") if only else [*_SERIES]
    results: dict[str, Any] = {"machine": _facts(), "seed": seed, "runs": []}
    for series in wanted:
        for run in _SERIES[series](students, seed):
            results["runs"].append({"series": series, **run})
            click.echo(json.dumps(results["runs"][-1]))
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    _report(results, to)


@main.command("quick")
def run_quickly() -> None:
    """See whether everything works, with a class of three. What it prints is no measurement."""
    runs = [ours.measure(3, 2)]
    runs += [peers.measure(peer, 2) for peer in peers.PEERS]
    for run in runs:
        click.echo(json.dumps(run))
        if "left out" not in run and run["passed"] != run["right"]:
            raise click.ClickException("A right program did not pass, or a wrong one did.")


@main.command("report")
def make_report() -> None:
    """Write the tables of the kept results into the page again."""
    _report(json.loads(RESULTS.read_text(encoding="utf-8")), RESULTS)


def _workers(students: int, seed: int) -> Iterator[Run]:
    for workers in (1, 2, 4):
        yield ours.measure(students, workers, seed=seed)
    yield ours.measure(students, 2, seed=seed, cluster=True)


def _sizes(students: int, seed: int) -> Iterator[Run]:
    for count in (students // 4, students // 2, students):
        yield ours.measure(count, 2, seed=seed)


def _course(students: int, seed: int) -> Iterator[Run]:
    yield ours.measure(students, 2, COURSE, seed)


def _graders(students: int, seed: int) -> Iterator[Run]:
    count = min(students, TO_COMPARE)
    for workers in (1, 2):
        yield ours.measure(count, workers, seed=seed)
    for peer in peers.PEERS:
        yield peers.measure(peer, count, seed)


def _parts(students: int, seed: int) -> Iterator[Run]:
    yield from parts.measure()


_SERIES: dict[str, Callable[[int, int], Iterator[Run]]] = {
    "parts": _parts,
    "graders": _graders,
    "sizes": _sizes,
    "workers": _workers,
    "course": _course,
}


def _facts() -> dict[str, str]:
    kept = ("date", "commit", "processor", "system", "load before", "Python")
    return {name: text for name, text in facts().items() if name in kept}


def _report(results: dict[str, Any], kept: Path) -> None:
    if kept.resolve() != RESULTS.resolve():
        for name, text in report.sections(results).items():
            click.echo(f"\n## {name}\n\n{text}")
        return
    try:
        PAGE.write_text(report.fill(PAGE.read_text("utf-8"), results), encoding="utf-8")
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"made {PAGE}")


if __name__ == "__main__":
    main()
