"""`make run` without an environment: what it says when it cannot, and what interruptions leave.

No real environment is made. A shell script stands in for Python: it notes what it is called with,
and the environments that it makes hold one more of the same.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

PYTHON = """\
#!/bin/sh
echo "$@" >> calls
case "$*" in
    *"-m venv"*) mkdir -p .venv/bin .venv/lib/python3/site-packages && cp "$0" .venv/bin/python
        echo "command = $PWD/python -m venv $PWD/.venv" > .venv/pyvenv.cfg ;;
    *"pip install"*--editable*) [ ! -e no-network ] &&
        echo "$PWD/src" > .venv/lib/python3/site-packages/__editable__.bfnet.pth ;;
    *"pip install"*) [ ! -e no-network ] ;;
    *sys.version_info*) [ ! -e too-old ] ;;
    *ensurepip*) [ ! -e no-ensurepip ] ;;
    --version) echo "Python 3.9.1" ;;
esac
"""


READ_BY_MAKE = ("Makefile", "environment.mk", "playground/playground.mk")


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Calls make beside the Makefile, what that reads, and a Python that notes its calls."""
    monkeypatch.chdir(tmp_path)
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):  # the tests themselves run under make
        monkeypatch.delenv(name, raising=False)
    Path("playground").mkdir()
    for name in (*READ_BY_MAKE, "requirements.txt", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, name)
    Path("python").write_text(PYTHON)
    Path("python").chmod(0o755)

    def make(*arguments: str) -> subprocess.CompletedProcess[str]:
        Path("calls").write_text("")
        command = ["make", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return make


def calls(what: str) -> int:
    """How often Python was called with this in its arguments since make was started."""
    return Path("calls").read_text().count(what)


def test_the_first_run_installs_and_the_second_only_runs(make):
    assert make("run", "PYTHON=./python").returncode == 0
    assert (calls("-m venv"), calls("pip install"), calls("solutions.ch06_relay")) == (1, 1, 1)
    assert make("run", "PYTHON=./python").returncode == 0
    assert (calls("-m venv"), calls("pip install"), calls("solutions.ch06_relay")) == (0, 0, 1)


def test_running_installs_the_pinned_package_alone_and_testing_all_of_requirements(make):
    make("run", "PYTHON=./python")
    assert calls("--constraint requirements.txt --editable .") == 1
    assert calls("--requirement requirements.txt") == 0
    make("test", "PYTHON=./python")
    assert calls("--requirement requirements.txt") == 1
    assert calls("-m venv") == 0


def test_host_and_port_come_from_the_command_line_and_never_from_the_shell(make, monkeypatch):
    monkeypatch.setenv("HOST", "the-name-of-this-machine")
    make("run", "PYTHON=./python", "PORT=8002")
    assert calls("-m solutions.ch06_relay --host 127.0.0.1 --port 8002") == 1


def test_after_an_interrupted_install_the_environment_is_made_anew(make):
    Path("no-network").touch()
    assert make("run", "PYTHON=./python").returncode != 0
    assert calls("solutions.ch06_relay") == 0
    Path(".venv/half").touch()
    Path("no-network").unlink()
    assert make("run", "PYTHON=./python").returncode == 0
    assert calls("-m venv") == 1
    assert not Path(".venv/half").exists()


def test_an_interrupted_install_of_the_rest_is_not_run_either(make):
    make("run", "PYTHON=./python")
    Path("no-network").touch()
    assert make("test", "PYTHON=./python").returncode != 0
    Path("no-network").unlink()
    make("run", "PYTHON=./python")
    assert calls("-m venv") == 1


def test_raised_pins_are_installed(make):
    make("run", "PYTHON=./python")
    installed = Path(".venv/.minimal").stat().st_mtime
    os.utime("requirements.txt", (installed + 10, installed + 10))
    make("run", "PYTHON=./python")
    assert (calls("-m venv"), calls("pip install")) == (0, 1)


def test_an_environment_whose_python_has_gone_is_made_anew(make):
    make("run", "PYTHON=./python")
    Path(".venv/bin/python").unlink()
    assert make("run", "PYTHON=./python").returncode == 0
    assert calls("-m venv") == 1


@pytest.mark.parametrize("take_to", [shutil.move, shutil.copytree])
def test_an_environment_of_another_folder_is_made_again(make, tmp_path, monkeypatch, take_to):
    here = tmp_path / "a folder"
    here.mkdir()
    (here / "playground").mkdir()
    for name in (*READ_BY_MAKE, "requirements.txt", "pyproject.toml", "python"):
        (tmp_path / name).rename(here / name)
    monkeypatch.chdir(here)
    make("run", "PYTHON=./python")
    there = tmp_path / "another folder"
    take_to(here, there)
    monkeypatch.chdir(there)
    assert make("run", "PYTHON=./python").returncode == 0
    assert (calls("-m venv"), calls("solutions.ch06_relay")) == (1, 1)
    assert make("run", "PYTHON=./python").returncode == 0
    assert (calls("-m venv"), calls("solutions.ch06_relay")) == (0, 1)


def test_the_environment_finds_our_code_by_a_path_of_ascii_letters(make):
    make("run", "PYTHON=./python")
    link = Path(".venv/lib/python3/site-packages/__editable__.bfnet.pth")
    assert (link.parent / link.read_text().strip()).resolve() == Path("src").absolute()
    assert link.read_text().isascii()


@pytest.mark.parametrize(
    ("obstacle", "message"),
    [
        pytest.param(
            "too-old",
            "./python is Python 3.9.1, and this needs 3.11 or newer. "
            "Name one: make run PYTHON=python3.12",
            id="too old",
        ),
        pytest.param(
            "no-ensurepip",
            "./python cannot make environments. "
            "On Debian and Ubuntu: sudo apt install python3-venv",
            id="without venv",
        ),
    ],
)
def test_a_python_that_will_not_do_is_one_clear_line(make, obstacle, message):
    Path(obstacle).touch()
    done = make("run", "PYTHON=./python")
    assert done.stderr.splitlines()[0] == message
    assert len(done.stderr.splitlines()) == 2  # the second is make's own
    assert not Path(".venv").exists()


def test_a_python_that_is_not_there_is_one_clear_line(make):
    done = make("run", "PYTHON=./python4")
    assert done.stderr.splitlines()[0] == (
        "There is no ./python4 here. Install Python 3.11 or newer, "
        "or name it: make run PYTHON=/path/to/python3"
    )


def test_help_names_every_target(make):
    lines = make("help").stdout.splitlines()
    listed = sorted(line.split()[0] for line in lines if line.startswith("  "))
    phony = re.search(r"^\.PHONY: help (.*)", Path("Makefile").read_text(), re.MULTILINE)
    assert listed == sorted([*phony[1].split(), "playground"])
    assert max(map(len, lines)) <= 80


def test_help_is_in_groups_and_what_a_learner_needs_comes_first(make):
    _, learn, *others = make("help").stdout.split("\n\n")
    assert re.findall(r"^  (\S+)", learn, re.MULTILINE) == ["run", "notebooks", "site", "book"]
    assert [group.partition(":")[0] for group in others] == [
        "To test",
        "To measure",
        "To change the workbook",
    ]
