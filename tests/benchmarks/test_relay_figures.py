"""What is made of the runs: medians, ratios, tables, and what counts as reached."""

import json
from pathlib import Path

import pytest

from benchmarks.relay import report
from benchmarks.relay.claims import CPU, Claim, claims
from benchmarks.relay.figures import Figures, Spread, value_of
from benchmarks.relay.peers import PEERS
from benchmarks.relay.scenarios import SCENARIOS, at_most_idle, quick

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "relay" / "results"
PAGE = ROOT / "chapters" / "how-fast-is-it.md"


def run(peer, number, cpu, scenario="room", case="plain", **changes):
    """What is kept of one run, as far as these tests look at it."""
    fine = dict.fromkeys(("lost", "doubled", "reordered", "changed", "hung_up", "deaf"), 0)
    about = {"scenario": scenario, "case": case, "peer": peer, "round": number}
    return about | fine | {"stalled": "", "unfinished": 0, "checked": 100, CPU: cpu} | changes


def test_several_runs_give_a_middle_a_least_and_a_most():
    figures = Figures([run("bfnet", n, cpu) for n, cpu in enumerate((1.0, 9.0, 2.0))])
    assert figures.spread("room", "plain", "bfnet", CPU) == Spread(2.0, 1.0, 9.0)


def test_a_ratio_compares_runs_of_the_same_round():
    slow_minute = [run("node", 1, 40), run("bfnet", 1, 10)]
    fast_minutes = [run("node", 2, 4), run("bfnet", 2, 1), run("node", 3, 4), run("bfnet", 3, 1)]
    figures = Figures(slow_minute + fast_minutes)
    assert figures.ratio(CPU, ("room", "plain", "node"), ("room", "plain", "bfnet")) == 4


def test_twice_the_work_of_c_is_half_of_its_efficiency_and_half_of_another_s_is_twice_of_it():
    costs = {"bfnet": 2.0, "bfnet-uvloop": 1.25, "c-merged": 1.0, "node": 4.0}
    figures = Figures([run(peer, 1, cpu) for peer, cpu in costs.items()])
    came = {claim.text: claim.came for claim in claims(figures)}
    assert came["100 clients: share of C's efficiency"] == 0.5
    assert came["100 clients, bfnet on uvloop: share of C's efficiency"] == 0.8
    assert came["100 clients: times as efficient as Node"] == 2.0


@pytest.mark.parametrize(
    "fault", [{"lost": 1}, {"doubled": 1}, {"reordered": 1}, {"changed": 1}, {"stalled": "talk"}]
)
def test_a_run_that_went_wrong_has_no_figures(fault):
    figures = Figures([run("bfnet", 1, 1.0), run("bfnet", 2, 1.0, **fault)])
    assert figures.spread("room", "plain", "bfnet", CPU) is None


def test_a_server_that_could_not_keep_up_has_figures():
    figures = Figures([run("node", 1, 1.0, unfinished=1000)])
    assert figures.median("room", "plain", "node", CPU) == 1.0


def test_keeping_up_is_the_share_of_what_was_due():
    due_in_two_seconds = 2 * 100 * 9
    kept_up = {"rate": 100, "members": 10, "seconds": 2, "deliveries": due_in_two_seconds / 2}
    assert value_of(kept_up, "kept_up") == 0.5


def test_a_server_that_changes_lines_is_named():
    runs = [run("bfnet", 1, 1.0, **of_a_room()), run("node", 1, 1.0, changed=2)]
    peers = {name: {"title": name, "version": "1"} for name in ("bfnet", "node")}
    text = report.sections({"machine": {}, "peers": peers, "runs": runs})["checked"]
    assert text == (
        "200 deliveries were checked. node got 2 wrong. Everything else arrived once, in order and "
        "unchanged."
    )


def test_a_server_that_waits_for_whoever_does_not_read_is_not_said_to_lose_lines():
    figures = Figures([run("asyncio-drained", 1, 0.0, deaf=10, lost=5, stalled="drain")])
    assert figures.wrong("asyncio-drained") == 0
    assert figures.waits_for_the_deaf("asyncio-drained")


def test_who_was_left_out_is_told_with_the_reason():
    peers = {"go-each": {"title": "Go", "left out": "go is not installed"}}
    text = report.sections({"machine": {"system": "Linux"}, "peers": peers, "runs": []})["machine"]
    assert text.splitlines()[-1] == "- left out: Go (go is not installed)"


def test_a_table_shows_three_digits_that_count():
    runs = [run("bfnet", 1, 0.51234, **of_a_room()), run("node", 1, 3.0904, **of_a_room())]
    peers = {name: {"title": PEERS[name].title, "version": "1"} for name in ("bfnet", "node")}
    table = report.sections({"machine": {}, "peers": peers, "runs": runs})["room"].splitlines()
    assert table[2] == "| **bfnet** | 0.51 | 0.51 to 0.51 | 1 | 9.90 | 412,000 | 0.83 | 12.5 |"
    assert table[3] == "| Node | 3.09 | 3.09 to 3.09 | 6.03 | 9.90 | 412,000 | 0.83 | 12.5 |"


def of_a_room():
    latency = {"p50": 831.0, "p99": 12_500.0}
    sent = {"deliveries": 990, "packets": 100, "deliveries_per_second": 411_999.6}
    return sent | {"latency_us": latency}


@pytest.mark.parametrize(
    ("claim", "reached"),
    [
        (Claim("at least", 5.0, least=5), True),
        (Claim("at least", 4.9, least=5), False),
        (Claim("at most", 1.0, most=1), True),
        (Claim("at most", 1.1, most=1), False),
        (Claim("at most", None, most=1), None),
    ],
)
def test_a_bound_is_kept_or_not_or_nobody_knows(claim, reached):
    assert claim.is_reached() is reached


def test_without_runs_no_claim_is_made():
    assert {claim.is_reached() for claim in claims(Figures([]))} == {None}


def test_every_scenario_names_servers_that_there_are():
    assert {name for scenario in SCENARIOS.values() for name in scenario.peers} <= set(PEERS)


def test_a_quick_look_has_every_scenario_and_ours_in_it():
    assert all("bfnet" in quick(scenario).peers for scenario in SCENARIOS.values())


def test_no_more_clients_are_idle_than_the_process_may_have_sockets():
    cases = at_most_idle(SCENARIOS["beside"], 700).cases
    assert [case.get("idle", 0) for case in cases.values()] == [0, 700]


def test_a_page_without_a_place_for_a_table_is_refused():
    results = json.loads((RESULTS / "latest.json").read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8").replace("<!-- /tls -->", "")
    with pytest.raises(ValueError, match="needs <!-- tls --> and, below it, <!-- /tls -->"):
        report.fill(page, results, storms())


def test_the_tables_on_the_page_are_those_of_the_results():
    results = json.loads((RESULTS / "latest.json").read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    assert page == report.fill(page, results, storms()), "run: python -m benchmarks.relay report"


def storms():
    return json.loads((RESULTS / "storm.json").read_text(encoding="utf-8"))


def storm_run(peer, number, delay):
    delays = {"p50": delay, "p99": 10 * delay, "worst": 20 * delay}
    return {"peer": peer, "round": number, "made": 1234.5, "join": 0.567} | delays


def test_a_storm_is_compared_with_that_of_the_same_round_and_who_is_missing_is_told():
    peers = {"bfnet": {"title": "bfnet"}, "node": {"title": "Node"}}
    peers |= {"go-buffered": {"title": "Go", "left out": "go is not installed"}}
    pairs = [("bfnet", 1, 1.0), ("node", 1, 4.0), ("bfnet", 2, 10.0), ("node", 2, 40.0)]
    machine = dict.fromkeys(("date", "commit", "processor", "load before"), "x")
    made = report.storm_sections(
        {
            "machine": machine,
            "storm": {"rate": 2000, "seconds": 5.0, "joining": 1000},
            "peers": peers,
            "runs": [storm_run(*each) for each in pairs],
        }
    )
    assert made["storm"].splitlines()[2:] == [
        "| **bfnet** | 5.50 | 55 | 110 | 1 | 1 | 1,230 | 0.57 |",
        "| Node | 22 | 220 | 440 | 4 | 4 | 1,230 | 0.57 |",
    ]
    assert made["storm-machine"].endswith("Go is missing: go is not installed.")
