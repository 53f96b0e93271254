"""What the container is built from: enough to grade, and nothing that is nobody's business.

No container is built here. Its files are copied as `.containerignore` says, and used from there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course import Chapter
from isolation import Level, best_level

CHECKOUT = Path(__file__).parents[2]
LINES = (CHECKOUT / ".containerignore").read_text(encoding="utf-8").splitlines()
INSIDE = [line.removeprefix("!") for line in LINES if line.startswith("!")]


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The folder that the container has as /workbook."""
    for name in INSIDE:
        source, target = CHECKOUT / name, tmp_path / "workbook" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(
                source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
            )
        else:
            shutil.copy(source, target)
    return tmp_path / "workbook"


def test_everything_is_left_out_that_is_not_named() -> None:
    assert next(line for line in LINES if line and not line.startswith("#")) == "*"
    assert not {".git", "work", ".venv", "docs", "benchmarks", "tests"} & {*INSIDE}


@pytest.mark.skipif(best_level() < Level.USER, reason="nothing is graded on this machine")
def test_what_is_inside_is_enough_to_grade(image: Path, tmp_path: Path) -> None:
    chapter = Chapter(image, "ch01_echo_server")
    for student, source in {"ada": chapter.solution, "ben": chapter.starter}.items():
        file = tmp_path / "friday" / student / f"{chapter.name}.py"
        file.parent.mkdir(parents=True)
        shutil.copy(source, file)
    (tmp_path / "class.toml").write_text("seeds = 2")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "workbook", "grade", str(tmp_path / "friday")],
        cwd=image,
        env={**os.environ, "PYTHONPATH": str(image / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 of 20" in done.stdout
    assert "0 of 20" in done.stdout


def test_the_container_says_how_to_use_it() -> None:
    container = (CHECKOUT / "Containerfile").read_text(encoding="utf-8")
    page = (CHECKOUT / "chapters" / "isolation.md").read_text(encoding="utf-8")
    comment = [line.removeprefix("#   ") for line in container.splitlines() if line[:4] == "#   "]
    build, run = "\n".join(comment).split("\n", 1)
    assert build.startswith("podman build")
    assert run.startswith("podman run")
    assert [command for command in (build, run) if f"$ {command}\n```" not in page] == []
