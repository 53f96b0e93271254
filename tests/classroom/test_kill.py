"""kill -9 at any moment: the same command continues, nothing is lost and nothing is done twice.

`KILLS=50` in the environment tries fifty moments, as `make test-kills` does.
"""

from __future__ import annotations

import contextlib
import itertools
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
from small_class import NAME, hand_in

from isolation import Level, best_level
from isolation.session import temporary_folder

KILLS = int(os.environ.get("KILLS", "4"))
STUDENTS = 40 if KILLS < 10 else 400
REPOSITORY = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("graded_in_a_process.py")


@pytest.fixture
def large_class(place: Path) -> Path:
    for number in range(STUDENTS):
        passes = ("1.1 1.2", "1.1", "")[number % 3]
        hand_in(place, f"student-{number:02}", passes)
    return place


def start(
    checkout: Path, place: Path, output: Path, chapter: str = NAME, judge: str = "fake"
) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, PROGRAM, checkout, chapter, place, output, judge])


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


REAL = "ch01_echo_server"
HOSTILE = "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
DEATH = 10  # seconds for what a killed run had started to end


@pytest.fixture
def real_class(place: Path) -> Path:
    """Six files that a real judge grades, two conversations each."""
    solution = (REPOSITORY / "solutions" / f"{REAL}.py").read_text()
    starter = (REPOSITORY / "chapters" / REAL / "exercise.py").read_text()
    for number, source in enumerate((solution, starter, HOSTILE, solution, starter, solution)):
        (place / f"s{number}").mkdir()
        (place / f"s{number}" / f"{REAL}.py").write_text(f"{source}\n# {number}\n")
    (place.parent / "class.toml").write_text("seeds = 2\n")
    return place


def verdicts(output: Path) -> dict[str, object]:
    """What was found out about each file."""
    lines = [json.loads(line) for line in (output / "results.jsonl").read_bytes().splitlines()]
    return {
        line["key"]: [
            (each["function"], each["world"], each["verdict"]) for each in line["results"]
        ]
        for line in lines
        if line["what"] == "judgement"
    }


def folders(pids: set[int]) -> tuple[str, ...]:
    """How the names of these processes' temporary folders begin."""
    return tuple(f"{purpose}-{pid}-" for purpose in ("grade", "grading") for pid in pids)


def left_by(pids: set[int]) -> set[str]:
    """The temporary folders of these processes that are still there."""
    names = (path.name for path in temporary_folder().iterdir())
    return {name for name in names if name.startswith(folders(pids))}


def still_at_work(pids: set[int]) -> set[str]:
    """What still runs with one of these folders in its command line."""
    found = set()
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            said = command.read_bytes().decode(errors="replace")
            found |= {said} if any(name in said for name in folders(pids)) else set()
    return found


@pytest.mark.skipif(KILLS < 10, reason="it takes minutes: make test-kills")
@pytest.mark.skipif(best_level() < Level.USER, reason="nothing is graded on this machine")
@pytest.mark.timeout(3600)
def test_so_does_one_with_the_real_judge(real_class: Path, tmp_path: Path) -> None:
    def started(output: Path) -> subprocess.Popen[bytes]:
        process = start(REPOSITORY, real_class, output, REAL, "real")
        pids.add(process.pid)
        return process

    pids: set[int] = set()
    undisturbed = tmp_path / "undisturbed"
    begun = time.monotonic()
    assert started(undisturbed).wait(300) == 0
    seconds = time.monotonic() - begun
    expected = verdicts(undisturbed), (undisturbed / "results.csv").read_bytes()
    moments = random.Random(KILLS)
    kills = 0
    for number in itertools.count():
        killed = tmp_path / f"killed-{number}"
        while kills < KILLS:
            process = started(killed)
            try:
                assert process.wait(moments.uniform(0.1, 0.8) * seconds) == 0
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait(10)
                kills += 1
            else:
                break
        assert started(killed).wait(300) == 0
        assert {*judged(killed).values()} == {1}
        assert (verdicts(killed), (killed / "results.csv").read_bytes()) == expected
        if kills == KILLS:
            break
    until = time.monotonic() + DEATH
    while still_at_work(pids) and time.monotonic() < until:
        time.sleep(0.1)
    assert still_at_work(pids) == set()
    assert started(killed).wait(300) == 0  # which removes what a killed judge wrote last
    assert left_by(pids) == set()
