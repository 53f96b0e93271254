"""The same seed makes the same trace, byte for byte, wherever it runs.

Python 3.14 runs it too, as Pyodide under Node: see the folder `pyodide`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import storyline

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src"
EXPECTED = (HERE / "storyline.json").read_bytes()


def pythons() -> list[str]:
    """Return this Python and every other one from 3.11 on that is installed here."""
    names = [f"python3.{minor}" for minor in range(11, 16)]
    on_the_path = [found for name in names if (found := shutil.which(name))]
    by_pyenv = [
        str(found) for name in names for found in Path.home().glob(f".pyenv/versions/*/bin/{name}")
    ]
    real = {os.path.realpath(sys.executable): sys.executable}
    for found in [*on_the_path, *by_pyenv]:
        if subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
            real.setdefault(os.path.realpath(found), found)
    return list(real.values())


@pytest.mark.parametrize("hash_seed", ["0", "1", "4000000000"])
@pytest.mark.parametrize("python", pythons())
def test_another_process_prints_the_same_trace(python, hash_seed):
    environment = {"PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": hash_seed, "PYTHONUTF8": "1"}
    done = subprocess.run(
        [python, "-W", "error", str(HERE / "storyline.py")], env=environment, capture_output=True
    )
    assert done.stderr == b""
    assert done.stdout == EXPECTED


def test_the_same_process_prints_the_same_trace_again():
    assert storyline.trace_as_json().encode() == EXPECTED
    assert storyline.trace_as_json().encode() == EXPECTED


def test_a_story_in_which_little_happens_would_prove_little():
    kinds = {event.kind for event in storyline.trace()}
    assert kinds == {"connect", "refused", "data", "eof", "close", "reset"}
