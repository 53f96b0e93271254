"""A real scheduler and real workers on loopback, as a teacher starts them, each a process.

The command `workbook grade` is one too, so nothing of Dask runs in the process of the tests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import trustme

CHECKOUT = Path(__file__).parents[2]
NAME = "ch01_echo_server"
DASK = (sys.executable, "-m", "dask")
WAIT = 60  # seconds for a process to say what it has to say, on a busy machine


class Cluster:
    """A scheduler, which is running. `tls` are the options of Dask's commands for TLS."""

    def __init__(self, stack: ExitStack, folder: Path, tls: tuple[str, ...], failures: int) -> None:
        self._stack, self._tls = stack, tls
        self._environment = {
            **os.environ,
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(failures),
            "DASK_TEMPORARY_DIRECTORY": str(folder),
        }
        protocol = ("--protocol", "tls") if tls else ()
        command = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *protocol)
        self.scheduler, line = self._start([*command, *tls], "Scheduler at:")
        self.address = line.split()[-1]

    def worker(self, preload: str = "") -> subprocess.Popen[str]:
        """Start a worker that grades one file at a time. `preload` is Python that it runs first."""
        given = ("--preload", preload) if preload else ()
        command = ("worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
        return self._start([*command, *given, *self._tls], "Registered to:")[0]

    def _start(self, command: list[str], until: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [*DASK, *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            env=self._environment,
        )
        self._stack.callback(_end, process)
        assert process.stderr
        said = []
        for line in process.stderr:
            said.append(line)
            if until in line:
                return process, line
        raise AssertionError(f"{command[0]} did not start:\n{''.join(said)}")


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait(WAIT)
    assert process.stderr
    process.stderr.close()


@contextmanager
def cluster(folder: Path, tls: tuple[str, ...] = (), failures: int = 3) -> Iterator[Cluster]:
    """Start a scheduler; end it, and its workers, with the block."""
    with ExitStack() as stack:
        yield Cluster(stack, folder, tls, failures)


def certificates(folder: Path) -> tuple[Path, Path, Path]:
    """Make an authority, a certificate and its key, and return their files."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    files = folder / "ca.pem", folder / "cert.pem", folder / "key.pem"
    folder.mkdir()
    authority.cert_pem.write_to_path(files[0])
    certificate.cert_chain_pems[0].write_to_path(files[1])
    certificate.private_key_pem.write_to_path(files[2])
    return files


def hand_in(place: Path, right: int, wrong: int) -> None:
    """Write the files of a class. No two are the same."""
    solution = (CHECKOUT / "solutions" / f"{NAME}.py").read_text()
    starter = (CHECKOUT / "chapters" / NAME / "exercise.py").read_text()
    for number in range(right + wrong):
        hand_in_one(place, f"s{number}", solution if number < right else starter)


def hand_in_one(place: Path, student: str, source: str) -> None:
    """Write the file of a student."""
    (place / student).mkdir(parents=True)
    (place / student / f"{NAME}.py").write_text(f"{source}\n# of {student}\n")


def start_grading(place: Path, address: str, *options: str | Path) -> subprocess.Popen[str]:
    """Type `workbook grade` with two conversations of each test. Both streams are its stdout."""
    (place.parent / "class.toml").write_text("seeds = 2\n")
    command = [sys.executable, "-m", "workbook", "grade", place, "--chapter", "1"]
    return subprocess.Popen(
        [*map(str, command), "--cluster", address, *map(str, options)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=CHECKOUT,
    )


def grade(place: Path, address: str, *options: str | Path) -> tuple[int, str]:
    """Type `workbook grade`, and return its exit status and what it printed, in one line."""
    process = start_grading(place, address, *options)
    output, _ = process.communicate(timeout=2 * WAIT)
    return process.returncode, " ".join(output.split())


def judgements(place: Path) -> list[dict[str, object]]:
    """Return the lines with judgements in results.jsonl."""
    file = place.with_name(f"{place.name}-grades") / "results.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    return [line for line in lines if line["what"] == "judgement"]


def times_judged(place: Path) -> Counter[int]:
    """Return how many files were judged once, twice and so on."""
    return Counter(Counter(line["file"] for line in judgements(place)).values())
