"""Medians, spreads and ratios of the runs that were kept."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

from benchmarks.relay.load import problems

Run = dict[str, Any]


class Spread(NamedTuple):
    """What several runs gave for one thing."""

    median: float
    least: float
    most: float


class Figures:
    """Answers questions about runs. What was not run, or went wrong, gives None."""

    def __init__(self, runs: list[Run]) -> None:
        self.runs = runs

    def of(self, scenario: str, case: str, peer: str) -> list[Run]:
        """Return the runs of one server under one load, by round."""
        wanted = (scenario, case, peer)
        return [run for run in self.runs if (run["scenario"], run["case"], run["peer"]) == wanted]

    def spread(self, scenario: str, case: str, peer: str, what: str) -> Spread | None:
        """Return the spread of `value_of` over all rounds; None if a run is missing or failed."""
        runs = self.of(scenario, case, peer)
        if not runs or any(_is_broken(run) for run in runs):
            return None
        values = [value_of(run, what) for run in runs]
        return Spread(median(values), min(values), max(values))

    def median(self, scenario: str, case: str, peer: str, what: str) -> float | None:
        """Return the median of `value_of` over all rounds; None if a run is missing or failed."""
        spread = self.spread(scenario, case, peer, what)
        return None if spread is None else spread.median

    def ratio(
        self,
        what: str,
        above: tuple[str, str, str],
        below: tuple[str, str, str],
    ) -> float | None:
        """Return the median of each round's ratio: both ran in the same minutes of the machine.

        above, below: scenario, case and peer.
        """
        uppers, lowers = self.of(*above), self.of(*below)
        if not uppers or not lowers or any(_is_broken(run) for run in uppers + lowers):
            return None
        return median(
            value_of(upper, what) / value_of(lower, what)
            for upper, lower in zip(uppers, lowers, strict=False)
        )

    def checked(self) -> int:
        """Deliveries of which the content, the order and the number were looked at."""
        return sum(run["checked"] for run in self.runs)

    def wrong(self, peer: str) -> int:
        """How many a server got wrong. What came too late is not among them."""
        return sum(
            run[what]
            for run in self.runs
            if run["peer"] == peer and not _waits_for_the_deaf(run)
            for what in ("lost", "doubled", "reordered", "changed")
        )

    def waits_for_the_deaf(self, peer: str) -> bool:
        """Whether a server delivers to nobody any more while somebody does not read."""
        return any(_waits_for_the_deaf(run) for run in self.runs if run["peer"] == peer)

    def complaints(self, scenario: str, case: str, peer: str) -> list[str]:
        """Return in words what was wrong with any of the runs, each problem once."""
        found = [text for run in self.of(scenario, case, peer) for text in problems(run)]
        return list(dict.fromkeys(found))


def value_of(run: Run, what: str) -> float:
    """Return a number of a run: one that it has, such as `latency_us.p50`, or a derived one."""
    if what in _DERIVED:
        return _DERIVED[what](run)
    value: Any = run
    for name in what.split("."):
        value = value[name]
    return float(value)


def _per(total: float, count: float) -> float:
    return total / count if count else 0.0


_DERIVED: dict[str, Callable[[Run], float]] = {
    "joins_per_second": lambda run: _per(run["members"], run["join"]["seconds"]),
    "join_cpu_us": lambda run: _per(run["join"]["cpu_seconds"] * 1e6, run["joins_told"]),
    "accepts_per_second": lambda run: _per(run["idle_counted"], run["idle_connect"]["seconds"]),
    "accept_cpu_us": lambda run: _per(
        run["idle_connect"]["cpu_seconds"] * 1e6, run["idle_counted"]
    ),
    "lines_per_packet": lambda run: _per(run["deliveries"], run["packets"]),
    "grown_mb": lambda run: (run["memory"]["after"] - run["memory"]["joined"]) / 1e6,
    "kept_up": lambda run: _per(
        run["deliveries"], run["rate"] * (run["members"] - 1) * run["seconds"]
    ),
}


def _waits_for_the_deaf(run: Run) -> bool:
    return bool(run["deaf"] and run["stalled"])


def _is_broken(run: Run) -> bool:
    """Whether its figures mean nothing. A server that could not keep up is slow, not broken."""
    return bool(
        run["lost"]
        or run["doubled"]
        or run["reordered"]
        or run["changed"]
        or run["hung_up"]
        or run["stalled"]
    )
