"""grade(): a chapter's tests, run silently on a file."""

import signal
from pathlib import Path
from typing import Any

import pytest
from graded_course import ASKS_WRONGLY, GREETS_WRONGLY, NAME, RIGHT, STARTER, add_graders, save

from course import Chapter
from grader.report import FAILED, NOT_WRITTEN, PASSED, verdicts
from workbook.checking.grade import Graded, grade


@pytest.fixture
def chapter(course: Path) -> Chapter:
    return Chapter(add_graders(course), NAME)


def graded(chapter: Chapter, program: str, **options: Any) -> Graded:
    return grade(chapter, save(chapter.root, program), **options)


def test_a_right_file_passes_in_both_worlds(chapter: Chapter) -> None:
    found = graded(chapter, RIGHT)
    assert found.passed
    assert found.trouble == ""
    assert [(each.task, each.world) for each in found.results] == [
        ("1.1", "child"),
        ("1.2", "child"),
        ("1.2", "child"),
        ("1.1", "tls"),
        ("1.2", "tls"),
        ("1.2", "tls"),
    ]


def test_a_wrong_file_does_not_pass(chapter: Chapter) -> None:
    found = graded(chapter, GREETS_WRONGLY, world="child")
    assert not found.passed
    assert verdicts(found.results) == {"1.1": PASSED, "1.2": FAILED}


def test_a_task_that_is_not_written_is_told_apart(chapter: Chapter) -> None:
    found = graded(chapter, STARTER, world="child")
    assert verdicts(found.results) == {"1.1": PASSED, "1.2": NOT_WRITTEN}


def test_a_result_knows_the_conversation_and_the_test(chapter: Chapter) -> None:
    first = graded(chapter, ASKS_WRONGLY, world="child").results[0]
    assert [(event.source, event.kind, event.data) for event in first.events] == [
        ("alice", "connect", b""),
        ("server", "data", b"Who? "),
    ]
    assert first.code.startswith('@pytest.mark.task("1.1")\ndef test_everybody_is_asked(room):')


def test_a_result_knows_what_the_program_printed(chapter: Chapter) -> None:
    prints = RIGHT.replace("    name =", "    print('somebody is here')\n    name =")
    found = graded(chapter, prints, world="child", seed=3)
    assert found.passed
    assert [each.printed for each in found.results] == ["somebody is here\n"] * 3


@pytest.mark.parametrize(
    ("program", "kind"), [("x = (", "syntax"), ("import nothing_such", "import"), ("", "no serve")]
)
def test_a_result_knows_how_a_program_broke(chapter: Chapter, program: str, kind: str) -> None:
    found = graded(chapter, program, world="child")
    assert {each.kind for each in found.results} == {kind}


def test_one_seed_and_one_world_can_be_chosen(chapter: Chapter) -> None:
    found = graded(chapter, GREETS_WRONGLY, world="tls", seed=31)
    assert {each.world for each in found.results} == {"tls"}
    assert {each.seed for each in found.results} == {31}


def test_it_may_be_called_again_with_what_has_changed(chapter: Chapter) -> None:
    assert not graded(chapter, ASKS_WRONGLY, world="child").passed
    assert graded(chapter, RIGHT, world="child").passed
    asks_otherwise = chapter.test.read_text().replace("Name? ", "Who? ")
    chapter.test.write_text(asks_otherwise)
    assert not graded(chapter, RIGHT, world="child").passed


def test_it_says_nothing(chapter: Chapter, capfd: pytest.CaptureFixture[str]) -> None:
    graded(chapter, "print('hello')\nx = (", world="child")
    assert capfd.readouterr() == ("", "")


def test_what_the_environment_asks_of_pytest_is_not_heard(
    chapter: Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    assert graded(chapter, RIGHT, world="child").passed


@pytest.mark.parametrize("name", ["CI", "BUILD_NUMBER"])
def test_pytest_does_not_hear_that_this_is_ci(
    chapter: Chapter, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """It would compare at greater length there, and a message would depend on the machine."""
    monkeypatch.setenv(name, "true")
    chapter.test.write_text(
        "import os\nimport pytest\n\n"
        "@pytest.mark.task('1.1')\n"
        f"def test_it_is_not_there(room):\n    assert {name!r} not in os.environ\n"
    )
    assert graded(chapter, RIGHT, world="child").passed


def test_a_junit_file_is_written_by_pytest(chapter: Chapter) -> None:
    graded(chapter, RIGHT, world="child", junitxml=Path("out/junit.xml"))
    assert 'tests="3"' in (chapter.root / "out" / "junit.xml").read_text()


def test_a_junit_file_that_cannot_be_written_is_one_line(chapter: Chapter) -> None:
    found = graded(chapter, RIGHT, world="child", junitxml=Path("/dev/null/junit.xml"))
    assert not found.passed
    assert found.trouble == "/dev/null cannot be written: File exists."


def test_a_file_that_is_not_there_is_one_line(chapter: Chapter) -> None:
    missing = grade(chapter, Path("else/where.py"))
    assert missing.trouble == "else/where.py does not exist. Check the spelling."
    assert not missing.passed
    not_started = grade(chapter, chapter.work).trouble
    assert not_started.startswith(f"work/{NAME}.py is not there yet. Make it: ")
    assert not_started.endswith("workbook start 1")
    assert grade(chapter, Path("chapters")).trouble == "chapters is a folder. Name the file in it."


def test_a_chapter_without_tests_is_one_line(course: Path) -> None:
    found = grade(Chapter(course, "ch02_greet"), course / "work" / "ch02_greet.py")
    assert found.trouble == (
        "Chapter 2 has no tests (tests/chapters/test_ch02_greet.py): nothing to check."
    )


@pytest.mark.parametrize("graders", ["x = (", "import nothing_such", "", "assert False"])
def test_tests_that_do_not_run_are_never_a_pass(chapter: Chapter, graders: str) -> None:
    chapter.test.write_text(graders)
    found = graded(chapter, RIGHT)
    assert not found.passed
    assert found.trouble.startswith("The tests of chapter 1 did not run. If you have")


def test_ctrl_c_ends_it_as_it_ends_everything(chapter: Chapter) -> None:
    chapter.test.write_text("import signal\nsignal.raise_signal(signal.SIGINT)")
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        graded(chapter, RIGHT)
    assert signal.getsignal(signal.SIGINT) == before


def test_only_all_of_the_check_of_the_learners_file_is_whole(chapter: Chapter) -> None:
    assert graded(chapter, RIGHT).is_whole
    assert not graded(chapter, RIGHT, seed=0).is_whole
    assert not graded(chapter, RIGHT, world="tls").is_whole
    assert not grade(chapter, chapter.solution).is_whole
