"""A small checkout and a judge that answers at once, so that a class of many costs nothing.

The judge says what a submission's first line tells it to: `# passes 1.1 1.2`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from classroom.class_run import ClassRun, Finished, Options
from course import Chapter
from grader.report import FAILED, PASSED, Result
from isolation import Job, Judgement, Level
from room.failure import Diagnostic
from simnet import Event

NAME = "ch01_echo"
TASKS = """
title = "The echo"
minutes = 20
assumes = "patience"

[[task]]
id = "1.1"
title = "ask"
points = 10
minutes = 10
hints = ["Look at <what> arrives.", "There is butterfly.write."]

[[task]]
id = "1.2"
title = "answer"
points = 5
minutes = 15
hints = ["Say it."]
"""
TESTS = {"1.1": ["everyone_is_asked"], "1.2": ["an_answer_is_greeted", "a_name_has_spaces"]}
EVENTS = (
    Event(0.0, "alice", "server", "connect"),
    Event(0.1, "server", "alice", "data", b"<b>Who?</b>"),
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of one chapter with two tasks."""
    root = tmp_path / "checkout"
    tests = "".join(
        f"def test_{name}(room):\n    ...\n" for names in TESTS.values() for name in names
    )
    files = {
        "mkdocs.yml": "",
        f"chapters/{NAME}/tasks.toml": TASKS,
        f"chapters/{NAME}/exercise.py": "# passes\nraise NotImplementedError('Task 1.1')\n",
        f"solutions/{NAME}.py": "# passes 1.1 1.2\nasync def serve(bind, ssl_options): ...\n",
        f"tests/chapters/test_{NAME}.py": tests,
    }
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
    return root


@pytest.fixture
def chapter(checkout: Path) -> Chapter:
    return Chapter(checkout, NAME)


class FakeJudge:
    """Answers from the first line of a file, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, job: Job, level: Level) -> Judgement:
        source = job.file.read_text(errors="replace")
        self.asked.append(source)
        if "breaks" in source:
            raise RuntimeError("no more memory")
        passed = re.findall(r"\d\.\d", source.partition("\n")[0])
        results = tuple(
            self._result(task, name, world, task in passed)
            for task, names in TESTS.items()
            for name in names
            for world in job.worlds
        )
        return Judgement(level, results, "graded", "", 0.01)

    @staticmethod
    def _result(task: str, name: str, world: str, is_right: bool) -> Result:
        test = name.replace("_", " ")
        why = Diagnostic(headline="<script>alert(1)</script>", rule="Everyone is asked.")
        return Result(
            *(task, f"title of {task}", test, world, PASSED if is_right else FAILED),
            function=f"test_{name}",
            diagnostic=None if is_right else why,
            events=EVENTS,
        )


@pytest.fixture
def fake() -> FakeJudge:
    return FakeJudge()


class Silent:
    """Progress that nobody looks at."""

    total = 0

    def begin(self, total: int, known: int) -> None:
        self.total = total

    def done(self) -> None:
        pass


Grade = Callable[..., Finished]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The folder with the submissions."""
    folder = tmp_path / "friday"
    folder.mkdir()
    return folder


@pytest.fixture
def grade(checkout: Path, place: Path, tmp_path: Path, fake: FakeJudge) -> Grade:
    """Grade what is in `place`. The class.toml beside it is used if it is there."""

    def grade(*places: Path, **options: object) -> Finished:
        class_file = tmp_path / "class.toml"
        given = {
            "root": checkout,
            "submissions": places or (place,),
            "output": tmp_path / "grades",
            "level": Level.SANDBOX,
            "chapters": (Chapter(checkout, NAME),),
            "class_file": class_file if class_file.exists() else None,
            **options,
        }
        return ClassRun(Options(**given), fake).grade(Silent())  # type: ignore[arg-type]

    return grade


def hand_in(place: Path, student: str, passes: str = "1.1 1.2", more: str = "") -> Path:
    """Write a student's file in a folder of their own."""
    file = place / student / f"{NAME}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"# passes {passes}\n# of {student}{more}\n")
    return file


def points(finished: Finished) -> dict[str, float]:
    """The points of each student."""
    return {mark.student.id: mark.points.points for mark in finished.marks}
