"""Points, lateness, overrides and attempts: worked out afterwards, without grading anything."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from small_class import NAME, FakeJudge, Grade, hand_in, points

from classroom.errors import ClassError
from classroom.outputs.results_csv import notes_on

DUE = "[due]\n1 = 2026-11-27T22:00:00Z\n"
LATE = "[late]\ngrace_minutes = 15\npercent_per_day = 20\nmost_percent = 50\n"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    return tmp_path / "class.toml"


@pytest.fixture
def handed_in_at(tmp_path: Path, settings: Path) -> Path:
    """alice has handed in at 23:00, an hour late."""
    times = tmp_path / "times.csv"
    times.write_text("student,time\nalice,2026-11-27T23:00:00+00:00\n")
    settings.write_text(f'times = "times.csv"\n{DUE}{LATE}')
    return times


def why(grade: Grade) -> str:
    return " ".join(notes_on(grade().marks[0]))


def test_a_task_earns_its_points_whole(place: Path, grade: Grade) -> None:
    hand_in(place, "alice", "1.1")
    assert points(grade()) == {"alice": 10}


def test_or_the_share_of_its_tests(
    place: Path, grade: Grade, settings: Path, fake: FakeJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.report import PASSED

    one = fake._result

    def half(task: str, name: str, world: str, is_right: bool) -> object:
        result = one(task, name, world, is_right)
        does_something = "# passes" in fake.asked[-1]
        is_half = does_something and name == "a_name_has_spaces"
        return result._replace(verdict=PASSED) if is_half else result

    monkeypatch.setattr(fake, "_result", half)
    hand_in(place, "alice", "1.1")
    settings.write_text("partial_credit = true\n")
    assert points(grade()) == {"alice": 12.5}
    settings.write_text("partial_credit = false\n")
    assert points(grade()) == {"alice": 10}


def test_what_a_program_passes_that_does_nothing_gives_no_partial_credit(
    place: Path, grade: Grade, settings: Path, fake: FakeJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.report import PASSED

    one = fake._result

    def given_away(task: str, name: str, world: str, is_right: bool) -> object:
        result = one(task, name, world, is_right)
        return result._replace(verdict=PASSED) if name == "a_name_has_spaces" else result

    monkeypatch.setattr(fake, "_result", given_away)
    hand_in(place, "alice", "1.1")
    hand_in(place, "bob")
    settings.write_text("partial_credit = true\n")
    assert points(grade()) == {"alice": 10, "bob": 15}


def test_points_can_be_scaled(place: Path, grade: Grade, settings: Path) -> None:
    hand_in(place, "alice", "1.1")
    settings.write_text("points = 100\n")
    (mark,) = grade().marks
    assert (mark.points.points, mark.points.most) == (66.67, 100)


def test_what_is_late_costs_a_share_for_each_day(
    place: Path, grade: Grade, handed_in_at: Path, fake: FakeJudge
) -> None:
    hand_in(place, "alice")
    assert points(grade()) == {"alice": 12}
    handed_in_at.write_text("student,time\nalice,2026-11-28T23:00:00+00:00\n")
    assert points(grade()) == {"alice": 9}
    assert why(grade) == "It was handed in late, within 2 days after the due date: 40 % less."
    handed_in_at.write_text("student,time\nalice,2026-12-09T23:00:00+00:00\n")
    assert points(grade()) == {"alice": 7.5}
    assert len(fake.asked) == 1


def test_a_few_minutes_cost_nothing(place: Path, grade: Grade, handed_in_at: Path) -> None:
    hand_in(place, "alice")
    handed_in_at.write_text("student,time\nalice,2026-11-27T22:15:00+00:00\n")
    assert points(grade()) == {"alice": 15}
    handed_in_at.write_text("student,time\nalice,2026-11-27T22:15:01+00:00\n")
    assert points(grade()) == {"alice": 12}


def test_after_the_last_day_nothing_is_earned(
    place: Path, grade: Grade, handed_in_at: Path, settings: Path
) -> None:
    hand_in(place, "alice")
    settings.write_text(settings.read_text() + "closed_after_days = 3\n")
    handed_in_at.write_text("student,time\nalice,2026-11-30T22:00:01+00:00\n")
    assert points(grade()) == {"alice": 0}


@pytest.mark.parametrize("until", ["2026-11-28T12:00:00Z", "{ 1 = 2026-11-28T12:00:00Z }"])
def test_an_extension_is_a_students_own_due_date(
    place: Path, grade: Grade, handed_in_at: Path, settings: Path, until: str
) -> None:
    hand_in(place, "alice")
    settings.write_text(f"{settings.read_text()}[extensions]\nalice = {until}\n")
    assert points(grade()) == {"alice": 15}


def test_without_a_time_nothing_is_taken_off_and_that_is_said(
    place: Path, grade: Grade, settings: Path
) -> None:
    hand_in(place, "alice")
    settings.write_text(f"{DUE}{LATE}")
    finished = grade()
    assert points(finished) == {"alice": 15}
    assert finished.remarks[0].startswith(
        "It is not known when 1 of the submissions were handed in"
    )


def test_the_times_of_files_are_believed_when_asked_for(
    place: Path, grade: Grade, settings: Path
) -> None:
    when = datetime.fromisoformat("2026-11-27T23:00:00+00:00").timestamp()
    os.utime(hand_in(place, "alice"), (when, when))
    settings.write_text(f"file_times = true\n{DUE}{LATE}")
    assert points(grade()) == {"alice": 12}


OVERRIDE = '[[override]]\nstudent = "alice"\ntask = {}\npoints = {}\nreason = "saw it work"\n'


def test_an_override_survives_grading_again(
    place: Path, grade: Grade, settings: Path, fake: FakeJudge
) -> None:
    hand_in(place, "alice", "1.1")
    settings.write_text(OVERRIDE.format('"1.2"', 4))
    assert points(grade()) == {"alice": 14}
    assert why(grade) == "The teacher set task 1.2 to 4 points: saw it work."
    hand_in(place, "alice", "")
    assert points(grade(regrade=True)) == {"alice": 4}
    assert len(fake.asked) == 2


def test_an_override_of_the_chapter_is_the_last_word(
    place: Path, grade: Grade, settings: Path, handed_in_at: Path
) -> None:
    hand_in(place, "alice", "1.1")
    settings.write_text(settings.read_text() + OVERRIDE.format("1", 13))
    assert points(grade()) == {"alice": 13}


def test_it_may_name_a_student_who_handed_nothing_in(
    place: Path, grade: Grade, settings: Path, tmp_path: Path
) -> None:
    hand_in(place, "bob")
    (tmp_path / "roster.csv").write_text("student\nalice\nbob\n")
    settings.write_text('roster = "roster.csv"\n' + OVERRIDE.format("1", 7))
    assert points(grade()) == {"alice": 7, "bob": 15}


def test_a_student_or_task_that_is_not_there_is_told(
    place: Path, grade: Grade, settings: Path
) -> None:
    hand_in(place, "alise")
    settings.write_text(OVERRIDE.format('"1.9"', 4))
    assert grade().remarks == [
        "class.toml names the student 'alice', who is not here. Is it 'alise'?",
        "class.toml overrides task 1.9, which does not exist.",
    ]


def test_the_last_attempt_counts_or_the_best(
    place: Path, grade: Grade, settings: Path, fake: FakeJudge
) -> None:
    hand_in(place, "alice")
    grade()
    hand_in(place, "alice", "1.1")
    assert points(grade()) == {"alice": 10}
    settings.write_text('attempt = "best"\n')
    finished = grade()
    assert points(finished) == {"alice": 15}
    assert finished.marks[0].attempts == 2
    assert len(fake.asked) == 2


def test_of_several_uploads_the_best_counts(place: Path, grade: Grade, settings: Path) -> None:
    settings.write_text('attempt = "best"\n')
    (place / f"leeann_4711_99001_{NAME}.py").write_text("# passes 1.1 1.2\n")
    (place / f"leeann_4711_99002_{NAME}-1.py").write_text("# passes 1.1\n")
    assert points(grade()) == {"leeann": 15}


def test_one_student_can_be_graded_alone(place: Path, grade: Grade, fake: FakeJudge) -> None:
    hand_in(place, "alice")
    hand_in(place, "bob")
    finished = grade(only=("alice",))
    assert [mark.student.id for mark in finished.shown] == ["alice"]
    assert [mark.outcome for mark in finished.marks] == ["graded", "not graded yet"]
    assert len(fake.asked) == 1


def test_a_name_that_fits_nobody_is_told(place: Path, grade: Grade) -> None:
    hand_in(place, "alice")
    with pytest.raises(ClassError, match="--only: 'zoe' fits no student"):
        grade(only=("zoe",))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1", "x is not a setting. Choose from: title, chapters"),
        ("x = ", "is not TOML"),
        ("seeds = 0", "seeds has to be a number from 1 to 1000."),
        ("seeds = true", "seeds has to be"),
        ('attempt = "worst"', 'attempt has to be "best" or "last".'),
        ("hints = 4", "hints has to be 0, 1, 2 or 3."),
        ("points = 0", "points has to be a number above 0."),
        ("due = 3", r"due has to be a table: write \[due\]."),
        ("[due]\n1 = 'x'", "due.1 has to be a time"),
        ("[due]\nx = 2026-01-01", "due.x has to be a chapter's number"),
        ("[due]\n1 = 0001-01-01T00:00:00", "due.1 has to be a time of these days"),
        ("[extensions]\nann.lee = 2026-01-01", 'needs quotes: "ben@example.org"'),
        ("[extensions]\nann@x.org = 2026-01-01", 'needs quotes: "ben@example.org"'),
        ("[late]\nper_day = 3", "late.per_day is not a setting."),
        ("[late]\npercent_per_day = -3", "late.percent_per_day has to be a number, 0 or above."),
        ("[[override]]\nstudent = 'a'\ntask = 1", "an override needs points = ..."),
        ("[[override]]\nstudent = 'a'\ntask = 'x'\npoints = 1", "override.task has to be a task"),
        ("roster = 'none.csv'", "The roster .*none.csv cannot be read"),
        ("times = 'none.csv'", "The file of times .*none.csv cannot be read"),
        ("hidden_tests = 'none'", "none is not a folder."),
        ("chapters = [7]", "there is no chapter 7."),
        ("chapters = []", "chapters has to be a list"),
    ],
)
def test_a_mistake_in_the_settings_is_one_line(
    place: Path, grade: Grade, settings: Path, text: str, says: str
) -> None:
    hand_in(place, "alice")
    settings.write_text(text)
    with pytest.raises(ClassError, match=says):
        grade(**({"chapters": ()} if text.startswith("chapters") else {}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("who,when\n", "needs the columns student and time"),
        ("student,time\nalice,Friday\n", "row 2: 'Friday' is not a time such as"),
        ("student,chapter,time\nalice,x,2026-11-27\n", "row 2: 'x' is not a chapter's number"),
    ],
)
def test_a_mistake_in_the_times_is_one_line(
    place: Path, grade: Grade, handed_in_at: Path, text: str, says: str
) -> None:
    hand_in(place, "alice")
    handed_in_at.write_text(text)
    with pytest.raises(ClassError, match=says):
        grade()


def test_every_setting_is_on_the_page_for_teachers(
    place: Path, grade: Grade, settings: Path
) -> None:
    hand_in(place, "alice")
    settings.write_text("x = 1")
    with pytest.raises(ClassError, match="is not a setting") as told:
        grade()
    known = str(told.value).partition("Choose from: ")[2].rstrip(".").split(", ")
    page = (Path(__file__).parents[2] / "chapters" / "from-release-to-gradebook.md").read_text()
    rows = [
        line.split("|")[1].strip(" `[]") for line in page.splitlines() if line.startswith("| `")
    ]
    assert rows == known


MARKED = '@pytest.mark.task("1.1")\n'


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("conftest.py", "", "conftest.py would not be used: hidden tests cannot have one"),
        (f"test_{NAME}.py", "def test_x(room:\n", "The hidden tests cannot be used: .*line 1"),
        (f"test_{NAME}.py", "def check(room): ...\n", "has no test: a function whose name"),
        (f"test_{NAME}.py", "def test_x(room): ...\n", "test_x needs a task above it"),
        (
            f"test_{NAME}.py",
            f"{MARKED}def test_everyone_is_asked(room): ...\n",
            "is the name of one of our tests",
        ),
    ],
)
def test_hidden_tests_that_would_not_count_are_refused(
    place: Path, grade: Grade, settings: Path, name: str, text: str, says: str
) -> None:
    (settings.parent / "hidden").mkdir()
    (settings.parent / "hidden" / name).write_text(text)
    settings.write_text('hidden_tests = "hidden"\n')
    hand_in(place, "alice")
    with pytest.raises(ClassError, match=says):
        grade()


def test_hidden_tests_of_another_name_are_missed(place: Path, grade: Grade, settings: Path) -> None:
    (settings.parent / "hidden").mkdir()
    (settings.parent / "hidden/test_ch01.py").write_text(f"{MARKED}def test_x(room): ...\n")
    settings.write_text('hidden_tests = "hidden"\n')
    hand_in(place, "alice")
    (remark,) = grade().remarks
    assert remark.startswith("There are no hidden tests for chapter 1:")
    assert remark.endswith(f"has no test_{NAME}.py.")


def test_a_file_that_notepad_has_saved(place: Path, grade: Grade, settings: Path) -> None:
    settings.write_bytes(b"\xef\xbb\xbfpoints = 30\r\n")
    hand_in(place, "alice")
    assert points(grade()) == {"alice": 30}


def test_a_student_may_be_called_as_on_the_page(
    place: Path, grade: Grade, settings: Path, tmp_path: Path
) -> None:
    (tmp_path / "roster.csv").write_text("student,name\n4711,Ann Lee\n4712,Bo Li\n")
    settings.write_text(
        'roster = "roster.csv"\n[[override]]\nstudent = "Lee, Ann"\ntask = "1.1"\npoints = 7\n'
    )
    hand_in(place, "4711", "")
    finished = grade()
    assert points(finished) == {"4711": 7, "4712": 0}
    assert finished.remarks == []


def test_more_points_than_a_task_has_are_asked_about(
    place: Path, grade: Grade, settings: Path
) -> None:
    settings.write_text('[[override]]\nstudent = "alice"\ntask = "1.1"\npoints = 100\n')
    hand_in(place, "alice", "")
    finished = grade()
    assert points(finished) == {"alice": 100}
    assert finished.remarks == [
        "class.toml gives alice 100 points for task 1.1, which is worth 10."
    ]
