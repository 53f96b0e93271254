"""The judge's process: grades one file and reports each result when it is known.

It is started afresh for each file, with the job as a line of JSON on standard input and the
descriptor for its report as an argument. It never runs the learner's code. A report is a line for
each result, and a last one that says how it ended. Each line repeats the job's ticket.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.report import Result
from grader.run import Run, expected, run_confined
from isolation.level import Level
from isolation.record import as_json, line_of
from room.contract import WorldFailure
from room.worlds.launch import Launcher
from room.worlds.memory import close_memory
from room.worlds.simulated import Child

MEMORY = 2**31  # bytes, for the judge


def main() -> None:
    """Do the job on standard input. The descriptor for the report is the last argument."""
    close_memory()
    with contextlib.suppress(
        ValueError, OSError
    ):  # what a program sends is bounded; this is the net
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    job = json.loads(sys.stdin.readline())
    report = int(sys.argv[-1])
    os.set_inheritable(report, False)
    ticket = job["ticket"]

    def say(message: dict[str, Any]) -> None:
        unsent = memoryview(line_of({"ticket": ticket, **message}))
        while unsent:
            unsent = unsent[os.write(report, unsent) :]

    if job["does"] == "try":
        return say({"end": _try(job)})
    if job["does"] == "list":
        found = expected(_tests(job), Path(job["root"]), _options(job))
        for place, result in enumerate(found.results):
            say({"place": place, "result": as_json(result)})
    else:
        found = _judge(job, say)
    return say({"end": "" if found.has_run and found.results else _in_short(found.output)})


def _judge(job: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> Run:
    def listen(place: int, result: Result) -> None:
        say({"place": place, "result": as_json(result)})

    return run_confined(_tests(job), Path(job["root"]), _options(job), _launcher(job), listen)


def _try(job: dict[str, Any]) -> str:
    """Start a program that does nothing. Returns why that fails, or ""."""
    worlds = Child(Path(job["file"]), launcher=_launcher(job))
    try:
        worlds.open().perform({"do": "open"})
    except WorldFailure as failure:
        return "" if failure.kind == "no serve" else failure.message
    finally:
        worlds.close()
    return "an empty file has served"


def _launcher(job: dict[str, Any]) -> Launcher | None:
    library = Path(job["library"])
    match Level(job["level"]):
        case Level.SANDBOX:
            from isolation.sandbox import Sandbox

            return Sandbox(library)
        case Level.USER:
            from isolation.other_user import OtherUser, python_for_others

            shared = Path(job["file"]).parent
            return OtherUser(job["user"], library, python_for_others(Path(job["python"])), shared)
    return None


def _tests(job: dict[str, Any]) -> list[Path]:
    ours = Path(job["root"]) / "tests" / "chapters" / f"test_{job['chapter']}.py"
    return [ours, *map(Path, job["hidden_tests"])]


def _options(job: dict[str, Any]) -> list[str]:
    worlds = job["worlds"]
    return [
        *("--file", job["file"], "--alone", "--noconftest", "--prove"),
        *(["--world", worlds[0]] if len(worlds) == 1 else []),
        *("--first-seed", str(job["first_seed"])),
        *("--seeds", str(job["seeds"]), "--tls-seeds", str(job["tls_seeds"])),
        *("--limit", str(job["limit"])),
    ]


def _in_short(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if errors := [line[1:].strip() for line in lines if line.startswith("E ")]:
        return f"The tests cannot be loaded: {errors[-1]}"[:500]
    return (lines[-1] if lines else "no test was run")[:500]
