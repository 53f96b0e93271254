"""A checkout of what the browser has: our packages aside, the chapters with their graders."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like the worker's, and the current one, as it is there."""
    for folder in ("chapters", "solutions", "tests/chapters"):
        ignored = shutil.ignore_patterns("*.svg", "__pycache__", "index.md")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path
