"""Measures whether a change makes the relay slower: two states of bfnet, in alternation.

Only `src/bfnet` differs. The chat server, the Python, the machine and the load are the same, and
both states are run from copies in one temporary folder. Each round runs every cell with both, one
right after the other, and the next round begins with the other one. What is reported is the ratio
of such neighbors, which have met the same seconds of the machine.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean, median

import click

from benchmarks.relay.scenarios import Load

PACKAGE = Path("src", "bfnet")


@dataclass(frozen=True)
class Cell:
    """One load that both are put under."""

    name: str
    load: Load


CELLS = [
    Cell(f"{members:,} clients, {'TLS' if tls else 'plain'}", {"members": members, "tls": tls})
    for tls in (False, True)
    for members in (10, 100, 1000)
]

Measure = Callable[[Path, Load], float]
"""CPU per delivery of a server that imports bfnet from the given folder, under the given load."""


@contextmanager
def both(revision: str, checkout: Path) -> Iterator[tuple[Path, Path]]:
    """Two folders to import bfnet from: as it was in `revision`, and as it is in the checkout.

    Raises click.ClickException, with one line, if git does not know that revision.
    """
    with tempfile.TemporaryDirectory(prefix="relay-") as folder:
        before, now = Path(folder, "before"), Path(folder, "now")
        _check_out(revision, checkout, before)
        # A copy as well, so that nothing changes while this runs, and neither is any nearer.
        without_caches = shutil.ignore_patterns("__pycache__")
        shutil.copytree(checkout / PACKAGE, now / PACKAGE, ignore=without_caches)
        yield before / PACKAGE.parent, now / PACKAGE.parent


def _check_out(revision: str, checkout: Path, to: Path) -> None:
    archive = ["git", "-C", str(checkout), "archive", revision, str(PACKAGE)]
    try:
        done = subprocess.run(archive, capture_output=True)
    except FileNotFoundError:
        raise click.ClickException("git is not installed, and only git has another bfnet") from None
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise click.ClickException(f"no {PACKAGE} of {revision!r}: {said[-1] if said else 'git'}")
    to.mkdir()
    subprocess.run(["tar", "-x", "-C", str(to)], input=done.stdout, check=True)


def ratios(
    before: Path, now: Path, cells: list[Cell], rounds: int, measure: Measure
) -> dict[str, list[float]]:
    """For each cell, a ratio a round: what a delivery costs now, divided by what it cost before."""
    found: dict[str, list[float]] = {cell.name: [] for cell in cells}
    for number in range(rounds):
        for cell in cells:
            pair = (before, now) if number % 2 == 0 else (now, before)
            cost = {folder: measure(folder, cell.load) for folder in pair}
            found[cell.name].append(cost[now] / cost[before])
    return found


def table(found: dict[str, list[float]]) -> str:
    """Return each cell's median ratio, least and most, and the geometric mean of the medians."""
    lines = [f"{'now / before':24}{'median':>8}{'(least, most)':>18}"]
    for name, values in found.items():
        spread = f"({min(values):.3f}, {max(values):.3f})"
        lines.append(f"{name:24}{median(values):8.3f}{spread:>18}")
    mean = geometric_mean(median(values) for values in found.values())
    lines.append(f"{'geometric mean':24}{mean:8.3f}")
    return "\n".join(lines)
