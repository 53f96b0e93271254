"""Where the processor time of one submission goes: start, simulated conversations, TLS."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from benchmarks.grading.submissions import chapter
from isolation import Job, Level, judge
from isolation.judging import tried

TIMES = 5
SEEDS = 10


def measure() -> Iterator[dict[str, Any]]:
    """Yield each part with its "seconds" of a processor. The parts are disjoint."""
    of = chapter(6)
    simulated = Job(of.root, of.name, of.solution, ("child",), SEEDS)
    complete = Job(of.root, of.name, of.solution, ("child", "tls"), SEEDS)
    start = _median(lambda: tried(Level.PROCESS))
    without_tls = _median(lambda: judge(simulated, Level.PROCESS))
    whole = _median(lambda: judge(complete, Level.PROCESS))
    yield {"part": "start a judge and a program", "seconds": start}
    yield {"part": f"{SEEDS} simulated conversations of each test", "seconds": without_tls - start}
    yield {"part": "one more of each over TLS", "seconds": whole - without_tls}


def _median(call: Callable[[], object]) -> float:
    call()
    took = []
    for _ in range(TIMES):
        before = _processor_time()
        call()
        took.append(_processor_time() - before)
    return median(took)


def _processor_time() -> float:
    """Return the seconds that this process and its ended children have used."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)
