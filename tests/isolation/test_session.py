"""The folders that gradings share: what is in them, and when they go."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from isolation.session import open_to_others, session


def test_the_library_is_the_programs_side_and_no_more() -> None:
    library = session().library
    assert {path.name for path in library.iterdir()} == {"bfnet", "room", "simnet"}
    there = {path.name for path in (library / "room").iterdir()} - {"__pycache__"}
    assert there == {"__init__.py", "contract.py", "wire.py", "child"}


def test_a_folder_goes_with_its_process(tmp_path: Path) -> None:
    program = "import isolation.session as s; print(s.session().folder)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert not Path(done.stdout.strip()).exists()


def test_a_folder_inside_a_private_one_is_not_open(tmp_path: Path) -> None:
    (tmp_path / "private" / "inside").mkdir(parents=True)
    (tmp_path / "private").chmod(0o700)
    assert not open_to_others(tmp_path / "private" / "inside")
    assert open_to_others(Path("/usr"))
