"""`workbook grade` as a teacher types it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click.testing
import pytest
from small_class import FakeJudge, hand_in

from isolation import Level, judge
from workbook.cli import main
from workbook.commands import grade as command

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def level(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine has a sandbox."""
    monkeypatch.setattr(command, "best_level", lambda: Level.SANDBOX)


@pytest.fixture(autouse=True)
def in_the_checkout(checkout: Path, fake: FakeJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    monkeypatch.setattr(command, "judge", fake)


def say(*arguments: str | Path) -> click.testing.Result:
    return click.testing.CliRunner().invoke(main, ["grade", *map(str, arguments)])


@pytest.mark.usefixtures("level")
def test_it_prints_a_table_and_where_everything_is(place: Path) -> None:
    hand_in(place, "alice")
    hand_in(place, "bob\x1b[2J", "1.1")
    (place / "carol").mkdir()
    result = say(place)
    assert result.exit_code == 0, result.output
    assert "Grading 2 files ...\n1 of 2 graded\n2 of 2 graded\n" in result.output
    rows = [" ".join(line.split()) for line in result.output.splitlines()]
    assert "alice ✓ ✓ 15 of 15" in rows
    assert "bob\\x1b[2J ✓ ✗ 10 of 15" in rows
    assert "There is no ch01_echo.py in what was handed in." in " ".join(result.output.split())
    assert (place.parent / "friday-grades" / "class.html").is_file()


@pytest.mark.usefixtures("level")
def test_class_toml_beside_the_submissions_is_used(place: Path) -> None:
    hand_in(place, "alice")
    (place.parent / "class.toml").write_text("points = 50\n")
    assert "50 of 50" in say(place).output


@pytest.mark.usefixtures("level")
def test_an_error_is_one_line(place: Path) -> None:
    hand_in(place, "alice")
    (place.parent / "class.toml").write_text("points = -1\n")
    result = say(place)
    assert (result.exit_code, result.output.count("Error:")) == (1, 1)
    assert "points has to be a number, 0 or above." in " ".join(result.output.split())


@pytest.mark.usefixtures("level")
def test_the_chapter_is_asked_for_when_it_is_not_clear(place: Path) -> None:
    (place / "alice").mkdir()
    output = " ".join(say(place).output.split())
    assert "The submissions have no file with a chapter's name. Say which to grade" in output


def test_without_a_sandbox_nothing_is_graded(
    place: Path, monkeypatch: pytest.MonkeyPatch, fake: FakeJudge
) -> None:
    monkeypatch.setattr(command, "best_level", lambda: Level.PROCESS)
    hand_in(place, "alice")
    result = say(place)
    output = " ".join(result.output.split())
    assert result.exit_code == 1
    assert "without one a student's program runs as you: it could read our solutions" in output
    assert fake.asked == []
    assert say(place, "--unsafe").exit_code == 0


def test_more_isolation_than_there_is_is_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "best_level", lambda: Level.USER)
    hand_in(place, "alice")
    result = say(place, "--minimum-isolation", "sandbox")
    assert result.exit_code == 1
    assert "--minimum-isolation asks for 'sandbox'" in " ".join(result.output.split())
    assert say(place).exit_code == 0


@pytest.mark.usefixtures("level")
def test_what_broke_is_told_by_the_exit_status(place: Path) -> None:
    hand_in(place, "alice", more=" breaks")
    result = say(place)
    assert result.exit_code == 1
    assert "·" in result.output  # nobody knows whether it is right
    assert "✗" not in result.output


def test_it_asks_for_submissions() -> None:
    assert "Name a folder or a zip" in say().output


@pytest.mark.usefixtures("level")
def test_a_dry_run() -> None:
    result = say("--self-test", "--chapter", "1")
    assert result.exit_code == 0, result.output
    assert "✓ chapter 1, our solution: 15 of 15 points" in result.output
    assert "✓ chapter 1, a hang: 0 of 15 points" in result.output
    assert "Grading works here, at the level 'sandbox'." in result.output


def test_a_cluster_without_dask_is_one_line(place: Path) -> None:
    hand_in(place, "alice")
    program = "import sys; sys.modules['distributed'] = None; from workbook.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "grade", place, "--cluster", "tls://localhost:1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert said.startswith("Error: --cluster needs Dask, which is not installed.")
    assert "Traceback" not in said


HIDDEN = '''
import pytest


@pytest.mark.task("1.1")
def test_a_secret_of_the_teacher(room):
    """A client that says nothing receives nothing."""
    alice = room.connect("alice")
    alice.expect_silence()
    alice.close()
'''


def test_a_real_class(place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = "ch01_echo_server"
    monkeypatch.setattr(command, "judge", judge)
    monkeypatch.chdir(CHECKOUT)
    solution = (CHECKOUT / "solutions" / f"{name}.py").read_text()
    starter = (CHECKOUT / "chapters" / name / "exercise.py").read_text()
    for student, source in {"ann": solution, "bo": starter}.items():
        (place / student).mkdir()
        (place / student / f"{name}.py").write_text(source)
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / f"test_{name}.py").write_text(HIDDEN)
    (tmp_path / "class.toml").write_text('hidden_tests = "hidden"\nseeds = 3\nfirst_seed = 7\n')
    result = say(place, "--unsafe")
    assert result.exit_code == 0, result.output
    assert "ann" in result.output
    assert "20 of 20" in result.output
    assert "0 of 20" in result.output
    assert "a secret of the teacher" in (tmp_path / "friday-grades/class.html").read_text()
    pages = [page.read_text() for page in (tmp_path / "friday-grades/students").iterdir()]
    assert not any("secret" in page for page in pages)
