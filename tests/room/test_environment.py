"""The child's environment: what its Python needs to start, and nothing else."""

import sys

import pytest

from room import Room, RoomFailure
from room.worlds.environment import PASSED_ON, environment

PYTHON_OF_A_CAMPUS = """\
#!/bin/sh
[ "$LD_LIBRARY_PATH" = /somewhere ] || { echo 'libpython3.so: cannot open' >&2; exit 127; }
echo 'Welcome to the campus image.'
exec {python} "$@"
"""


def test_where_libraries_are_is_passed_on_and_nothing_else():
    ours = {"LD_LIBRARY_PATH": "/somewhere", "PATH": "/bin", "SSLKEYLOGFILE": "/keys", "HOME": "/"}
    passed = environment("mark", ours)
    assert {name: passed[name] for name in PASSED_ON if name in passed} == {
        "LD_LIBRARY_PATH": "/somewhere",
        "PATH": "/bin",
    }
    assert "SSLKEYLOGFILE" not in passed
    assert "HOME" not in passed


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have another name for it")
def test_a_python_that_needs_library_paths_and_prints_a_welcome_is_no_trouble(
    child, echo, tmp_path, monkeypatch
):
    python = tmp_path / "python3"
    python.write_text(PYTHON_OF_A_CAMPUS.replace("{python}", sys.executable))
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("LD_LIBRARY_PATH", "/somewhere")
    room = Room(child(echo()).open())
    alice = room.connect("alice")
    alice.send("hi\n")
    alice.expect("hi\n")
    alice.send("a line that nobody expects\n")
    with pytest.raises(RoomFailure) as caught:
        room.stop()
    assert "Welcome" not in str(caught.value)
