"""The bundles for Gradescope and Classroom 50, each used in the service's own layout.

The environment that `setup.sh` or `autograder.py` would install is stood in for by ours.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from classroom.errors import ClassError
from course import Chapter
from isolation import Level, best_level
from services.bundle import CLASSROOM50, GRADESCOPE, bundle_for
from services.one import grade_one

CHECKOUT = Path(__file__).parents[2]
CHAPTER = Chapter(CHECKOUT, "ch01_echo_server")
FILE = f"{CHAPTER.name}.py"
RIGHT = CHAPTER.solution.read_text(encoding="utf-8")
STARTER = CHAPTER.starter.read_text(encoding="utf-8")

HOSTILE = """
import os, pathlib, signal, sys
HOME = pathlib.Path(sys.argv[0]).parent
for place in {places!r}:
    for name in ("results.json", "result.json", "stolen"):
        try:
            (pathlib.Path(place) / name).write_text('{{"score": 100}}')
        except OSError:
            pass
try:
    os.kill(os.getppid(), signal.SIGKILL)
except OSError:
    pass


async def serve(bind, ssl_options):
    os._exit(0)
"""

HIDDEN = '''
import pytest


@pytest.mark.task("1.1")
def test_of_the_teacher(room):
    """A secret rule."""
    alice = room.connect()
    alice.send("zirconium\\n")
    alice.expect("zirconia\\n")
'''

needs_isolation = pytest.mark.skipif(
    best_level() < Level.USER, reason="neither bubblewrap works here nor are we root"
)


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """A folder laid out as Gradescope does, in which the bundle was set up."""
    (tmp_path / "class.toml").write_text("seeds = 2")
    bundle = bundle_for(GRADESCOPE, CHAPTER, tmp_path / "class.toml")
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extractall(tmp_path / "source")
    for folder in ("submission", "results"):
        (tmp_path / folder).mkdir()
    python = tmp_path / "source" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return tmp_path


def submitted(service: Path, text: str, name: str = FILE) -> dict[str, Any]:
    """Upload a file, run the autograder as the service does, and return what it would read."""
    (service / "submission" / name).write_text(text, encoding="utf-8")
    subprocess.run(
        ["bash", service / "source" / "run_autograder"],
        env={**os.environ, "AUTOGRADER": str(service)},
        check=True,
    )
    result: dict[str, Any] = json.loads((service / "results" / "results.json").read_text())
    return result


@needs_isolation
def test_gradescope_reads_a_score_for_each_task(service: Path) -> None:
    result = submitted(service, RIGHT)
    tasks = [test for test in result["tests"] if "max_score" in test]
    assert [test["name"].partition(":")[0] for test in tasks] == ["Task 1.1", "Task 1.2"]
    assert result["score"] == sum(test["max_score"] for test in tasks) > 0
    assert {test["status"] for test in result["tests"] if "status" in test} == {"passed"}
    assert result["extra_data"]["isolation"] in ("separate user", "sandbox")


@needs_isolation
def test_gradescope_shows_why_a_task_failed_and_takes_any_name(service: Path) -> None:
    result = submitted(service, STARTER, name="mine.py")
    assert result["score"] == 0
    assert "The file was called mine.py." in result["output"]
    assert any("Task 1.1 is not written yet" in test.get("output", "") for test in result["tests"])


@needs_isolation
def test_a_hostile_program_cannot_write_its_own_result(service: Path) -> None:
    places = [str(service / "results"), str(service / "source"), str(service)]
    result = submitted(service, HOSTILE.format(places=places))
    assert result["score"] == 0
    assert {test["status"] for test in result["tests"] if "status" in test} == {"failed"}
    assert not (service / "stolen").exists()
    assert not (service / "source" / "stolen").exists()


@needs_isolation
def test_what_cannot_be_graded_earns_nothing_and_says_why(service: Path) -> None:
    result = submitted(service, "my essay", name="essay.txt")
    assert result["score"] == 0
    assert f"There is no {FILE} in what was handed in, only essay.txt." in result["output"]


def test_when_the_grader_dies_the_score_is_zero_already(service: Path) -> None:
    (service / "source" / ".venv" / "bin" / "python").write_text("#!/bin/sh\nkill -9 $$\n")
    (service / "results" / "results.json").write_text('{"score": 100}')
    result = submitted(service, RIGHT)
    assert (result["score"], result["tests"]) == (0, [])
    assert result["output"].startswith("The grading did not end")


def test_the_bundle_has_one_chapter_no_solution_and_nothing_about_students(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id,name\nzebedee,Zebedee\n")
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / CHAPTER.test.name).write_text(HIDDEN)
    (tmp_path / "class.toml").write_text(
        'roster = "roster.csv"\nhidden_tests = "hidden"\nseeds = 3\n'
        "[extensions]\nzebedee = 2026-12-04\n"
    )
    data = bundle_for(GRADESCOPE, CHAPTER, tmp_path / "class.toml")
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = archive.namelist()
    assert {"setup.sh", "run_autograder", f"hidden/{CHAPTER.test.name}"} <= {*names}
    assert {name for name in names if "/ch0" in name and "test_" not in name} == {
        f"chapters/{CHAPTER.name}/exercise.py",
        f"chapters/{CHAPTER.name}/tasks.toml",
    }
    assert [name for name in names if name.startswith(("solutions", "work", ".git"))] == []
    assert not any(b"zebedee" in archive.read(name) for name in names)
    assert b"seeds = 3" in archive.read("class.toml")
    assert archive.getinfo("run_autograder").external_attr >> 16 & 0o111
    assert bundle_for(GRADESCOPE, CHAPTER, tmp_path / "class.toml") == data


@needs_isolation
def test_a_hidden_test_counts_and_tells_nothing(service: Path) -> None:
    source = service / "source"
    (source / "hidden").mkdir()
    (source / "hidden" / CHAPTER.test.name).write_text(HIDDEN)
    (source / "class.toml").write_text('seeds = 2\nhidden_tests = "hidden"\n')
    result = submitted(service, RIGHT)
    first, second = (test for test in result["tests"] if "max_score" in test)
    assert (first["score"], second["score"]) == (0, second["max_score"])
    seen = json.dumps([test for test in result["tests"] if test["visibility"] != "hidden"])
    assert "zirconi" not in seen
    assert "secret" not in seen


def test_a_machine_that_cannot_isolate_grades_nothing(service: Path) -> None:
    with pytest.raises(ClassError, match="separate user is needed"):
        grade_one(service / "source", service / "submission", Level.PROCESS)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A student's repository, with Classroom 50's bundle in a folder beside it."""
    (tmp_path / "class.toml").write_text("seeds = 2")
    bundle = bundle_for(CLASSROOM50, CHAPTER, tmp_path / "class.toml")
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extractall(tmp_path / "bundle")
    (tmp_path / "checkout" / "work").mkdir(parents=True)
    return tmp_path / "checkout"


IDENTITY = {
    "CLASSROOM": "networks",
    "ASSIGNMENT": "chapter-1",
    "SUBMISSION_TAG": "submit/2026-11-27T22-10-00Z-a1b2c3d",
    "COMMIT_URL": "https://github.example/o/r/commit/a1b2c3d",
    "RELEASE_URL": "https://github.example/o/r/releases/tag/submit",
}


def autograded(checkout: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **IDENTITY, "WORKBOOK_PYTHON": sys.executable, **changes}
    return subprocess.run(
        [sys.executable, "-P", checkout.parent / "bundle" / "autograder.py"],
        cwd=checkout,
        env={name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_isolation
@pytest.mark.parametrize(("text", "share"), [(RIGHT, 1), (STARTER, 0)])
def test_classroom50_reads_its_own_format(checkout: Path, text: str, share: int) -> None:
    (checkout / "work" / FILE).write_text(text, encoding="utf-8")
    done = autograded(checkout)
    assert done.returncode == 0, done.stderr
    result = json.loads((checkout / "result.json").read_text())
    assert result["schema"] == "classroom50/result/v1"
    assert (result["classroom"], result["assignment"]) == ("networks", "chapter-1")
    assert result["review"] == result["commit"] == IDENTITY["COMMIT_URL"]
    assert result["score"] == share * result["max-score"]
    assert result["max-score"] == sum(test["max-score"] for test in result["tests"]) > 0
    assert all(type(test["score"]) is int for test in result["tests"])
    assert [test["passed"] for test in result["tests"]] == [bool(share)] * 2


@needs_isolation
def test_on_classroom50_a_result_of_the_students_own_is_not_kept(checkout: Path) -> None:
    (checkout / "result.json").write_text('{"score": 99}')
    (checkout / "work" / FILE).write_text(HOSTILE.format(places=[str(checkout)]))
    assert autograded(checkout).returncode == 0
    assert json.loads((checkout / "result.json").read_text())["score"] == 0
    assert not (checkout / "stolen").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"CLASSROOM": ""}, "::error::CLASSROOM is not set"),
        ({"WORKBOOK_PYTHON": "/bin/false"}, "::error::The grader ended with an error."),
    ],
)
def test_on_classroom50_trouble_of_ours_is_an_error_and_no_score(
    checkout: Path, changes: dict[str, str], message: str
) -> None:
    (checkout / "result.json").write_text('{"score": 99}')
    done = autograded(checkout, **changes)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (checkout / "result.json").exists()


def written(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "workbook", "grade", *arguments]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)


def test_the_command_writes_the_same_bundle(tmp_path: Path) -> None:
    for service in (GRADESCOPE, CLASSROOM50):
        out = tmp_path / f"{service}.zip"
        done = written("--chapter", "1", f"--{service}", str(out))
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"{out} grades chapter 1. ")
        assert out.read_bytes() == bundle_for(service, CHAPTER, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--gradescope OUT/a.zip", "Say which: --chapter 6"),
        ("--gradescope OUT/a.zip --chapter 77", "no chapter 77"),
        ("--gradescope OUT/file/a.zip --chapter 1", "cannot be written"),
        ("--gradescope OUT/a.zip --chapter 1 OUT", "leave out SUBMISSIONS"),
        ("--gradescope OUT/a.zip --chapter 1 --class OUT/file", "is not a setting"),
    ],
)
def test_the_command_says_in_a_line_what_is_wrong(
    tmp_path: Path, arguments: str, message: str
) -> None:
    (tmp_path / "file").write_text("sedes = 3\n")
    done = written(*arguments.replace("OUT", str(tmp_path)).split())
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "a.zip").exists()


def test_it_is_said_when_hidden_tests_would_be_public(tmp_path: Path) -> None:
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / CHAPTER.test.name).write_text(HIDDEN)
    (tmp_path / "class.toml").write_text('hidden_tests = "hidden"\n')
    zips = {service: str(tmp_path / f"{service}.zip") for service in (GRADESCOPE, CLASSROOM50)}
    for service, out in zips.items():
        settings = ("--class", str(tmp_path / "class.toml"))
        done = written("--chapter", "1", f"--{service}", out, *settings)
        assert ("at a public address" in done.stdout) == (service == CLASSROOM50)


@needs_isolation
def test_on_classroom50_a_hidden_test_tells_nothing(checkout: Path) -> None:
    bundle = checkout.parent / "bundle" / "workbook"
    (bundle / "hidden").mkdir()
    (bundle / "hidden" / CHAPTER.test.name).write_text(HIDDEN)
    (bundle / "class.toml").write_text('seeds = 2\nhidden_tests = "hidden"\n')
    (checkout / "work" / FILE).write_text(RIGHT, encoding="utf-8")
    assert autograded(checkout).returncode == 0
    first, second = json.loads((checkout / "result.json").read_text())["tests"]
    assert (first["score"], first["output"]) == (0, "A test that you cannot see has failed.")
    assert second["passed"]
