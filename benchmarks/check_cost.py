"""How long a learner waits for `workbook check`.

python benchmarks/check_cost.py [RUNS]

First the check of a right solution: medians of RUNS (5) runs of the whole command, in seconds. They
are compared with pytest on one empty test, which is the least that a check can take on this machine
now. In the simulated world, it also measures how the time grows with the seeds and with the tests.
Then it measures, once for each program, how long the check takes to report a program that hangs,
uses up memory or output, or ends its own process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parents[1]
SEEDS = (10, 50, 250)
TESTS = {
    "1 test": "alone",
    "2 tests": "alone or heard",
    "4 tests": "alone or heard or came or gone",
}
NAMES = "asyncio, multiprocessing, os, shutil, signal, subprocess, sys, threading, time"
PLACES = {  # a dangerous line is inserted before the first line of chapter 6 that begins like this
    "import": "class ChatHandler",
    "serve": "    handler = ",
    "on_connection": "        butterfly.write(",
    "data": "        for other, _ in handler.",
    "on_disconnect": "        if not hasattr(",
}
HANGS = ("while True: pass", "time.sleep(1000)")
DANGERS = (  # in the data handler
    "while True: await asyncio.sleep(0)",
    "threading.Thread(target=forever).start()",
    "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()",
    "os.fork()",
    "os.fork() or time.sleep(1000)",
    "os.fork() or (os.setsid(), signal.pause())",
    "[os.fork() for _ in range(7)]; forever()",
    "subprocess.Popen(['sleep', '1000'], start_new_session=True)",
    "multiprocessing.Process(target=time.sleep, args=(1000,)).start()",
    "[0] * 10**10",
    "box = [bytes(1000) for _ in range(10**7)]",
    "print('x' * 10**9)",
    "[print('x' * 99) for _ in range(10**7)]",
    "os._exit(0)",
    "sys.exit()",
    "os.kill(os.getpid(), 9)",
    "os.abort()",
    "os.closerange(0, 256)",
    "shutil.rmtree(os.getcwd())",
    "input()",
)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        costs(runs, Path(folder))
        dangers(Path(folder))


def costs(runs: int, folder: Path) -> None:
    """Print what right solutions cost. Each is measured once in every round."""
    empty = folder / "test_empty.py"
    empty.write_text("def test_empty():\n    pass\n")
    commands = {"pytest, an empty test": ["-m", "pytest", "-q", "-c", os.devnull, str(empty)]}
    for chapter in ("ch01_echo_server", "ch06_relay"):
        commands[f"check {chapter}"] = check(chapter, ROOT / "solutions" / f"{chapter}.py")
    for seeds in SEEDS:
        commands[f"  ch06_relay, {seeds} seeds"] = pytest_of("ch06_relay", "--seeds", str(seeds))
    for tests, chosen in TESTS.items():
        commands[f"  ch06_relay, {tests}"] = pytest_of("ch06_relay", "-k", chosen)
    seconds = medians(runs, {name: timed(command, {0}) for name, command in commands.items()})
    least = next(iter(seconds.values()))
    print(f"{'':34}seconds   ratio")
    for name, each in seconds.items():
        print(f"{name:34}{each:7.2f}{each / least:8.1f}")


def dangers(folder: Path) -> None:
    """Print how long it takes to report each danger."""
    print(f"\n{'until it is reported':80}seconds")
    placed = [(place, hang) for place in PLACES for hang in HANGS]
    placed += [("data", danger) for danger in DANGERS]
    for place, line in placed:
        file = folder / "dangerous.py"
        file.write_text(dangerous(place, line))
        run = timed(check("ch06_relay", file), {1})
        print(f"{f'{place}: {line}':80}{run():7.2f}")


def dangerous(place: str, line: str) -> str:
    """Return the source of chapter 6 with this line in it."""
    source = (ROOT / "solutions" / "ch06_relay.py").read_text()
    before = PLACES[place]
    indent = before[: len(before) - len(before.lstrip())]
    return f"import {NAMES}\n\ndef forever():\n    while True: pass\n\n" + source.replace(
        f"\n{before}", f"\n{indent}{line}\n{before}", 1
    )


def check(chapter: str, file: Path) -> list[str]:
    """Return Python's arguments for a check of this file."""
    return ["-m", "workbook", "check", chapter, str(file)]


def pytest_of(chapter: str, *options: str) -> list[str]:
    """Return Python's arguments for the same tests by pytest, which can select some of them."""
    test, file = f"tests/chapters/test_{chapter}.py", f"solutions/{chapter}.py"
    return ["-m", "pytest", "-q", test, "--file", file, "--world", "child", *options]


def timed(arguments: list[str], expected: set[int]) -> Callable[[], float]:
    """Return a function that runs Python with these arguments and returns the seconds it took."""
    quiet = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def run() -> float:
        begin = perf_counter()
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True)
        seconds = perf_counter() - begin
        if done.returncode not in expected:
            sys.exit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}")
        return seconds

    return run


def medians(runs: int, measured: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Return the median of `runs` runs of each function, in turns."""
    rounds: Iterable[dict[str, float]] = [
        {name: run() for name, run in measured.items()} for _ in range(runs)
    ]
    return {name: median(each[name] for each in rounds) for name in measured}


if __name__ == "__main__":
    main()
