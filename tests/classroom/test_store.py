"""results.jsonl: what is written stays, a torn line goes, and nothing is graded twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_class import FakeJudge, Grade, Silent, hand_in, points

from classroom.errors import ClassError
from classroom.store import open_store
from isolation import Level


def test_what_was_graded_is_not_graded_again(place: Path, grade: Grade, fake: FakeJudge) -> None:
    hand_in(place, "alice")
    hand_in(place, "bob", "1.1")
    first = points(grade())
    assert points(grade()) == first == {"alice": 15, "bob": 10}
    assert len(fake.asked) == 2


def test_a_changed_file_is_graded(place: Path, grade: Grade, fake: FakeJudge) -> None:
    hand_in(place, "alice", "1.1")
    grade()
    hand_in(place, "alice")
    assert points(grade()) == {"alice": 15}
    assert len(fake.asked) == 2


def test_so_is_everything_when_the_tests_change(
    place: Path, grade: Grade, fake: FakeJudge, checkout: Path
) -> None:
    hand_in(place, "alice")
    grade()
    with open(checkout / "tests/chapters/test_ch01_echo.py", "a") as tests:
        tests.write("# changed\n")
    grade()
    assert len(fake.asked) == 2


def test_the_same_file_of_two_students_is_graded_once(
    place: Path, grade: Grade, fake: FakeJudge
) -> None:
    source = hand_in(place, "alice").read_text()
    hand_in(place, "bob").write_text(source)
    assert points(grade()) == {"alice": 15, "bob": 15}
    assert len(fake.asked) == 1


def test_what_broke_is_tried_again(place: Path, grade: Grade, fake: FakeJudge) -> None:
    hand_in(place, "alice", more=" breaks")
    finished = grade()
    assert [(mark.outcome, mark.trouble) for mark in finished.marks] == [
        ("broke", "The judge failed: RuntimeError: no more memory")
    ]
    assert not finished.is_complete
    grade()
    assert len(fake.asked) == 2


@pytest.mark.parametrize("cut", [1, 5, 100])
def test_a_torn_last_line_is_cut_off_and_graded_again(
    place: Path, grade: Grade, fake: FakeJudge, tmp_path: Path, cut: int
) -> None:
    hand_in(place, "alice")
    hand_in(place, "bob", "1.1")
    before = points(grade())
    file = tmp_path / "grades" / "results.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole[:-cut])
    assert points(grade()) == before
    assert len(fake.asked) == 3
    lines = file.read_bytes().splitlines()
    assert all(json.loads(line) for line in lines)
    assert len(lines) == len(whole.splitlines())


def test_a_damaged_line_in_the_middle_is_named_and_passed_over(
    place: Path, grade: Grade, fake: FakeJudge, tmp_path: Path
) -> None:
    hand_in(place, "alice")
    hand_in(place, "bob")
    grade()
    file = tmp_path / "grades" / "results.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    is_judgement = [b'"judgement"' in line for line in lines]
    damaged = is_judgement.index(True)
    lines[damaged] = b"\0" * 40 + b"\n"
    file.write_bytes(b"".join(lines))
    finished = grade()
    assert points(finished) == {"alice": 15, "bob": 15}
    assert any(f"damaged in line {damaged + 1}:" in each for each in finished.remarks)
    assert len(fake.asked) == 3


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        open_store(tmp_path / "grades"),
        pytest.raises(ClassError, match="Another `workbook grade`"),
        open_store(tmp_path / "grades"),
    ):
        pass


def test_a_regrade_that_was_stopped_goes_on(
    place: Path, grade: Grade, fake: FakeJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(place, "alice")
    hand_in(place, "bob")
    grade()

    def interrupted(self: Silent) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(Silent, "done", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grade(regrade=True)
    assert len(fake.asked) == 3
    grade(regrade=True)
    assert len(fake.asked) == 4
    grade()
    assert len(fake.asked) == 4
    grade(regrade=True)
    assert len(fake.asked) == 6


def test_one_student_can_be_graded_again(place: Path, grade: Grade, fake: FakeJudge) -> None:
    hand_in(place, "alice")
    hand_in(place, "bob")
    grade()
    for asked in (3, 4):
        grade(regrade=True, only=("alice",))
        assert len(fake.asked) == asked
    assert points(grade()) == {"alice": 15, "bob": 15}
    assert len(fake.asked) == 4


def test_a_lower_level_of_isolation_does_not_count(
    place: Path, grade: Grade, fake: FakeJudge
) -> None:
    hand_in(place, "alice")
    grade(level=Level.PROCESS)
    finished = grade(level=Level.SANDBOX)
    assert len(fake.asked) == 2
    assert [mark.level for mark in finished.marks] == ["sandbox"]
    grade(level=Level.PROCESS)
    assert len(fake.asked) == 2


def test_ctrl_c_writes_down_what_has_begun(
    place: Path, grade: Grade, fake: FakeJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    for student in ("alice", "bob", "carol"):
        hand_in(place, student)

    def interrupted(self: Silent) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(Silent, "done", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grade(jobs=2)
    assert len(fake.asked) == 2
    grade()
    assert len(fake.asked) == 3
