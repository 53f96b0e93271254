"""A file is judged in a process of its own, and every test needs a result to have passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.report import FAILED, NOT_WRITTEN, PASSED
from isolation import Job, Judgement, Level, judge, judging

CHECKOUT = Path(__file__).parents[2]
CHAPTER = "ch01_echo_server"
SOLUTION = CHECKOUT / "solutions" / f"{CHAPTER}.py"


def judged(file: Path, **more: object) -> Judgement:
    given: dict[str, object] = {"worlds": ("child",), "seeds": 2, **more}
    return judge(Job(CHECKOUT, CHAPTER, file, **given), Level.PROCESS)  # type: ignore[arg-type]


def verdicts(found: Judgement) -> set[str]:
    return {result.verdict for result in found.results}


def test_our_solution_passes_in_both_worlds() -> None:
    found = judged(SOLUTION, worlds=("child", "tls"))
    assert (found.outcome, found.trouble) == ("graded", "")
    assert verdicts(found) == {PASSED}
    assert {result.world for result in found.results} == {"child", "tls"}


def test_a_starter_does_not() -> None:
    found = judged(CHECKOUT / "chapters" / CHAPTER / "exercise.py")
    assert verdicts(found) == {NOT_WRITTEN}
    assert "not written yet" in found.results[0].text


def test_a_file_that_is_no_python_fails_every_test(tmp_path: Path) -> None:
    file = tmp_path / "any.py"
    file.write_text("def serve(:\n")
    found = judged(file)
    assert len(found.results) == len(judged(SOLUTION).results)
    assert {result.kind for result in found.results} == {"syntax"}


def test_hidden_tests_and_hidden_seeds_are_used(tmp_path: Path) -> None:
    hidden = tmp_path / "test_hidden.py"
    hidden.write_text(
        "import pytest\n"
        '@pytest.mark.task("1.1")\n'
        "def test_the_seed_is_hidden(room):\n"
        '    """The seed is the one that the teacher chose."""\n'
        "    assert room.connect().received() == b'', 'nothing comes by itself'\n"
    )
    found = judged(SOLUTION, hidden_tests=hidden, first_seed=700, seeds=1)
    assert found.results[-1].function == "test_the_seed_is_hidden"
    assert {result.seed for result in found.results} == {700}
    assert verdicts(found) == {PASSED}


def test_hidden_tests_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    hidden = tmp_path / "test_hidden.py"
    hidden.write_text("import nothing_of_that_name\n")
    found = judged(SOLUTION, hidden_tests=hidden)
    assert found.outcome == "broke"
    assert found.results == ()
    assert found.trouble == (
        "The tests cannot be loaded: ModuleNotFoundError: No module named 'nothing_of_that_name'"
    )


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link.py").symlink_to(SOLUTION)
    with pytest.raises(OSError, match="symbolic link"):
        judged(tmp_path / "link.py")


def slow(folder: Path) -> Path:
    """A file that is right and waits 1.2 seconds at import, for each conversation."""
    file = folder / "slow.py"
    file.write_text(f"import select\nselect.select([], [], [], 1.2)\n{SOLUTION.read_text()}")
    return file


def test_a_hang_at_import_is_told_as_such(tmp_path: Path) -> None:
    file = tmp_path / "hang.py"
    file.write_text("while True:\n    pass\n")
    found = judged(file)
    assert found.outcome == "took too long"
    assert "No answer within" in found.trouble
    assert verdicts(found) == {FAILED}


def test_a_judge_ends_by_itself_when_its_time_is_over(tmp_path: Path) -> None:
    found = judged(slow(tmp_path), deadline=judging.MARGIN + 1.5)
    assert found.outcome == "took too long"
    assert "took too long" in {result.kind for result in found.results}


def test_a_judge_that_does_not_end_is_stopped_from_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "MARGIN", -100)
    found = judged(slow(tmp_path), deadline=2.0)
    assert found.outcome == "took too long"
    assert PASSED not in {result.verdict for result in found.results[2:]}
    assert "Time ran out" in found.results[-1].text


def test_without_landlock_another_user_could_read_an_open_checkout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "has_landlock", lambda: False)
    monkeypatch.setattr(judging, "open_to_others", lambda path: True)
    found = judge(Job(CHECKOUT, CHAPTER, SOLUTION, ("child",), 1), Level.USER)
    assert (found.outcome, found.results) == ("broke", ())
    assert f"chmod 700 {CHECKOUT}" in found.trouble
