"""What it costs to start: `import workbook` and short commands, compared with a few imports.

python benchmarks/startup_cost.py [TIMES]

It prints medians of whole processes in milliseconds, and their ratio to a process that imports what
any server needs. All are measured once in every round, so a busy moment of the machine affects all
of them.
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median
from time import perf_counter

BASELINE = "import asyncio, ssl, argparse"

COMMANDS = {
    BASELINE: ["-c", BASELINE],
    "import workbook": ["-c", "import workbook"],
    "import workbook.cli": ["-c", "import workbook.cli"],
    "workbook --help": ["-m", "workbook", "--help"],
    "workbook": ["-m", "workbook"],
    "workbook list": ["-m", "workbook", "list"],
}


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    rounds = [{name: timed(command) for name, command in COMMANDS.items()} for _ in range(times)]
    found = {name: median(each[name] for each in rounds) for name in COMMANDS}
    print(f"{'':32}   ms   ratio")
    for name, seconds in found.items():
        print(f"{name:32}{seconds * 1000:5.0f}{seconds / found[BASELINE]:8.2f}")


def timed(command: list[str]) -> float:
    """Return the seconds that Python takes with these arguments."""
    begin = perf_counter()
    subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - begin


if __name__ == "__main__":
    main()
