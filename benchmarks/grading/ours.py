"""Grades a generated class as `workbook grade` does, in a process of its own, and measures that.

    python -m benchmarks.grading.ours PLACE JOBS CLUSTER CHAPTER...

PLACE has the submissions. CLUSTER is a scheduler's address, or "" for this machine. It prints one
object of JSON: seconds, the most memory that the process had at once, how many files passed.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.grading.submissions import chapter, generate
from benchmarks.relay.machine import ROOT
from classroom.class_run import ClassRun, Options
from isolation import best_level, judge

DASK = (sys.executable, "-m", "dask")


class Silent:
    """Progress that nobody looks at."""

    def begin(self, total: int, known: int) -> None:
        """Nothing."""

    def done(self) -> None:
        """Nothing."""


def measure(
    count: int, workers: int, chapters: Sequence[int] = (6,), seed: int = 0, cluster: bool = False
) -> dict[str, Any]:
    """Grade a class of `count` students, with that many workers here or in a cluster.

    Returns what it cost: "seconds", "memory" in MiB, and how many files were "right" and "passed".
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder, "class")
        right = sum(generate(place, chapter(number), count, seed) for number in chapters)
        address = stack.enter_context(_cluster(Path(folder, "dask"), workers)) if cluster else ""
        arguments = (str(place), str(workers), address, *map(str, chapters))
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.grading.ours", *arguments],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
    about = {"count": count, "workers": workers, "chapters": [*chapters], "cluster": cluster}
    return {**about, "right": right, **json.loads(done.stdout)}


def grade(place: Path, workers: int, address: str, chapters: Sequence[int]) -> dict[str, Any]:
    """Grade what is in a folder, and return what that cost."""
    begun = perf_counter()
    options = Options(
        root=ROOT,
        submissions=(place,),
        output=place.with_name("grades"),
        level=best_level(),
        chapters=tuple(chapter(number) for number in chapters),
        jobs=workers,
    )
    with ExitStack() as stack:
        how = judge
        if address:
            from classroom.cluster.client import Cluster
            from classroom.cluster.connection import Address

            cluster = stack.enter_context(Cluster(Address(address), options.level))
            how = cluster.judge
        finished = ClassRun(options, how).grade(Silent())
    return {
        "seconds": perf_counter() - begun,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,  # KiB on Linux
        "passed": sum(mark.is_passed for mark in finished.marks),
        "level": options.level.value,
    }


@contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[str]:
    """Start a scheduler and workers on loopback, each with one thread. Gives its address."""
    scheduler = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    worker = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
    with ExitStack() as stack:
        address = _started(stack, folder, scheduler, "Scheduler at:").split()[-1]
        for _ in range(workers):
            _started(stack, folder, ("worker", address, *worker), "Registered to:")
        yield address


def _started(stack: ExitStack, folder: Path, command: Sequence[str], until: str) -> str:
    """Start a command of Dask, and return the line that says that it is ready."""
    process = stack.enter_context(
        subprocess.Popen(
            [*DASK, *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"DASK_TEMPORARY_DIRECTORY": str(folder)},
        )
    )
    stack.callback(process.terminate)
    assert process.stderr
    for line in process.stderr:
        if until in line:
            return line
    raise RuntimeError(f"dask {command[0]} did not start")


if __name__ == "__main__":
    place, workers, address, *numbers = sys.argv[1:]
    print(json.dumps(grade(Path(place), int(workers), address, [*map(int, numbers)])))
