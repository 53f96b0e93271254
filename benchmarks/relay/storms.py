"""Lets the same storm loose on several servers, in turns, and keeps what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

import click

from benchmarks.relay import compare
from benchmarks.relay.machine import ROOT, allow_many_sockets, facts
from benchmarks.relay.peers import PEERS, Peer, running, version_of, why_not
from benchmarks.relay.storm import join_at_once, storm
from grader.certificate import development_certificate

Run = dict[str, Any]
"""`peer`, `round`, and what a table shows: see `_one`."""


def run_all(
    names: Iterable[str],
    against: str | None,
    rate: float,
    seconds: float,
    rounds: float,
    joining: float,
) -> dict[str, Any]:
    """Everything that is kept: the machine, the storm, who took part, and each run.

    rate: connections a second, for so many `seconds`. joining: clients who join at once.
    against: a commit whose bfnet takes part too. Each run is printed as it comes.
    """
    machine = facts()
    allow_many_sockets()
    names = list(names)
    left_out = {name: reason for name in names if (reason := why_not(PEERS[name]))}
    for name, reason in left_out.items():
        click.echo(f"{name} is left out: {reason}", err=True)
    peers = {
        name: {"title": PEERS[name].title}
        | ({"left out": left_out[name]} if name in left_out else _version(PEERS[name]))
        for name in names
    }
    runs = []
    with ExitStack() as stack:
        servers = {name: (PEERS[name], {}) for name in names if name not in left_out}
        if against is not None:
            before, now = stack.enter_context(compare.both(against, ROOT))
            servers["bfnet"] = (PEERS["bfnet"], {"BFNET_SOURCE": str(now)})
            servers["before"] = (PEERS["bfnet"], {"BFNET_SOURCE": str(before)})
            peers["bfnet"] = {"title": PEERS["bfnet"].title} | _version(PEERS["bfnet"])
            peers["before"] = {"title": f"bfnet of {against}", "version": against}
        click.echo(
            f"{'':40}{'asked/s':>9}{'made/s':>9}{'p50 ms':>10}{'p99 ms':>10}{'worst ms':>10}"
            f"{f'{joining:,.0f} join, s':>15}"
        )
        for number in range(1, int(rounds) + 1):
            for name, (peer, environment) in servers.items():
                run = _one(peer, environment, int(rate), seconds, int(joining))
                runs.append({"peer": name, "round": number} | run)
                click.echo(
                    f"{peers[name]['title']:40}{run['asked']:9,.0f}{run['made']:9,.0f}"
                    f"{run['p50']:10,.1f}{run['p99']:10,.1f}{run['worst']:10,.1f}{run['join']:15.2f}"
                )
    about = {"rate": int(rate), "seconds": seconds, "joining": int(joining)}
    return {"machine": machine, "storm": about, "peers": peers, "runs": runs}


def _one(peer: Peer, environment: dict[str, str], rate: int, seconds: float, joining: int) -> Run:
    """One server in one storm: connections in a second, delays in ms, and seconds to join."""
    files = development_certificate()
    certificate, authority = (str(files.certificate), str(files.key)), str(files.authority)
    with running(peer, certificate, **environment) as server:
        found = storm(server, authority, rate, seconds)
    with running(peer, certificate, **environment) as server:
        joined = join_at_once(server, authority, joining)
    return {
        "asked": found.asked / seconds,
        "made": found.made / seconds,
        "p50": found.p50 * 1000,
        "p99": found.p99 * 1000,
        "worst": max(found.delays) * 1000,
        "join": joined,
    }


def _version(peer: Peer) -> dict[str, str]:
    return {"version": version_of(peer)}
