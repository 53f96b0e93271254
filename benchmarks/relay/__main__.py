"""The commands of the benchmark: python -m benchmarks.relay --help, from the checkout's root."""

from __future__ import annotations

from statistics import median

import click

from benchmarks.relay import load
from benchmarks.relay.peers import PEERS, running, why_not
from workbook.certificate import development_certificate


@click.group()
def main() -> None:
    """How fast is the relay? See benchmarks/relay/README.md."""


@main.command("try")
@click.option(
    "--peers", default="bfnet,c-merged", show_default=True, help=f"Of {', '.join(PEERS)}."
)
@click.option("--clients", default=100, show_default=True)
@click.option("--senders", default=10, show_default=True)
@click.option("--seconds", default=2.0, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option(
    "--rate",
    default=0.0,
    help="Lines a second on a schedule, in place of one in flight per sender.",
)
@click.option("--deaf", default=0, help="Clients that never read.")
@click.option("--idle", default=0, help="Clients that stay at the prompt.")
@click.option("--length", default=64, show_default=True, help="Bytes of a line.")
@click.option("--tls", is_flag=True)
def try_out(
    peers: str, clients: int, rounds: int, tls: bool, senders: int, **options: float
) -> None:
    """Put load on some servers, in turns, and print the medians. Keeps nothing."""
    load.must_be_built()
    names = [name for name in peers.split(",") if not _is_left_out(name)]
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
        f"{'':14}{'us CPU each':>12}{'(least, most)':>18}{'deliveries/s':>14}"
        f"{'p50 us':>10}{'p99 us':>10}{'joins/s':>10}{'B/idle':>9}{'own CPU':>9}"
    )
    for name, runs in results.items():
        cpu = [run["cpu_us_per_delivery"] for run in runs]
        click.echo(
            f"{name:14}{median(cpu):12.3f}{f'({min(cpu):.3f}, {max(cpu):.3f})':>18}"
            f"{median(run['deliveries_per_second'] for run in runs):14,.0f}"
            f"{median(run['latency_us']['p50'] for run in runs):10,.0f}"
            f"{median(run['latency_us']['p99'] for run in runs):10,.0f}"
            f"{median(run['members'] / (run['join_seconds'] or 1) for run in runs):10,.0f}"
            f"{median(run['bytes_per_idle'] for run in runs):9,.0f}"
            f"{median(run['own_cpu_seconds'] / (run['seconds'] or 1) for run in runs):9.0%}"
        )


def _is_left_out(name: str) -> bool:
    if name not in PEERS:
        raise click.ClickException(f"There is no server {name!r}. There are: {', '.join(PEERS)}.")
    reason = why_not(PEERS[name])
    if reason:
        click.echo(f"{name} is left out: {reason}", err=True)
    return reason is not None


if __name__ == "__main__":
    main()
