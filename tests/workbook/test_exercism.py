"""check --json: the shape of Exercism's test runners, version 3."""

import json
from pathlib import Path

from course import Chapter
from grader.report import FAILED, NOT_WRITTEN, PASSED, Result
from room.failure import Diagnostic, verbatim
from workbook.checking.exercism import LONGEST_OUTPUT, as_json, trouble_as_json
from workbook.checking.grade import Graded

CODE = "def test_everybody_is_asked(room):\n    ...\n"
ASKED = Result("1.1", "ask", "everybody is asked", "child", PASSED, seed=49, line=10, code=CODE)
GREETED = Result("1.10", "answer", "who answers is greeted", "child", PASSED, line=20)


def said(*results: Result, trouble: str = "") -> dict:
    chapter = Chapter(Path("/nowhere"), "ch01_echo")
    return json.loads(as_json(Graded(chapter, chapter.work, results, trouble)))


def test_a_pass_has_every_test_with_its_task() -> None:
    assert said(ASKED) == {
        "version": 3,
        "status": "pass",
        "tests": [
            {
                "name": "everybody is asked",
                "status": "pass",
                "test_code": CODE,
                "task_id": 1,
                "task": "1.1",
                "world": "child",
                "seed": 49,
            }
        ],
    }


def test_a_failure_has_its_message_and_what_was_printed() -> None:
    failed = ASKED._replace(verdict=FAILED, diagnostic=verbatim("expected this"), printed="hello\n")
    found = said(failed, GREETED)
    assert found["status"] == "fail"
    assert "message" not in found
    assert [test["status"] for test in found["tests"]] == ["fail", "pass"]
    assert found["tests"][0]["message"] == "expected this"
    assert found["tests"][0]["output"] == "hello\n"


def test_the_id_of_a_task_is_its_number_in_the_chapter() -> None:
    assert said(GREETED)["tests"][0]["task_id"] == 10


def test_a_task_that_is_not_written_is_a_failure() -> None:
    assert (
        said(ASKED._replace(verdict=NOT_WRITTEN, diagnostic=verbatim("not yet")))["status"]
        == "fail"
    )


def test_tests_stand_in_the_order_of_their_file() -> None:
    over_tls = ASKED._replace(world="tls")
    names = [test["name"] for test in said(GREETED, over_tls, ASKED)["tests"]]
    assert names == [
        "everybody is asked",
        "everybody is asked (over TLS)",
        "who answers is greeted",
    ]


def test_a_program_in_which_no_test_can_say_anything_is_an_error() -> None:
    no = Diagnostic(headline="no", is_verbatim=True, kind="syntax")
    broken = [each._replace(verdict=FAILED, diagnostic=no) for each in (ASKED, GREETED)]
    found = said(*broken)
    assert (found["status"], found["message"]) == ("error", "no")
    assert [test["status"] for test in found["tests"]] == ["error", "error"]
    assert said(broken[0], GREETED)["status"] == "fail"


def test_output_is_as_long_as_the_interface_allows() -> None:
    long, short = said(ASKED._replace(printed="x" * 501), GREETED._replace(printed="x" * 500))[
        "tests"
    ]
    assert len(long["output"]) == LONGEST_OUTPUT == 500
    assert long["output"].endswith("\n(the rest is left out)")
    assert short["output"] == "x" * 500


def test_what_could_not_be_graded_is_an_error_with_its_message() -> None:
    wanted = {"version": 3, "status": "error", "message": "no file", "tests": []}
    assert said(trouble="no file") == wanted
    assert json.loads(trouble_as_json("no file")) == wanted


def test_no_result_is_never_a_pass() -> None:
    assert said()["status"] == "error"


def test_what_is_no_text_is_escaped() -> None:
    chapter = Chapter(Path("/nowhere"), "ch01_echo")
    odd = ASKED._replace(verdict=FAILED, diagnostic=verbatim("\udcff é \x1b"))
    assert as_json(Graded(chapter, chapter.work, (odd,))).isascii()
