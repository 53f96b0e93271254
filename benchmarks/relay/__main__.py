"""The commands of the benchmark: python -m benchmarks.relay --help, from the checkout's root."""

from __future__ import annotations

import json
import select
import subprocess
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

import click

from benchmarks.relay import compare, load, report, series, storms
from benchmarks.relay.figures import Figures
from benchmarks.relay.machine import ROOT, allow_many_sockets
from benchmarks.relay.peers import HERE, OWN_PYTHON, PEERS, build, running, why_not
from benchmarks.relay.scenarios import SCENARIOS, Load, quick
from grader.certificate import development_certificate

RESULTS = HERE / "results" / "latest.json"
STORM_RESULTS = HERE / "results" / "storm.json"
PAGE = ROOT / "chapters" / "how-fast-is-it.md"
PLOTS = ROOT / "chapters" / "how-fast-is-it"
QUICK_RESULTS = HERE / "build" / "quick.json"


@click.group()
def main() -> None:
    """How fast is the relay? See benchmarks/relay/README.md."""


@main.command("all")
@click.option("--scenarios", help=f"Only these, of {', '.join(SCENARIOS)}.")
@click.option("--peers", help=f"Only these, of {', '.join(PEERS)}.")
@click.option("--to", type=click.Path(path_type=Path), default=RESULTS, help="Where to keep it.")
def run_all(scenarios: str | None, peers: str | None, to: Path) -> None:
    """Run every scenario (or some), keep the results, and write tables and plots into the page.

    Elsewhere than in their usual place, the tables and plots are beside the results.
    """
    names = _known(scenarios, SCENARIOS)
    results = series.run_all([SCENARIOS[name] for name in names], set(_known(peers, PEERS)))
    series.write(results, to)
    _make_report(to)


@main.command("quick")
def run_quickly() -> None:
    """Look whether everything works, in about a minute. What it prints is no measurement.

    Where there is no C compiler there is nothing to look at, and that is said.
    """
    if reason := build("build/load"):
        click.echo(f"Nothing to look at, because there is no load generator: {reason}")
        return
    results = series.run_all([quick(scenario) for scenario in SCENARIOS.values()], set(PEERS))
    series.write(results, QUICK_RESULTS)
    sections = report.sections(results)
    click.echo("\n\n".join(sections[name] for name in ("checked", "room", "tls")))
    figures = Figures(results["runs"])
    if wrong := [name for name in PEERS if figures.wrong(name)]:
        raise click.ClickException(f"Lost, doubled, moved or changed lines: {', '.join(wrong)}")


@main.command("report")
@click.option("--of", type=click.Path(exists=True, path_type=Path), default=RESULTS)
def make_report(of: Path) -> None:
    """Make the tables and the plots anew from results that are kept."""
    _make_report(of)


def _make_report(kept: Path) -> None:
    results = json.loads(kept.read_text(encoding="utf-8"))
    usual = kept.resolve() == RESULTS
    made = PAGE if usual else kept.with_suffix(".md")
    made.write_text(_filled_page(results) if usual else report.tables(results), encoding="utf-8")
    click.echo(f"made {made}")
    if not OWN_PYTHON.exists():
        click.echo("No plots: matplotlib is not installed. make bench-peers")
        return
    folder = PLOTS if usual else kept.parent
    command = [str(OWN_PYTHON), "-m", "benchmarks.relay.plots", str(kept), str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)


def _filled_page(results: dict[str, Any]) -> str:
    try:
        return report.fill(PAGE.read_text(encoding="utf-8"), results, _storm_results())
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def _storm_results() -> dict[str, Any]:
    return dict(json.loads(STORM_RESULTS.read_text(encoding="utf-8")))


def _known(names: str | None, there: Iterable[str]) -> list[str]:
    if names is None:
        return list(there)
    for name in names.split(","):
        if name not in there:
            raise click.ClickException(f"There is no {name!r}. There are: {', '.join(there)}.")
    return names.split(",")


@main.command("try")
@click.option("--peers", default="bfnet,c-merged", show_default=True, help="Separated by commas.")
@click.option("--clients", default=100, show_default=True)
@click.option("--senders", default=10, show_default=True)
@click.option("--seconds", default=2.0, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--rate", default=0.0, help="Lines a second on a schedule (or one in flight each).")
@click.option("--deaf", default=0, help="Clients that never read.")
@click.option("--idle", default=0, help="Clients that stay at the prompt.")
@click.option("--length", default=64, show_default=True, help="Bytes of a line.")
@click.option("--tls", is_flag=True)
def try_out(
    peers: str, clients: int, rounds: int, tls: bool, senders: int, **options: float
) -> None:
    """Put load on some servers, in turns, and print the medians. Keeps nothing."""
    load.must_be_built()
    allow_many_sockets()
    names = [name for name in _known(peers, PEERS) if not _is_left_out(name)]
    files = development_certificate()
    certificate = (str(files.certificate), str(files.key)) if tls else None
    results: dict[str, list[load.Result]] = {name: [] for name in names}
    senders = min(senders, clients)
    for _ in range(rounds):
        for name in names:
            with running(PEERS[name], certificate) as server:
                result = load.put_load_on(
                    server, members=clients, senders=senders, tls=tls, **options
                )
            results[name].append(result)
            if found := load.problems(result):
                click.echo(f"{name}: {', '.join(found)}", err=True)
    click.echo(
        f"{'':18}{'us CPU each':>12}{'(least, most)':>18}{'deliveries/s':>14}"
        f"{'p50 us':>10}{'p99 us':>10}{'joins/s':>10}{'B/idle':>9}{'own CPU':>9}"
    )
    for name, runs in results.items():
        cpu = [run["cpu_us_per_delivery"] for run in runs]
        click.echo(
            f"{name:18}{median(cpu):12.3f}{f'({min(cpu):.3f}, {max(cpu):.3f})':>18}"
            f"{median(run['deliveries_per_second'] for run in runs):14,.0f}"
            f"{median(run['latency_us']['p50'] for run in runs):10,.0f}"
            f"{median(run['latency_us']['p99'] for run in runs):10,.0f}"
            f"{median(run['members'] / (run['join']['seconds'] or 1) for run in runs):10,.0f}"
            f"{median(run['bytes_per_idle'] for run in runs):9,.0f}"
            f"{median(run['own_cpu_seconds'] / (run['seconds'] or 1) for run in runs):9.0%}"
        )


@main.command("compare")
@click.argument("revision")
@click.option("--rounds", default=10, show_default=True)
@click.option("--seconds", default=1.0, show_default=True, help="Of each run.")
@click.option("--clients", help="Only rooms of so many, such as 10,100.")
@click.option("--plain", is_flag=True, help="Leave out TLS.")
def compare_with(
    revision: str, rounds: int, seconds: float, clients: str | None, plain: bool
) -> None:
    """Compare this checkout's bfnet with that of REVISION, a commit or anything git can name.

    Prints what a delivery costs now, divided by what it cost before. Keeps nothing.
    """
    load.must_be_built()
    allow_many_sockets()
    cells = [
        cell
        for cell in compare.CELLS
        if (clients is None or str(cell.load["members"]) in clients.split(","))
        and not (cell.load["tls"] and (plain or not load.has_tls()))
    ]
    if not cells:
        raise click.ClickException(f"There is no room of {clients}. There are: 10, 100, 1000.")
    files = development_certificate()
    certificate = (str(files.certificate), str(files.key))

    def measure(source: Path, options: Load) -> float:
        own_certificate = certificate if options["tls"] else None
        with running(PEERS["bfnet"], own_certificate, BFNET_SOURCE=str(source)) as server:
            result = load.put_load_on(server, senders=10, seconds=seconds, **options)
        if found := load.problems(result):
            raise click.ClickException(f"bfnet of {source.parent.name}: {', '.join(found)}")
        return float(result["cpu_us_per_delivery"])

    with compare.both(revision, ROOT) as (before, now):
        found = compare.ratios(before, now, cells, rounds, measure)
    click.echo(compare.table(found))


@main.command("storm")
@click.option("--peers", default="bfnet", show_default=True, help="Separated by commas.")
@click.option("--against", help="Also bfnet as it is in this commit, in alternation.")
@click.option("--rate", default=2000, show_default=True, help="Connections a second.")
@click.option("--seconds", default=5.0, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--joining", default=1000, show_default=True, help="Clients that join at once.")
@click.option("--keep", is_flag=True, help="Keep the results, and write their table on the page.")
def storm_them(peers: str, against: str | None, keep: bool, **options: float) -> None:
    """Measure how late what is said in a room arrives while strangers connect and leave."""
    if not hasattr(select, "epoll"):
        raise click.ClickException("a storm needs Linux: strangers wait with epoll")
    results = storms.run_all(_known(peers, PEERS), against, **options)
    if keep:
        series.write(results, STORM_RESULTS)
        PAGE.write_text(_filled_page(json.loads(RESULTS.read_text("utf-8"))), encoding="utf-8")
        click.echo(f"made {PAGE}")


def _is_left_out(name: str) -> bool:
    reason = why_not(PEERS[name])
    if reason:
        click.echo(f"{name} is left out: {reason}", err=True)
    return reason is not None


if __name__ == "__main__":
    main()
