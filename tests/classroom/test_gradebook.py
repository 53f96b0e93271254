"""A teacher's own gradebook: one column is filled in, and every other byte stays."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_class import NAME, FakeJudge, Grade, hand_in

from classroom.errors import ClassError
from classroom.outputs.gradebook import fill_in
from classroom.roster import Student
from classroom.sheet import read_sheet

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Chapter 1 (501),Chapter 2 (502),Final Score\r\n"
    "    Points Possible,,,,,15.0,10.0,(read only)\r\n"
    '"Lee, Ann",4711,s1,alee,"Mon, 9:00",,,\r\n'
    '"O""Neil, Bo",4712,s2,bo,Tue,3,=1+2,\r\n'
    "张伟,4713,s3,zw,Tue,EX,,\r\n"
    '"Student, Test",1,,,Tue,,,\r\n'
)
MOODLE = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Feedback comments"\n'
    'Participant 1001,"Ann Lee",ann@example.org,Submitted,,15.00,"line one\nline ""two"""\n'
    "Participant 1002,José Ñ,jose@example.org,Submitted,-,15.00,=HYPERLINK()\n"
)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "sheet.csv"


@pytest.fixture
def canvas(place: Path, sheet: Path) -> Path:
    (place / f"leeann_4711_99001_{NAME}.py").write_text("# passes 1.1 1.2\n")
    (place / f"oneilbo_4712_99002_{NAME}.py").write_text("# passes 1.1\n")
    (place / f"zhangwei_4713_99003_{NAME}.py").write_text("# passes 1.1\n")
    return sheet


@pytest.fixture
def moodle(place: Path, sheet: Path) -> Path:
    hand_in(place, "Ann Lee_1001_assignsubmission_file_")
    hand_in(place, "José Ñ_1002_assignsubmission_file_", "1.1")
    return sheet


def test_canvas(canvas: Path, grade: Grade) -> None:
    canvas.write_bytes(CANVAS.encode())
    finished = grade(into=canvas)
    expected = CANVAS.replace('"Mon, 9:00",,', '"Mon, 9:00",15,').replace("Tue,3,", "Tue,10,")
    assert canvas.read_bytes().decode() == expected
    assert finished.remarks == ["oneilbo had 3 in the gradebook, and now has 10."]


def test_moodle(moodle: Path, grade: Grade) -> None:
    moodle.write_bytes(MOODLE.encode())
    finished = grade(into=moodle)
    expected = MOODLE.replace("Submitted,,", "Submitted,15,").replace("Submitted,-", "Submitted,10")
    assert moodle.read_bytes().decode() == expected
    assert finished.remarks == []


GERMAN = MOODLE.replace("Grade,", "Bewertung,").replace("15.00", "15,00").replace(",", ";")
GERMAN = GERMAN.replace("15;00", "15,00")


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("cp1252", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    ],
)
def test_a_german_sheet_in_any_encoding(
    moodle: Path, grade: Grade, encoding: str, bom: bytes, tmp_path: Path
) -> None:
    (tmp_path / "class.toml").write_text(
        '[[override]]\nstudent = "Ann Lee"\ntask = 1\npoints = 12.5\n'
    )
    moodle.write_bytes(bom + GERMAN.encode(encoding))
    grade(into=moodle)
    expected = GERMAN.replace("Submitted;;", "Submitted;12,5;")
    expected = expected.replace("Submitted;-", "Submitted;10")
    assert moodle.read_bytes() == bom + expected.encode(encoding)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_ends_of_lines_stay(moodle: Path, grade: Grade, end: str) -> None:
    text = MOODLE.replace("line one\nline", "line one line").replace("\n", end)
    moodle.write_bytes(text.removesuffix(end).encode())
    grade(into=moodle)
    expected = text.replace("Submitted,,", "Submitted,15,").replace("Submitted,-", "Submitted,10")
    assert moodle.read_bytes().decode() == expected.removesuffix(end)


def test_a_second_time_changes_nothing(canvas: Path, grade: Grade) -> None:
    canvas.write_bytes(CANVAS.encode())
    grade(into=canvas)
    once = canvas.read_bytes()
    assert grade(into=canvas).remarks == []
    assert canvas.read_bytes() == once


def test_who_handed_nothing_in_keeps_what_is_there(
    place: Path, grade: Grade, sheet: Path, tmp_path: Path
) -> None:
    (tmp_path / "roster.csv").write_text("student,id\nann,4711\nbo,4712\n")
    (tmp_path / "class.toml").write_text('roster = "roster.csv"\n')
    hand_in(place, "ann", "1.1")
    sheet.write_bytes(CANVAS.encode())
    grade(into=sheet)
    assert "Tue,3," in sheet.read_bytes().decode()


def test_another_number_of_points_is_told(canvas: Path, grade: Grade) -> None:
    canvas.write_bytes(CANVAS.replace("15.0,10.0", "100,10.0").encode())
    assert grade(into=canvas).remarks[-1] == (
        "The gradebook's column has 100 points, and these results have 15. "
        "To make them agree, write points = 100 in class.toml."
    )


def test_who_is_not_in_it_is_told(canvas: Path, grade: Grade, place: Path) -> None:
    hand_in(place, "mallory")
    canvas.write_bytes(CANVAS.encode())
    assert "Not found in the gradebook: mallory." in grade(into=canvas).remarks


def test_two_of_one_name_are_told_apart_by_their_numbers(
    place: Path, grade: Grade, sheet: Path
) -> None:
    hand_in(place, "Ann Lee_1001_assignsubmission_file_")
    hand_in(place, "Ann Lee_1002_assignsubmission_file_", "1.1")
    sheet.write_bytes(MOODLE.replace("José Ñ", "Ann Lee").encode())
    grade(into=sheet)
    rows = read_sheet(sheet.read_bytes()).rows
    assert [row[4] for row in rows[1:]] == ["15", "10"]


def test_a_column_can_be_named(canvas: Path, grade: Grade) -> None:
    canvas.write_bytes(CANVAS.encode())
    grade(into=canvas, column="chapter 2")
    rows = read_sheet(canvas.read_bytes()).rows
    assert [row[6] for row in rows[2:]] == ["15", "10", "10", ""]


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("", None, "The gradebook is empty"),
        (CANVAS, "Final grade", "'Final grade' is none of the gradebook's columns. Name one"),
        (CANVAS, "chapter", "'chapter' is 2 of the gradebook's columns"),
        (MOODLE.replace("Grade,", "X,"), None, "which column to fill in: none would do"),
        (CANVAS, "final score", "'Final Score' is read only in Canvas"),
        ("PK\3\4" + "\0" * 50, None, "The gradebook is a spreadsheet, and not CSV"),
        ("<html>Log in", None, "The gradebook is a web page"),
    ],
)
def test_what_is_not_clear_is_asked(
    canvas: Path, grade: Grade, fake: FakeJudge, text: str, column: str | None, says: str
) -> None:
    canvas.write_bytes(text.encode())
    with pytest.raises(ClassError, match=says):
        grade(into=canvas, column=column)
    assert canvas.read_bytes() == text.encode()
    assert fake.asked == []  # it is said before anything is graded


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        ("Student,ID,Chapter 1 (5)\nZoe,9,\n", None, "No row of the gradebook is one of these"),
        (CANVAS, "SIS Login ID", "'SIS Login ID' has names of students in it"),
        (
            'Student,ID,Chapter 1 (5)\nZoe,1,\nYan,2,\nXu,3,\n"Lee, Ann",4,\n"Lee, Ann",5,\n',
            None,
            "Not clear which row of the gradebook it is: leeann.",
        ),
    ],
)
def test_results_are_written_also_when_the_gradebook_cannot_be(
    canvas: Path, grade: Grade, place: Path, text: str, column: str | None, says: str
) -> None:
    hand_in(place, "alee")
    canvas.write_bytes(text.encode())
    finished = grade(into=canvas, column=column)
    assert says in finished.problem
    assert not finished.is_complete
    assert finished.written["Results"].is_file()
    assert canvas.read_bytes() == text.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Name,Email,Grade\nAnn Lee\nJosé Ñ,,\n", "Name,Email,Grade\nAnn Lee,,15\nJosé Ñ,,10\n"),
        ("First,Last,Grade\nAnn,Lee,\nJosé,Ñ,\n", "First,Last,Grade\nAnn,Lee,15\nJosé,Ñ,10\n"),
        ("sep=;\nName;Grade\nAnn Lee;\n", "sep=;\nName;Grade\nAnn Lee;15\n"),
        ("Networks\n\nName;Grade\nAnn Lee;\n", "Networks\n\nName;Grade\nAnn Lee;15\n"),
        ("Name,No,Grade\nX,01001,\nY,1002,\n", "Name,No,Grade\nX,01001,15\nY,1002,10\n"),
    ],
)
def test_sheets_that_other_programs_have_saved(
    moodle: Path, grade: Grade, before: str, after: str
) -> None:
    moodle.write_bytes(before.encode())
    grade(into=moodle)
    assert moodle.read_bytes().decode() == after


def test_logins_that_end_in_the_same_number(place: Path, grade: Grade, sheet: Path) -> None:
    hand_in(place, "lee12")
    hand_in(place, "kim12", "1.1")
    sheet.write_text("Login,Grade\nlee12,\nkim12,\n")
    assert grade(into=sheet).remarks == []
    assert sheet.read_text() == "Login,Grade\nlee12,15\nkim12,10\n"


def test_a_fraction_has_a_comma_where_semicolons_separate(
    moodle: Path, grade: Grade, tmp_path: Path
) -> None:
    (tmp_path / "class.toml").write_text("points = 2.5\n")
    moodle.write_bytes(b"Name;Grade\nAnn Lee;\n")
    grade(into=moodle)
    assert moodle.read_bytes() == b"Name;Grade\nAnn Lee;2,5\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a,b",
        "a,b\n",
        "a,\n,\n",
        '"a,""b""\n",c\r\nd,e',
        "\n\n",
        'x"y,z\n',
        '"unclosed,\n',
        "a\tb\n",
    ],
)
def test_a_sheet_that_nobody_changed_is_the_same_file(text: str) -> None:
    assert read_sheet(text.encode()).encoded() == text.encode()


TEXT = st.text(st.sampled_from("aé\u0301王ع\u202e\"',;\t=+-@ 07\n\r\u2028İ😀."), max_size=6)


@given(
    cells=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5),
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quotes_all=st.booleans(),
)
def test_whatever_is_in_the_other_cells_stays(
    cells: list[tuple[str, str]], delimiter: str, end: str, encoding: str, quotes_all: bool
) -> None:
    def written(cell: str) -> str:
        needs = quotes_all or any(mark in cell for mark in (delimiter, '"', "\n", "\r"))
        return '"' + cell.replace('"', '""') + '"' if needs else cell

    def sheet(grade: str) -> bytes:
        rows = [["Login", "x", "Grade", "y"]]
        for number, (before, after) in enumerate(cells):
            rows.append([f"kim{number}", before, grade, after])
        lines = (delimiter.join(map(written, row)) + end for row in rows)
        return "".join(lines).encode(encoding)

    points = SimpleNamespace(points=7.0, most=10.0, override=None, tasks=())
    marks = [
        SimpleNamespace(
            student=Student(f"kim{number}"),
            chapter=SimpleNamespace(name="ch01"),
            points=points,
            outcome="graded",
        )
        for number in range(len(cells))
    ]
    assert fill_in(sheet(""), marks, None, ()).data == sheet("7")  # type: ignore[arg-type]
