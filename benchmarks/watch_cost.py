"""How long a learner waits from a save to the verdict in `watch`, and for `workbook check`.

python benchmarks/watch_cost.py [SAVES]

It prints medians and the longest wait in milliseconds. `watch` runs in a terminal of its own, in a
copy of the checkout. The clock runs from before the file is written until the verdict is drawn.
"""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parents[1]
COPIED = ("chapters", "solutions", "tests/chapters")
TIMEOUT = 60  # seconds for a verdict

# For each chapter, a text of the solution and the mistake that replaces it.
CHAPTERS = {
    "ch01_echo_server": ("butterfly.write(data)", "butterfly.write(data.upper())"),
    "ch06_relay": ('b"Nickname: "', 'b"Nick: "'),
    "ch08_what_breaks_the_room": ('b"Nickname: "', 'b"Nick: "'),
}


def main() -> None:
    saves = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        copy_checkout(Path(folder))
        print("ms                                    watch: median  longest    check: median")
        for chapter, (right, wrong) in CHAPTERS.items():
            solution = (ROOT / "solutions" / f"{chapter}.py").read_text()
            assert right in solution
            for name, program in (("right", solution), ("wrong", solution.replace(right, wrong))):
                file = Path(folder) / "work" / f"{chapter}.py"
                watched = in_watch(file, program, saves)
                checked = [in_check(file) for _ in range(max(3, saves // 3))]
                print(
                    f"{f'{chapter}, {name}':38}{median(watched) * 1000:13.0f}"
                    f"{max(watched) * 1000:9.0f}{median(checked) * 1000:17.0f}"
                )


def copy_checkout(folder: Path) -> None:
    """Copy what `watch` and `check` need from the checkout."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / "work").mkdir()


def in_watch(file: Path, program: str, saves: int) -> list[float]:
    """Return the seconds from a save to the verdict in `watch`, for each save."""
    file.write_text(program)
    with watching(file) as screen:
        read_until(screen, rb"Checked at")  # of the check that watch begins with
        return [save_to_verdict(file, program, screen) for _ in range(saves)]


def save_to_verdict(file: Path, program: str, screen: int) -> float:
    """Save the program, and return the seconds until the verdict is drawn."""
    begin = perf_counter()
    file.write_text(program)
    read_until(screen, rb"Checking work/.*Checked at")
    return perf_counter() - begin


def in_check(file: Path) -> float:
    """Return the seconds that `workbook check` takes."""
    begin = perf_counter()
    command = [sys.executable, "-m", "workbook", "check", str(file)]
    subprocess.run(command, cwd=file.parents[1], stdout=subprocess.DEVNULL, check=False)
    return perf_counter() - begin


@contextlib.contextmanager
def watching(file: Path) -> Iterator[int]:
    """Run `workbook watch` in a terminal, and press its q key at the end."""
    pid, screen = pty.fork()
    if pid == 0:
        os.chdir(file.parents[1])
        os.execv(sys.executable, [sys.executable, "-m", "workbook", "watch", file.stem])
    try:
        yield screen
    finally:
        os.write(screen, b"q")
        with contextlib.suppress(OSError):  # Linux: the other end is closed
            while os.read(screen, 65536):
                pass
        os.waitpid(pid, 0)
        os.close(screen)


def read_until(screen: int, pattern: bytes) -> None:
    """Read the terminal until it matches a regular expression."""
    seen = b""
    until = perf_counter() + TIMEOUT
    while not re.search(pattern, seen, re.DOTALL):
        ready, _, _ = select.select([screen], [], [], max(0, until - perf_counter()))
        if not ready:
            text = pattern.decode()
            raise SystemExit(f"watch did not say {text!r} within {TIMEOUT} s:\n{seen!r}")
        seen += os.read(screen, 65536)


if __name__ == "__main__":
    main()
