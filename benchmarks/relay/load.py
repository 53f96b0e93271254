"""Calls the load generator, which is a program in C: see `generator/load.c`."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import click

from benchmarks.relay.machine import LOAD_CORE, pinned_to
from benchmarks.relay.peers import HERE, Running, build

Result = dict[str, Any]
"""What it prints: see `report` in load.c."""

PROGRAM = HERE / "build" / "load"


def must_be_built() -> None:
    """Build it. Raises click.ClickException, with one line, where there is no compiler."""
    if reason := build("build/load"):
        raise click.ClickException(f"No load generator, so nothing can be measured: {reason}")


def has_tls() -> bool:
    """Whether it was built with TLS."""
    done = subprocess.run(
        [PROGRAM, "--port", "1", "--tls", "--length", "0"], capture_output=True, text=True
    )
    return "without TLS" not in done.stderr


def put_load_on(server: Running, **options: float | bool) -> Result:
    """Fill the server's room as the options of load.c say (`warm_up=0.5` is `--warm-up 0.5`).

    A result is given whether or not every line arrived: `problems` tells.
    Raises click.ClickException, with one line, if the generator could not try.
    """
    command = [str(PROGRAM), "--port", str(server.port), "--pid", str(server.pid)]
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        command += [flag] if value is True else [] if value is False else [flag, f"{value:g}"]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=pinned_to(LOAD_CORE))
    if done.returncode > 1 or not done.stdout:
        raise click.ClickException(f"the load generator: {done.stderr.strip() or done.returncode}")
    result: Result = json.loads(done.stdout)
    result["said"] = done.stderr.splitlines()
    return result


def problems(result: Result) -> list[str]:
    """Return in words what was wrong; [] if every line arrived once, in order, unchanged."""
    found = [
        f"{result[what]} {what}"
        for what in ("lost", "doubled", "reordered", "changed", "unfinished")
        if result[what]
    ]
    if result["hung_up"]:
        found.append(f"hung up on {result['hung_up']} who read")
    if result["stalled"]:
        found.append(f"stood still ({result['stalled']})")
    return found
