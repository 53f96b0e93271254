"""All bytes arrive, in order, whatever the weather."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simnet import Weather, calm, choppy
from tests.unhurried import unhurried

writes = st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=8)
seeds = st.integers(min_value=0, max_value=1000)


@unhurried
@given(seeds, writes)
def test_calm_weather_neither_cuts_nor_joins(seed, writes):
    assert calm(seed).travel(writes) == writes


@unhurried
@given(seeds, writes)
def test_choppy_weather_loses_nothing_and_keeps_the_order(seed, writes):
    pieces = choppy(seed).travel(writes)
    assert b"".join(pieces) == b"".join(writes)
    assert b"" not in pieces


def test_choppy_weather_cuts_one_write():
    assert {len(choppy(seed).travel([b"hello\n"])) for seed in range(50)} >= {1, 2, 3}


def test_choppy_weather_cuts_everywhere():
    first_pieces = {choppy(seed).travel([b"hello\n"])[0] for seed in range(200)}
    assert first_pieces == {b"h", b"he", b"hel", b"hell", b"hello", b"hello\n"}


def test_choppy_weather_joins_two_writes():
    joined = [choppy(seed).travel([b"one\n", b"two\n"]) for seed in range(50)]
    assert [b"one\ntwo\n"] in joined
    assert any(b"e\ntw" in piece for pieces in joined for piece in pieces)


@pytest.mark.parametrize("weather", [calm, choppy])
def test_the_seed_decides_everything(weather):
    assert choices(weather(3)) == choices(weather(3))
    assert choices(weather(3)) != choices(weather(4))


def test_latencies_are_milliseconds():
    latencies = [calm(seed).latency() for seed in range(100)]
    assert 0.001 <= min(latencies) < max(latencies) <= 0.020


def choices(weather: Weather) -> list[object]:
    return [weather.latency(), weather.delay(), weather.travel([b"0123456789"]), weather.latency()]
