"""What is tried: who takes part, and the load on each.

The cases of a scenario are compared with each other, so they are run in turns, as the servers are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from benchmarks.relay.peers import PEERS

Load = dict[str, float | bool]
"""Options of the load generator, as `load.put_load_on` takes them."""

ALL = tuple(PEERS)
WITH_TLS = tuple(peer.name for peer in PEERS.values() if peer.tls)
SOME = (
    "bfnet",
    "bfnet-uvloop",
    "butterflynet",
    "c-merged",
    "c-patient",
    "asyncio-merged",
    "asyncio-streams",
    "node",
    "go-each",
    "go-buffered",
)


@dataclass(frozen=True)
class Scenario:
    """Some servers under some loads."""

    name: str
    title: str
    peers: tuple[str, ...]
    cases: dict[str, Load]
    rounds: int = 3


ROOM: Load = {"members": 100, "senders": 10, "seconds": 2}
NOBODY_TALKS: Load = {"members": 2, "senders": 0}
QUIET: Load = {"members": 2, "senders": 1, "rate": 100, "seconds": 2}
LONG_LINES: Load = {"senders": 10, "seconds": 4, "length": 4096, "patience": 2}
# Long enough that one pause of the system is not the 99th percentile.
BESIDE: Load = {"members": 100, "senders": 10, "rate": 300, "seconds": 10, "tls": True}

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("room", "100 clients, 10 of them talk", ALL, {"plain": ROOM}, rounds=5),
        Scenario("tls", "the same over TLS", WITH_TLS, {"TLS": ROOM | {"tls": True}}),
        Scenario(
            "sizes",
            "small and large rooms",
            SOME,
            {
                "10 clients": ROOM | {"members": 10},
                "1,000 clients": ROOM | {"members": 1000},
            },
        ),
        Scenario(
            "schedule",
            "lines that come when they come",
            ("bfnet", "bfnet-uvloop", "butterflynet", "c-merged", "go-buffered", "node"),
            {
                f"{rate:,}/s": ROOM | {"rate": rate, "drain": 3}
                for rate in (1000, 3000, 10_000, 30_000)
            },
        ),
        Scenario(
            "slow",
            "clients that never read",
            (
                "bfnet",
                "butterflynet",
                "c-merged",
                "asyncio-streams",
                "asyncio-drained",
                "node",
                "go-buffered",
            ),
            {
                "90 read": LONG_LINES | {"members": 90},
                "90 read, 10 never": LONG_LINES | {"members": 100, "deaf": 10},
            },
        ),
        Scenario(
            "quiet",
            "a server that has nothing to do",
            ("bfnet", "c-merged", "c-each", "asyncio-streams", "go-each", "node"),
            {"2 clients": QUIET, "100 clients": QUIET | {"members": 100, "rate": 50}},
            rounds=7,
        ),
        Scenario(
            "beside",
            "a room beside 10,000 idle TLS connections",
            ("bfnet", "c-merged", "go-buffered"),
            {"alone": BESIDE, "beside 10,000": BESIDE | {"idle": 10_000}},
        ),
        Scenario(
            "idle",
            "connections that do nothing",
            ALL,
            {
                "plain": NOBODY_TALKS | {"idle": 2000},
                "TLS": NOBODY_TALKS | {"idle": 2000, "tls": True},
            },
            rounds=2,
        ),
        Scenario(
            "join",
            "1,000 clients join at once",
            SOME,
            {"1,000 clients": {"members": 1000, "senders": 0}},
        ),
    )
}


def quick(scenario: Scenario) -> Scenario:
    """Return a short scenario that shows whether everything works, but not how fast."""
    few = ("bfnet", "c-merged", "asyncio-streams", "node", "go-buffered")
    cases = {
        name: load
        | {"seconds": 0.3, "warm_up": 0.1, "members": min(load["members"], 200)}
        | ({"idle": 200} if "idle" in load else {})
        for name, load in scenario.cases.items()
    }
    return replace(
        scenario, peers=tuple(name for name in scenario.peers if name in few), cases=cases, rounds=1
    )


def at_most_idle(scenario: Scenario, most: int) -> Scenario:
    """Return the scenario with at most this many idle clients."""
    cases = {
        name: load | ({"idle": min(load["idle"], most)} if "idle" in load else {})
        for name, load in scenario.cases.items()
    }
    return replace(scenario, cases=cases)
