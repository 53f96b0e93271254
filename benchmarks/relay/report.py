"""Makes the tables of the results, in Markdown, and writes them into the page.

In the page a table is between two comments with its name, `<!-- room -->` and `<!-- /room -->`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import median
from typing import Any

from benchmarks.relay.claims import CPU, P50, P99, Claim, claims
from benchmarks.relay.figures import Figures, value_of
from benchmarks.relay.page import fill as page_with
from benchmarks.relay.scenarios import SCENARIOS

NONE = "-"
Cell = Callable[[str], str]
"""What a column has for a server."""


def fill(page: str, results: dict[str, Any], storms: dict[str, Any]) -> str:
    """Return the page's text with each table of `results` and `storms` in its place.

    Raises ValueError when the page has no place for one of them.
    """
    return page_with(page, {**sections(results), **storm_sections(storms)})


def tables(results: dict[str, Any]) -> str:
    """Return only the tables, each by its name."""
    return "\n".join(f"## {name}\n\n{text}\n" for name, text in sections(results).items())


def sections(results: dict[str, Any]) -> dict[str, str]:
    """Each table by its name."""
    figures = Figures(results["runs"])
    titles = {name: peer["title"] for name, peer in results["peers"].items()}
    return {
        "machine": _machine(results),
        "checked": _checked(figures, titles),
        "claims": _claims(figures),
        "room": _room(figures, titles, "room", "plain"),
        "tls": _room(figures, titles, "tls", "TLS"),
        "sizes": _sizes(figures, titles),
        "schedule": _schedule(figures, titles),
        "slow": _slow(figures, titles),
        "quiet": _quiet(figures, titles),
        "beside": _beside(figures, titles),
        "idle": _idle(figures, titles),
        "join": _join(figures, titles),
    }


def storm_sections(results: dict[str, Any]) -> dict[str, str]:
    """Return the table of the storms, and what machine they met, each by its name."""
    runs: list[dict[str, Any]] = results["runs"]
    peers = {name: peer for name, peer in results["peers"].items() if "left out" not in peer}

    def middle(name: str, what: str) -> float:
        return median(run[what] for run in runs if run["peer"] == name)

    def times(name: str, what: str) -> float:
        ours = {run["round"]: run[what] for run in runs if run["peer"] == "bfnet"}
        return median(run[what] / ours[run["round"]] for run in runs if run["peer"] == name)

    heads = ("p50 ms", "p99 ms", "worst ms", "times bfnet's p50", "times bfnet's p99")
    joining = results["storm"]["joining"]
    rows = (
        (
            _emphasized(name, peers[name]["title"]),
            *(_number(middle(name, what)) for what in ("p50", "p99", "worst")),
            *(_number(times(name, what)) for what in ("p50", "p99")),
            *(_number(middle(name, what)) for what in ("made", "join")),
        )
        for name in sorted(peers, key=lambda name: middle(name, "p99"))
    )
    rounds = max(run["round"] for run in runs)
    machine = results["machine"]
    facts = (
        f"{rounds} rounds, {machine['date']}, commit {machine['commit']}, {machine['processor']}, "
        f"load before {machine['load before']}."
    )
    missing = (
        f"{peer['title']} is missing: {peer['left out']}."
        for peer in results["peers"].values()
        if "left out" in peer
    )
    return {
        "storm": table(("", *heads, "connections/s taken", f"{joining:,} join, s"), rows),
        "storm-machine": " ".join([facts, *missing]),
    }


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table: the first column is text, the others are numbers."""
    heads = list(heads)
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _machine(results: dict[str, Any]) -> str:
    facts = [f"- {what}: {fact}" for what, fact in results["machine"].items()]
    versions: dict[str, None] = {}
    for peer in results["peers"].values():
        if "version" in peer and peer["version"] not in ("this checkout", "1.1.0"):
            versions[peer["version"]] = None
    missing = [
        f"- left out: {peer['title']} ({peer['left out']})"
        for peer in results["peers"].values()
        if "left out" in peer
    ]
    return "\n".join([*facts, f"- compared with: {'; '.join(versions)}", *missing])


def _checked(figures: Figures, titles: dict[str, str]) -> str:
    checked = f"{figures.checked():,} deliveries were checked"
    exceptions = [
        f"{title} got {figures.wrong(name):,} wrong"
        for name, title in titles.items()
        if figures.wrong(name)
    ] + [
        f"{title} stood still as long as a client did not read"
        for name, title in titles.items()
        if figures.waits_for_the_deaf(name)
    ]
    if not exceptions:
        return f"{checked}. None was lost, doubled, out of order or changed."
    return (
        f"{checked}. {'; '.join(exceptions)}. Everything else arrived once, in order and unchanged."
    )


def _claims(figures: Figures) -> str:
    words = {True: "yes", False: "**no**", None: "not measured"}
    return table(
        ("bfnet", "goal", "result", "reached"),
        (
            (
                claim.text,
                _bound(claim),
                NONE if claim.came is None else f"{_number(claim.came)} {claim.unit}".strip(),
                words[claim.is_reached()],
            )
            for claim in claims(figures)
        ),
    )


def _bound(claim: Claim) -> str:
    least = f"≥ {claim.least:g}" if claim.least is not None else f"≤ {claim.most:g}"
    return f"{least} {claim.unit}".strip()


def _room(figures: Figures, titles: dict[str, str], scenario: str, case: str) -> str:
    def times(name: str) -> str:
        above, below = (scenario, case, name), (scenario, case, "bfnet")
        return _number(figures.ratio(CPU, above, below))

    def cpu(name: str) -> float:
        found = figures.median(scenario, case, name, CPU)
        return float("inf") if found is None else found

    columns: dict[str, Cell] = {
        "CPU µs per delivery": _middle(figures, scenario, case, CPU),
        "least to most": _spread(figures, scenario, case, CPU),
        "times bfnet's": times,
        "lines per packet": _middle(figures, scenario, case, "lines_per_packet"),
        "deliveries/s": _middle(figures, scenario, case, "deliveries_per_second"),
        "p50 ms": _middle(figures, scenario, case, P50, 1000),
        "p99 ms": _middle(figures, scenario, case, P99, 1000),
    }
    order = sorted(SCENARIOS[scenario].peers, key=cpu)
    return _of_servers(figures, scenario, titles, columns, order)


def _sizes(figures: Figures, titles: dict[str, str]) -> str:
    columns = {case: _middle(figures, "sizes", case, CPU) for case in SCENARIOS["sizes"].cases}
    return _of_servers(figures, "sizes", titles, columns)


def _schedule(figures: Figures, titles: dict[str, str]) -> str:
    def cell(case: str) -> Cell:
        def of(name: str) -> str:
            run = ("schedule", case, name)
            kept_up = figures.median(*run, "kept_up")
            if kept_up is None:
                return "; ".join(figures.complaints(*run)) or NONE
            if kept_up < 0.99:
                return f"{kept_up:.0%} only"
            p50, p99 = figures.median(*run, P50), figures.median(*run, P99)
            return f"{_number(p50, 1000)} / {_number(p99, 1000)}"

        return of

    columns = {case: cell(case) for case in SCENARIOS["schedule"].cases}
    servers = _of_servers(figures, "schedule", titles, columns)
    return f"{servers}\n\n{_own_lag(figures)}".strip()


def _own_lag(figures: Figures) -> str:
    """How much of those latencies is the clients' own, because they spoke too late."""
    runs = [run for run in figures.runs if run["scenario"] == "schedule"]
    if not runs:
        return ""
    middle, late = (
        median(value_of(run, f"own_lag_us.{share}") for run in runs) for share in ("p50", "p99")
    )
    return (
        f"The clients themselves were late, too: {_number(middle)} µs in the median, and "
        f"{_number(late)} µs at the 99th percentile."
    )


def _slow(figures: Figures, titles: dict[str, str]) -> str:
    without, with_slow = SCENARIOS["slow"].cases

    def after(name: str) -> str:
        run = ("slow", with_slow, name)
        speed = figures.median(*run, "deliveries_per_second")
        return "; ".join(figures.complaints(*run)) if speed is None else _number(speed)

    columns: dict[str, Cell] = {
        "deliveries/s, 90 read": _middle(figures, "slow", without, "deliveries_per_second"),
        "and 10 never do": after,
        "CPU µs before": _middle(figures, "slow", without, CPU),
        "after": _middle(figures, "slow", with_slow, CPU),
        "memory that it took, MB": _middle(figures, "slow", with_slow, "grown_mb"),
        "hung up on": _middle(figures, "slow", with_slow, "deaf_hung_up"),
        "lines logged": _middle(figures, "slow", with_slow, "warnings"),
    }
    return _of_servers(figures, "slow", titles, columns)


def _quiet(figures: Figures, titles: dict[str, str]) -> str:
    columns = {
        f"{case}, {name} µs": _middle(figures, "quiet", case, what)
        for case in SCENARIOS["quiet"].cases
        for name, what in (("p50", P50), ("p99", P99))
    }
    return _of_servers(figures, "quiet", titles, columns)


def _beside(figures: Figures, titles: dict[str, str]) -> str:
    alone, beside = SCENARIOS["beside"].cases

    def memory(name: str) -> str:
        each = figures.median("beside", beside, name, "memory.idle")
        return _number(each, 1e6)

    columns: dict[str, Cell] = {
        f"{case}, {name} ms": _middle(figures, "beside", case, what, 1000)
        for case in (alone, beside)
        for name, what in (("p50", P50), ("p99", P99))
    }
    return _of_servers(figures, "beside", titles, columns | {"memory, MB": memory})


def _idle(figures: Figures, titles: dict[str, str]) -> str:
    columns = {
        f"{head}, {case}": _middle(figures, "idle", case, what, unit)
        for head, what, unit in (
            ("kB each", "bytes_per_idle", 1000),
            ("accepted/s", "accepts_per_second", 1),
        )
        for case in SCENARIOS["idle"].cases
    }
    return _of_servers(figures, "idle", titles, columns)


def _join(figures: Figures, titles: dict[str, str]) -> str:
    (case,) = SCENARIOS["join"].cases
    columns = {
        "joins/s": _middle(figures, "join", case, "joins_per_second"),
        "CPU µs for telling one of one": _middle(figures, "join", case, "join_cpu_us"),
    }
    return _of_servers(figures, "join", titles, columns)


def _of_servers(
    figures: Figures,
    scenario: str,
    titles: dict[str, str],
    columns: dict[str, Cell],
    order: Iterable[str] = (),
) -> str:
    """Return a table with a row for each server that took part."""
    took_part = {run["peer"] for run in figures.runs if run["scenario"] == scenario}
    names = [name for name in order or SCENARIOS[scenario].peers if name in took_part]
    if not names:
        return "Not measured."
    rows = (
        (_emphasized(name, titles[name]), *(cell(name) for cell in columns.values()))
        for name in names
    )
    return table(("", *columns), rows)


def _emphasized(name: str, title: str) -> str:
    return f"**{title}**" if name.startswith("bfnet") else title


def _middle(figures: Figures, scenario: str, case: str, what: str, unit: float = 1) -> Cell:
    return lambda name: _number(figures.median(scenario, case, name, what), unit)


def _spread(figures: Figures, scenario: str, case: str, what: str) -> Cell:
    def of(name: str) -> str:
        spread = figures.spread(scenario, case, name, what)
        return NONE if spread is None else f"{_number(spread.least)} to {_number(spread.most)}"

    return of


def _number(value: float | None, unit: float = 1) -> str:
    """With three digits that count, and no more than two behind the point."""
    if value is None:
        return NONE
    value /= unit
    if abs(value) >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    if abs(value) >= 100 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
