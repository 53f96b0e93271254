"""What a submission costs at each level of isolation, beside a plain check.

python benchmarks/isolation_cost.py [TIMES]

It prints, for each level that this machine offers, the milliseconds that a judge needs to start and
to have an empty program answer, and the seconds for our solution of chapter 6, with ten seeds and
one over TLS. Medians. The first grading of a process compiles the judge, and is left out. A check
uses a second processor if one is idle; a judge does not, because a class keeps both busy.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from isolation import Job, Level, judge, why_not
from isolation.judging import tried

ROOT = Path(__file__).parents[1]
FILE = ROOT / "solutions" / "ch06_relay.py"


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print("                     empty program    a submission")
    check = [sys.executable, "-m", "workbook", "check", "6", str(FILE)]
    plain = measure(lambda: subprocess.run(check, check=True, stdout=subprocess.DEVNULL), times)
    print(f"{'workbook check':20}{'':14}{plain:14.2f} s")
    job = Job(ROOT, "ch06_relay", FILE, ("child", "tls"), seeds=10)
    for level in Level:
        if reason := why_not(level):
            print(f"{level.value:20} {reason}")
            continue
        empty = measure(partial(tried, level), times)
        whole = measure(partial(judge, job, level), times)
        print(f"{level.value:20}{empty * 1000:11.0f} ms{whole:14.2f} s")


def measure(call: Callable[[], object], times: int) -> float:
    """Return the median of the seconds on the clock."""
    call()
    took = []
    for _ in range(times):
        begun = perf_counter()
        call()
        took.append(perf_counter() - begun)
    return median(took)


if __name__ == "__main__":
    main()
