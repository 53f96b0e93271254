"""The comparison of random schedules: a few of them, and that it would find a difference."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import random_schedules
from random_schedules import Act, Comparison, Outcome, difference, differences, schedule

FIRST = 1_000_000  # other seeds than those that the tool begins with


def test_random_schedules_end_the_same_in_simulation_and_on_sockets() -> None:
    found = list(differences(FIRST, seconds=60.0, schedules=12))
    assert [seed for seed, _, _ in found] == list(range(FIRST, FIRST + 12))
    assert [each for each in found if each[1]] == []


def test_a_seed_makes_one_schedule() -> None:
    assert schedule(7) == schedule(7)
    assert schedule(7) != schedule(8)


@pytest.mark.parametrize("seed", range(50))
def test_nobody_acts_before_connecting_or_after_leaving(seed: int) -> None:
    there: dict[int, bool] = {}
    for act in schedule(seed):
        if act.what == "connect":
            assert act.client not in there
            there[act.client] = True
        elif act.what != "sleep":
            assert there[act.client]
            there[act.client] = act.what not in ("close", "reset")


def test_the_first_difference_is_named() -> None:
    same = {"received": {0: "hello"}, "log": []}
    one = Outcome([same, {"received": {0: "hello"}, "log": ["left"]}])
    other = Outcome([same, {"received": {0: "hello"}, "log": []}])
    assert difference(one, one) == ""
    assert difference(one, other) == "after command 2, log: ['left']  /  []"
    assert difference(one, Outcome([same])) == "failure: none  /  none"
    assert difference(one, Outcome(one.steps, "hang")) == "failure: none  /  hang"


@pytest.fixture
def comparison(tmp_path: Path) -> Iterator[Comparison]:
    made = Comparison(tmp_path)
    yield made
    made.close()


def test_a_schedule_is_shortened_to_what_the_difference_needs(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    def play(worlds: Any, acts: list[Act], seed: int) -> Outcome:
        """Here the worlds differ whenever client 1 resets its connection."""
        wrong = worlds is comparison._real and Act("reset", 1) in acts
        return Outcome([{"wrong": wrong}])

    monkeypatch.setattr(random_schedules, "play", play)
    acts = [Act("connect", 0), Act("connect", 1), Act("sleep"), Act("send", 0, ("echo",))]
    acts += [Act("reset", 1), Act("close", 0)]
    assert comparison.shortened(acts, 0) == [Act("connect", 1), Act("reset", 1)]
