"""What a submission costs at each level of isolation, beside a plain check.

python benchmarks/isolation_cost.py [TIMES]

It prints, for each level that this machine offers, the milliseconds that pass until an empty
program answers, and for our solution of chapter 6 in both worlds the seconds on the clock and of
processor time. Medians. The first grading of a process compiles the judge, and is left out.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
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
_SUBREAPER = 36  # prctl(2)
FILE = ROOT / "solutions" / "ch06_relay.py"


def main() -> None:
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)  # a sandbox outlives the process we started
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print("                     empty program    a submission    processor")
    check = [sys.executable, "-m", "workbook", "check", "6", str(FILE)]
    plain = measure(lambda: subprocess.run(check, check=True, stdout=subprocess.DEVNULL), times)
    print(f"{'workbook check':20}{'':14}{plain[0]:14.2f} s{plain[1]:11.2f} s")
    for level in Level:
        if reason := why_not(level):
            print(f"{level.value:20} {reason}")
            continue
        empty = measure(partial(tried, level), times)
        job = Job(ROOT, "ch06_relay", FILE, ("child", "tls"), seeds=10)
        whole = measure(partial(judge, job, level), times)
        print(f"{level.value:20}{empty[0] * 1000:11.0f} ms{whole[0]:14.2f} s{whole[1]:11.2f} s")


def measure(call: Callable[[], object], times: int) -> tuple[float, float]:
    """Return the medians of the seconds on the clock and of processor time."""
    call()
    clock, work = [], []
    for _ in range(times):
        begun, before = perf_counter(), _work()
        call()
        clock.append(perf_counter() - begun)
        work.append(_work() - before)
    return median(clock), median(work)


def _work() -> float:
    """Return the processor time of this process and of all that it has reaped, orphans included."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


if __name__ == "__main__":
    main()
