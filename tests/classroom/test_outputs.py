"""What is written for people and for other programs, and what strangers cannot do to it."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from small_class import NAME, FakeJudge, Grade, hand_in, points

from classroom.escaping import cell, fenced, file_name, markdown
from classroom.outputs.pages import with_code
from classroom.outputs.results_csv import notes_on
from grader.report import Result
from isolation import Job, Judgement, Level
from room.failure import Diagnostic

NAMES = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "ann\x1b[2J", "张伟", "O'Neil, Bo"]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "grades"


def rows(output: Path) -> list[dict[str, str]]:
    text = (output / "results.csv").read_bytes().decode("utf-8-sig")
    return [*csv.DictReader(io.StringIO(text, newline=""))]


def page(output: Path, student: str) -> str:
    return (output / "students" / f"{student}.html").read_text()


class Tags(html.parser.HTMLParser):
    """The names of all tags, and of all attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


# Escaping


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\n="])
def test_no_cell_is_a_formula(start: str) -> None:
    assert cell(f"{start}1+1").startswith("'")
    assert cell("a=1") == "a=1"


def test_markdown_shows_text_as_it_is() -> None:
    assert markdown("<b>[x](javascript:y)\n# z") == r"\<b\>\[x\]\(javascript\:y\) \# z"
    assert fenced("a ```` b") == "`````text\na ```` b\n`````"


def test_file_names_are_harmless_and_different() -> None:
    strange = ["../../etc/x", "a/b", "a b", "a-b", "A-b", ".", "", *NAMES]
    names = {file_name(name) for name in strange}
    assert len({name.lower() for name in names}) == len(strange)
    assert all(re.fullmatch(r"[\w.-]+", name) and not name.startswith(".") for name in names)
    assert file_name("alice") == "alice"


def test_code_in_a_sentence_is_marked_and_escaped() -> None:
    assert with_code("use `<b>` & go") == "use <code>&lt;b&gt;</code> &amp; go"


@pytest.mark.parametrize("student", NAMES)
def test_a_strangers_name_is_text_everywhere(
    place: Path, grade: Grade, output: Path, student: str
) -> None:
    hand_in(place, student.replace("/", "\u2215"), "1.1")
    grade(formats=("gradescope", "classroom50", "nbgrader"))
    pages = [*output.glob("students/*.html"), output / "class.html"]
    assert len(pages) == 2
    for file in pages:
        tags = Tags(file.read_text())
        assert "script" not in tags.names
        assert not any(name.startswith("on") for name in tags.attributes)
    (row,) = rows(output)
    assert not row["student"].startswith("=")
    assert "\x1b" not in row["student"]


# results.csv


def test_the_table_has_every_student(place: Path, grade: Grade, output: Path) -> None:
    hand_in(place, "alice")
    hand_in(place, "bob", "1.1")
    (place / "carol").mkdir()
    grade()
    found = [
        (row["student"], row["task 1.1"], row["task 1.2"], row["points"], row["outcome"])
        for row in rows(output)
    ]
    assert found == [
        ("alice", "10", "5", "15", "graded"),
        ("bob", "10", "0", "10", "graded"),
        ("carol", "0", "0", "0", "refused"),
    ]
    assert rows(output)[2]["note"] == "There is no ch01_echo.py in what was handed in."


# Pages


def test_a_students_page_has_tasks_failures_and_hints(
    place: Path, grade: Grade, output: Path, tmp_path: Path
) -> None:
    hand_in(place, "alice", "1.2")
    (tmp_path / "class.toml").write_text("hints = 2\n")
    grade()
    text = page(output, "alice")
    assert "5 <span>of 15 points</span>" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "Everyone is asked." in text
    assert "Look at &lt;what&gt; arrives." in text
    assert "There is butterfly.write." in text
    assert "<svg" in text
    assert "&lt;b&gt;Who?&lt;/b&gt;" in text


@pytest.mark.parametrize("hints", [0, 1])
def test_only_as_many_hints_as_the_teacher_allows(
    place: Path, grade: Grade, output: Path, tmp_path: Path, hints: int
) -> None:
    hand_in(place, "alice", "1.2")
    (tmp_path / "class.toml").write_text(f"hints = {hints}\n")
    grade()
    assert page(output, "alice").count("Hint 1 for task 1.1") == hints
    assert "There is butterfly.write." not in page(output, "alice")


def test_a_page_asks_no_other_host_for_anything(place: Path, grade: Grade, output: Path) -> None:
    hand_in(place, "alice", "")
    grade()
    for text in (page(output, "alice"), (output / "class.html").read_text()):
        assert "default-src 'none'" in text
        without_names = text.replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in without_names
        assert "https:" not in without_names
        assert "url(" not in without_names


def test_hidden_tests_are_counted_and_not_shown(
    place: Path, grade: Grade, output: Path, tmp_path: Path, checkout: Path
) -> None:
    test = checkout / "tests/chapters/test_ch01_echo.py"
    test.write_text(test.read_text().replace("def test_a_name_has_spaces(room):\n    ...\n", ""))
    hand_in(place, "alice", "1.1")
    grade()
    text = page(output, "alice")
    assert "An answer is greeted (task 1.2, seed 0)" in text
    assert "has spaces" not in text
    assert "1 test of them did not pass." in text
    assert '<span class="tag">hidden</span>' in (output / "class.html").read_text()


def test_the_class_page_says_what_failed_most(place: Path, grade: Grade, output: Path) -> None:
    for student, passes in {"ann": "1.1 1.2", "bo": "1.1", "cy": "1.1", "di": ""}.items():
        hand_in(place, student, passes)
    grade()
    text = (output / "class.html").read_text()
    assert "Submissions by points: 1 with 0, 2 with 10, 1 with 15." in text
    assert "Something else fails: an answer is greeted." in text
    assert '<td class="n">3 of 4</td>' in text


def test_what_took_too_long_is_a_reason_too(
    place: Path, grade: Grade, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(place, "ann", "")
    answer = FakeJudge.__call__
    monkeypatch.setattr(
        FakeJudge,
        "__call__",
        lambda self, job, level: replace(
            answer(self, job, level), outcome="took too long", trouble="It did not end in time."
        ),
    )
    finished = grade()
    assert finished.is_complete
    assert "It took too long." in (output / "class.html").read_text()
    assert "It did not end in time." in page(output, "ann")


def test_why_no_server_started_is_in_the_row(
    place: Path, grade: Grade, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(place, "ann", "")
    answer = FakeJudge.__call__
    wrong = Diagnostic(headline="line 2: invalid syntax", kind="syntax")

    def refuses(self: FakeJudge, job: Job, level: Level) -> Judgement:
        judgement = answer(self, job, level)
        results = [each._replace(events=(), diagnostic=wrong) for each in judgement.results]
        return replace(judgement, results=tuple(results))

    monkeypatch.setattr(FakeJudge, "__call__", refuses)
    assert notes_on(grade().marks[0]) == ["line 2: invalid syntax"]
    assert rows(output)[0]["note"] == "line 2: invalid syntax"
    assert "The server does not start." in (output / "class.html").read_text()


def test_what_is_left_for_the_teacher_is_at_the_top(
    place: Path, grade: Grade, output: Path
) -> None:
    hand_in(place, "ann")
    hand_in(place, "bo", "breaks")
    (place / "cy").mkdir()
    grade()
    text = (output / "class.html").read_text()
    left = text[text.index("What is left for you") : text.index("On Monday")]
    assert ">bo</a>: The judge failed: RuntimeError: no more memory" in left
    assert f">cy</a>: There is no {NAME}.py in what was handed in." in left
    assert ">ann<" not in left


def test_a_students_page_says_when(place: Path, grade: Grade, output: Path, tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("student,time\nann,2026-11-27 21:05\n")
    (tmp_path / "class.toml").write_text(
        'times = "times.csv"\n[due]\n1 = 2026-11-27\n[extensions]\nann = 2026-11-29\n'
    )
    hand_in(place, "ann")
    grade()
    text = page(output, "ann")
    assert "Handed in on Friday, 27 November 2026, 21:05 " in text
    assert re.search("Due on Sunday, 29 November 2026, 23:59 .*, with your extension", text)


def test_two_who_share_something_rare_are_a_hint(place: Path, grade: Grade, output: Path) -> None:
    odd = "\n".join(
        f"def f{n}(a, b):\n    return a * b + {n} if a else [b] * {n}" for n in range(3)
    )
    for student in ("ann", "bo"):
        hand_in(place, student, more=f"\n{odd.replace('a', student[0])}")
    for student in ("cy", "di", "eve", "fay"):
        hand_in(place, student)
    grade()
    text = (output / "class.html").read_text()
    assert re.search(r">ann</a> and <a [^>]*>bo</a>: 100 % of their unusual code", text)
    assert ">cy</a> and" not in text


# Anonymous


def test_codes_stand_in_for_names(place: Path, grade: Grade, output: Path) -> None:
    hand_in(place, "zoe42")
    hand_in(place, "bob", "1.1")
    grade(formats=("gradescope",))
    finished = grade(anonymous=True, formats=("gradescope",))
    codes = {mark.student.id for mark in finished.shown}
    assert all(re.fullmatch(r"s-[a-z2-7]{6}", code) for code in codes)
    public = [*output.glob("students/*"), *output.glob("gradescope/*/*"), output / "class.html"]
    assert len(public) == 5
    for file in [*public, output / "results.csv"]:
        assert "zoe42" not in file.read_text()
        assert "zoe42" not in file.name
    assert {row["student"] for row in rows(output)} == codes
    names = output / "names.csv"
    assert stat.S_IMODE(names.stat().st_mode) == 0o600
    assert "zoe42" in names.read_text()
    assert {mark.student.id for mark in grade(anonymous=True).shown} == codes


def test_no_name_is_in_what_is_said_of_a_submission(
    place: Path, grade: Grade, output: Path, tmp_path: Path
) -> None:
    (tmp_path / "roster.csv").write_text("student,name,email\njl42,Zoë Li,zli@x.org\n")
    (tmp_path / "class.toml").write_text('roster = "roster.csv"\n')
    hand_in(place, "jl42").rename(place / "jl42/ZLi_homework.py")
    for who in ("bo", "cy"):
        hand_in(place, who, more="\n# written by Zoë for her friends")
    (place / "Kaspar.rar").write_bytes(b"Rar!")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Name,Grade\nZoë Li,3\n")
    finished = grade(anonymous=True, into=sheet)
    public = [*output.glob("students/*"), output / "class.html", output / "results.csv"]
    said = "\n".join([*(file.read_text() for file in public), *finished.remarks])
    assert "The file was called s-" in said
    assert "the same comment" in said
    assert "had 3 in the gradebook" in said
    for name in ("Zoë", "zli", "jl42", "Kaspar"):
        assert name.casefold() not in said.casefold()


def test_a_gradebook_is_filled_in_all_the_same(place: Path, grade: Grade, tmp_path: Path) -> None:
    hand_in(place, "alice")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Student,ID,SIS,Section,Chapter 1 (5)\nalice,1,a,s,\n")
    grade(anonymous=True, into=sheet)
    assert sheet.read_text().endswith("alice,1,a,s,15\n")


# Other programs


def test_gradescopes_file(place: Path, grade: Grade, output: Path) -> None:
    hand_in(place, "alice", "1.1")
    grade(formats=("gradescope",))
    found = json.loads((output / "gradescope/ch01_echo/alice.json").read_text())
    assert (found["score"], found["output_format"], found["stdout_visibility"]) == (
        *(10, "text", "hidden"),
    )
    tasks = [each for each in found["tests"] if "score" in each]
    assert [(task["score"], task["max_score"]) for task in tasks] == [(10, 10), (0, 5)]
    failed = next(each for each in found["tests"] if each.get("status") == "failed")
    assert failed["output"].startswith("```text\n<script>")
    assert failed["visibility"] == "visible"


def test_classroom_50s_file(place: Path, grade: Grade, output: Path) -> None:
    hand_in(place, "alice", "1.1")
    grade(formats=("classroom50",))
    found = json.loads((output / "classroom50/ch01_echo/alice.json").read_text())
    assert found["schema"] == "classroom50/result/v1"
    assert (found["score"], found["max-score"]) == (10, 15)
    assert [test["passed"] for test in found["tests"]] == [True, False]


@pytest.mark.parametrize("more", ["", '[[override]]\nstudent = "al"\ntask = 1\npoints = 2\n'])
def test_classroom_50s_tests_add_up(
    place: Path, grade: Grade, output: Path, tmp_path: Path, more: str
) -> None:
    hand_in(place, "al", "" if more else "1.1 1.2")
    (tmp_path / "class.toml").write_text(f"points = 2.25\n{more}")  # 1.5 and 0.75
    grade(formats=("classroom50",))
    found = json.loads((output / "classroom50/ch01_echo/al.json").read_text())
    assert (found["score"], found["max-score"]) == (2, 2)
    for what in ("score", "max-score"):
        assert sum(test[what] for test in found["tests"]) == 2


def test_nbgraders_file(place: Path, grade: Grade, output: Path) -> None:
    hand_in(place, "alice", "1.1")
    grade(formats=("nbgrader",))
    (row,) = csv.DictReader(io.StringIO((output / "nbgrader.csv").read_text()))
    assert (row["student_id"], row["score"], row["max_score"]) == ("alice", "10", "15")


# What changed


def test_a_regrade_says_whose_score_changed_and_why(
    place: Path, grade: Grade, fake: FakeJudge, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(place, "alice")
    hand_in(place, "bob", "1.1")
    assert grade().changes == []
    one = fake._result
    strict = lambda task, name, world, is_right: one(task, name, world, is_right and "1.1" in task)  # noqa: E731
    monkeypatch.setattr(fake, "_result", strict)
    with open(checkout / "tests/chapters/test_ch01_echo.py", "a") as tests:
        tests.write("# stricter\n")
    finished = grade()
    assert points(finished) == {"alice": 10, "bob": 10}
    assert finished.changes == [
        "alice, chapter 1: 15 -> 10 points. Because the tests changed. "
        "Now fails: a name has spaces, an answer is greeted."
    ]
    assert grade().changes == []

    def breaks(task: str, name: str, world: str, is_right: bool) -> Result:
        raise RuntimeError("no memory")

    monkeypatch.setattr(fake, "_result", breaks)
    assert grade(regrade=True).changes == []  # that says nothing about the file
    monkeypatch.setattr(fake, "_result", one)
    assert grade(regrade=True).changes == [
        "alice, chapter 1: 10 -> 15 points. Nothing else changed. Look at this one: it does not "
        "behave the same every time. No longer fails: a name has spaces, an answer is greeted."
    ]
