"""Protocols see the same on the simulated network as on asyncio's own loop with real sockets."""

from typing import Any

import pytest
from scenarios import SCENARIOS
from scenarios.stage import play_real, play_simulated

from simnet import calm, choppy

every_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda it: it.__name__)


@every_scenario
def test_protocols_see_the_same_on_the_simulated_network_as_on_sockets(scenario: Any) -> None:
    assert play_simulated(scenario, calm(0)) == play_real(scenario)


@every_scenario
@pytest.mark.parametrize("seed", range(3))
def test_choppy_weather_changes_nothing_but_how_reads_are_cut(scenario: Any, seed: int) -> None:
    assert play_simulated(scenario, choppy(seed)) == play_simulated(scenario, calm(0))
