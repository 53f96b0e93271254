"""kill -9 at any moment: the same command continues, nothing is lost and nothing is done twice.

`KILLS=50` in the environment tries fifty moments, as `make test-kills` does.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from small_class import hand_in

KILLS = int(os.environ.get("KILLS", "4"))
STUDENTS = 40 if KILLS < 10 else 400
PROGRAM = Path(__file__).with_name("graded_in_a_process.py")


@pytest.fixture
def large_class(place: Path) -> Path:
    for number in range(STUDENTS):
        passes = ("1.1 1.2", "1.1", "")[number % 3]
        hand_in(place, f"student-{number:02}", passes)
    return place


def start(checkout: Path, place: Path, output: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(PROGRAM), str(checkout), str(place), str(output), "2"]
    return subprocess.Popen(command)


def files(output: Path) -> dict[str, bytes]:
    """Everything that was written for people, by its name."""
    left_out = {"results.jsonl", ".results.jsonl.lock"}
    found = [path for path in sorted(output.rglob("*")) if path.is_file()]
    return {
        str(path.relative_to(output)): path.read_bytes()
        for path in found
        if path.name not in left_out
    }


def judged(output: Path) -> Counter[str]:
    lines = [json.loads(line) for line in (output / "results.jsonl").read_bytes().splitlines()]
    return Counter(line["key"] for line in lines if line["what"] == "judgement")


def test_a_run_that_is_killed_again_and_again_ends_like_one_that_is_not(
    checkout: Path, large_class: Path, tmp_path: Path
) -> None:
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    begun = time.monotonic()
    assert start(checkout, large_class, undisturbed).wait(60) == 0
    seconds = time.monotonic() - begun
    moments = random.Random(KILLS)
    kills = 0
    for _ in range(KILLS):
        process = start(checkout, large_class, killed)
        try:
            process.wait(moments.uniform(0.2, 1.0) * seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait(10)
            kills += 1
    assert kills, "every run was faster than its kill"
    assert start(checkout, large_class, killed).wait(60) == 0
    assert files(killed) == files(undisturbed)
    assert judged(killed) == judged(undisturbed)
    assert {*judged(killed).values()} == {1}
    asked = Path(f"{killed}.diary").read_text().splitlines()
    assert STUDENTS <= len(asked) <= STUDENTS + 2 * kills
