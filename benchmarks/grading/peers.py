"""nbgrader and otter-grader on the same assignment, each as its documentation says.

nbgrader grades all submissions with one command. otter-grader is run once for each, without its
containers: they would be slower, and are not everywhere. Neither isolates what it runs in this way.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.grading.assignment import RIGHT, TESTS, submissions

HERE = Path(__file__).parent
NAME = "room"
LIMIT = 1200  # seconds for a command

_SETTINGS = "c = get_config()\nc.CourseDirectory.course_id = 'networks'\n"


def measure(peer: str, count: int, seed: int = 0) -> dict[str, Any]:
    """Grade that many submissions. Returns "seconds", "right" and "passed", or "left out": why."""
    about = {"peer": peer, "count": count}
    if not _program(peer).exists():
        return {**about, "left out": "it is not installed: make bench-peers"}
    programs = [*submissions(count, seed)]
    with tempfile.TemporaryDirectory() as folder:
        try:
            seconds, passed = _PEERS[peer](Path(folder), [source for source, _ in programs])
        except subprocess.SubprocessError as error:
            return {**about, "left out": f"it fails here: {_in_short(error)}"}
    right = sum(is_right for _, is_right in programs)
    return {**about, "version": _version(peer), "seconds": seconds, "right": right} | {
        "passed": passed
    }


def _nbgrader(folder: Path, programs: Iterable[str]) -> tuple[float, int]:
    source = folder / "source" / NAME / f"{NAME}.ipynb"
    source.parent.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(_SETTINGS)
    task = _marked("room", solution=True)
    cells = [_cell(f"### BEGIN SOLUTION\n{RIGHT}\n### END SOLUTION", "room", nbgrader=task)]
    for number, test in enumerate(TESTS):
        graded = _marked(f"test-{number}", grade=True, locked=True, points=1)
        cells.append(_cell(test, f"test-{number}", nbgrader=graded))
    source.write_text(_notebook(cells))
    _run("nbgrader", ["generate_assignment", NAME, "--create"], folder)
    released = json.loads((folder / "release" / NAME / source.name).read_text())
    for number, program in enumerate(programs):
        handed_in = folder / "submitted" / f"student-{number:04}" / NAME / source.name
        handed_in.parent.mkdir(parents=True)
        released["cells"][0]["source"] = program
        handed_in.write_text(json.dumps(released))
    begun = perf_counter()
    _run("nbgrader", ["autograde", NAME, "--create"], folder)
    seconds = perf_counter() - begun
    _run("nbgrader", ["export", "--to", "grades.csv"], folder)
    header, *rows = (line.split(",") for line in (folder / "grades.csv").read_text().splitlines())
    score, most = header.index("score"), header.index("max_score")
    return seconds, sum(float(row[score]) == float(row[most]) for row in rows)


def _otter(folder: Path, programs: Iterable[str]) -> tuple[float, int]:
    tests = folder / "tests"
    tests.mkdir()
    cases = [
        {"code": _doctest(test), "hidden": False, "locked": False, "points": 1} for test in TESTS
    ]
    suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": "q1", "points": len(TESTS), "suites": [suite]}
    (tests / "q1.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n")
    _run("otter", ["generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], folder)
    files = []
    for number, program in enumerate(programs):
        files.append(folder / f"student-{number:04}.ipynb")
        files[-1].write_text(_notebook([_cell(program, "room")]))
    passed = 0
    begun = perf_counter()
    for file in files:
        _run("otter", ["run", "-a", "autograder.zip", file.name], folder)
        scores = json.loads((folder / "results.json").read_text())["tests"]
        passed += sum(each.get("score", 0) for each in scores) == len(TESTS)
    return perf_counter() - begun, passed


_PEERS: dict[str, Callable[[Path, Iterable[str]], tuple[float, int]]] = {
    "nbgrader": _nbgrader,
    "otter": _otter,
}
PEERS = tuple(_PEERS)


def _program(peer: str) -> Path:
    return HERE / peer / ".venv" / "bin" / peer


def _run(peer: str, arguments: list[str], folder: Path) -> None:
    environment = {
        **os.environ,
        "HOME": str(folder),
        "PATH": f"{_program(peer).parent}:{os.environ['PATH']}",
    }
    subprocess.run(
        [str(_program(peer)), *arguments],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )


def _version(peer: str) -> str:
    package = {"otter": "otter-grader"}.get(peer, peer)
    code = f"from importlib.metadata import version; print(version({package!r}))"
    command = [str(_program(peer).with_name("python")), "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _in_short(error: subprocess.SubprocessError) -> str:
    said = str(getattr(error, "stderr", "") or error).strip().splitlines()
    return said[-1][:200]


def _marked(name: str, **fields: Any) -> dict[str, Any]:
    usual = {"solution": False, "grade": False, "locked": False, "task": False}
    return {"schema_version": 3, "cell_type": "code", "grade_id": name, **usual, **fields}


def _cell(source: str, name: str, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": name,
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def _notebook(cells: list[dict[str, Any]]) -> str:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _doctest(code: str) -> str:
    """Return a program as a doctest, each block of it with its own prompts."""
    lines = []
    for line in code.strip().splitlines():
        lines.append(f"{'...' if line.startswith(' ') else '>>>'} {line}")
    return "\n".join(lines)
