"""Who is in the class, from the lists that teachers have."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_class import NAME, Grade, hand_in, points

from classroom.errors import ClassError
from classroom.roster import read_roster


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    (tmp_path / "class.toml").write_text('roster = "roster.csv"\n', encoding="utf-8")
    return tmp_path / "roster.csv"


@pytest.mark.parametrize(
    ("text", "folder"),
    [
        ("sep=;\nstudent;name\njd;Jane Doe\n", "Jane Doe"),
        ("student,First name,Last name\njd,Jane,Doe\n", "Jane Doe_7_assignsubmission_file_"),
        ("student,Vorname,Nachname\njd,Jane,Doe\n", "Jane Doe_7_assignsubmission_file_"),
        ('student,name\njd,"Jane Doe\nkl,Karl Lee\n', "Jane Doe"),  # a quote that is not closed
        ("student,number,name\njd,123,Jane\nkl,124,Karl\n", "00123"),  # as Excel saves it
        ("student,number,name\njd,00123,Jane\nkl,124,Karl\n", "123"),
        ("student,name\njd," + "x" * 150_000 + "\n", "jd"),
    ],
)
def test_a_student_is_recognized(
    place: Path, grade: Grade, roster: Path, text: str, folder: str
) -> None:
    roster.write_text(text, encoding="utf-8")
    hand_in(place, folder)
    assert points(grade())["jd"] == 15


def test_two_of_one_name_in_a_canvas_gradebook(place: Path, grade: Grade, roster: Path) -> None:
    roster.write_text(
        'Student,ID,Section\n,,Manual Posting\n"Lee, Ann",71,A\n"Lee, Ann",72,B\n'
        '"Student, Test",9,\n'
    )
    (place / f"leeann_71_501_{NAME}.py").write_text("# passes 1.1 1.2\n")
    (place / f"leeann_72_502_{NAME}.py").write_text("# passes 1.1\n")
    assert points(grade()) == {"Lee, Ann (71)": 15, "Lee, Ann (72)": 10}


def test_a_roster_without_headers_is_said(place: Path, grade: Grade, roster: Path) -> None:
    roster.write_text("alice,Alice Lee\nbob,Bob Li\n")
    hand_in(place, "alice")
    said = "The roster begins with 'alice'. Its first line has to be headers, such as: student,name"
    assert said in grade().remarks


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\3\4" + bytes(50), "is a spreadsheet, and not CSV. Open it, save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(50), "is a spreadsheet, and not CSV"),
        (b"<!DOCTYPE html>\n<html>", "is a web page, and not CSV. Download it again."),
        (b"student\nalice\0\n", "is not text"),
        (b"student,name\na,A\na,B\n", "names 'a' twice"),
    ],
)
def test_what_is_no_roster_is_refused(roster: Path, data: bytes, says: str) -> None:
    roster.write_bytes(data)
    with pytest.raises(ClassError, match=says):
        read_roster(roster)


def test_a_name_is_the_same_however_its_accents_are_written(
    place: Path, grade: Grade, tmp_path: Path
) -> None:
    composed, decomposed = "ren\u00e9", "rene\u0301"
    (tmp_path / "class.toml").write_text(
        f'[[override]]\nstudent = "{composed}"\ntask = "1.1"\npoints = 7\n', encoding="utf-8"
    )
    hand_in(place, decomposed, "")
    finished = grade()
    assert points(finished) == {composed: 7}
    assert finished.remarks == []
