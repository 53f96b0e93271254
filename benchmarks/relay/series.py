"""Runs scenarios, everything in turns, and keeps each run.

Round robin, because a machine has better and worse minutes: what is compared has met the same ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from benchmarks.relay import load
from benchmarks.relay.machine import allow_many_sockets, facts
from benchmarks.relay.peers import PEERS, Peer, Running, running, version_of, why_not
from benchmarks.relay.scenarios import Load, Scenario, at_most_idle
from grader.certificate import development_certificate

Run = dict[str, Any]
"""What the load generator told, and `scenario`, `case`, `peer`, `round` and `warnings`."""


def run_all(scenarios: Iterable[Scenario], only: set[str]) -> dict[str, Any]:
    """Everything that is kept: the machine, who took part, and each run.

    only: names of peers; if it is empty, all. Raises click.ClickException without a compiler.
    """
    load.must_be_built()
    machine = facts()
    most_idle = allow_many_sockets()
    scenarios = [at_most_idle(scenario, most_idle) for scenario in scenarios]
    wanted = {name for scenario in scenarios for name in scenario.peers}
    left_out = _left_out(wanted & only if only else wanted)
    there = {name for name in wanted if name not in left_out and (not only or name in only)}
    runs = [run for scenario in scenarios for run in _run(scenario, there)]
    peers = {
        name: {"title": peer.title}
        | ({"left out": left_out[name]} if name in left_out else {"version": version_of(peer)})
        for name, peer in PEERS.items()
        if name in left_out or name in there
    }
    return {"machine": machine, "peers": peers, "runs": runs}


def write(results: dict[str, Any], path: Path) -> None:
    """As JSON with a line for each run, so that two of them can be compared."""
    runs = ",\n".join(json.dumps(run) for run in results["runs"])
    about = {name: value for name, value in results.items() if name != "runs"}
    text = json.dumps(about, indent=1).removesuffix("\n}") + f',\n "runs": [\n{runs}\n]}}\n'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _left_out(names: set[str]) -> dict[str, str]:
    reasons: dict[str, str] = {}
    for name in sorted(names):
        if reason := why_not(PEERS[name]):
            click.echo(f"{name} is left out: {reason}")
            reasons[name] = reason
    return reasons


def _run(scenario: Scenario, there: set[str]) -> Iterator[Run]:
    click.echo(f"== {scenario.name}: {scenario.title}")
    turns = list(_turns(scenario, there))
    for number in range(1, scenario.rounds + 1):
        for name, case in turns:
            try:
                run = _one(PEERS[name], scenario.cases[case])
            except click.ClickException as error:  # this one only: the others have taken minutes
                click.echo(f"   {name}, {case}: {error.message}")
                continue
            if found := load.problems(run):
                click.echo(f"   {name}, {case}: {', '.join(found)}")
            yield {"scenario": scenario.name, "case": case, "peer": name, "round": number} | run
        click.echo(f"   round {number} of {scenario.rounds} is done")


def _turns(scenario: Scenario, there: set[str]) -> Iterator[tuple[str, str]]:
    can_tls = load.has_tls()
    for name in scenario.peers:
        for case, options in scenario.cases.items():
            if name in there and (not options.get("tls") or (can_tls and PEERS[name].tls)):
                yield name, case
    if not can_tls and any(options.get("tls") for options in scenario.cases.values()):
        click.echo("   without what needs TLS: OpenSSL's headers are missing here")


def _one(peer: Peer, options: Load) -> Run:
    certificate = None
    if options.get("tls"):
        files = development_certificate()
        certificate = (str(files.certificate), str(files.key))
    with running(peer, certificate) as server:
        before = _warnings(server)
        run = load.put_load_on(server, **options)
        run["warnings"] = _warnings(server) - before
    return run


def _warnings(server: Running) -> int:
    """Lines of the log that warn of something."""
    return server.log.read_text(errors="replace").count("WARNING")
