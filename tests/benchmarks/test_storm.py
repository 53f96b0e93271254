"""The storm of connections: what it counts, on a small one."""

from __future__ import annotations

import select
import time

import pytest

from benchmarks.relay.peers import PEERS, running
from benchmarks.relay.storm import Storm, join_at_once, storm
from grader.certificate import development_certificate


@pytest.mark.skipif(not hasattr(select, "epoll"), reason="strangers wait with Linux's epoll")
def test_a_small_storm_is_counted_and_every_line_is_timed() -> None:
    files = development_certificate()
    with running(PEERS["bfnet"], (str(files.certificate), str(files.key))) as server:
        found = storm(server, str(files.authority), rate=100, seconds=0.5)
        assert 0 < found.made <= found.asked <= 51  # fewer on a busy machine
        assert len(found.delays) == 50
        assert 0 < found.p50 <= found.p99 <= max(found.delays)
        began = time.monotonic()
        assert 0 < join_at_once(server, str(files.authority), 20) < time.monotonic() - began


def test_a_delay_that_few_have_is_the_99th_percentile_and_not_the_median() -> None:
    found = Storm(asked=1, made=1, delays=[0.001] * 97 + [5.0] * 3)
    assert found.p50 == 0.001
    assert found.p99 == 5.0
