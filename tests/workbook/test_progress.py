"""What is remembered: kept across commands and terminals, and lost without harm."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from course import Chapter
from course.files import locked
from grader.report import FAILED, NOT_WRITTEN, PASSED, WAITS, Result
from room.failure import Diagnostic, verbatim
from workbook.checkout.progress import Failure, load

ASKS = Result("3.1", "ask", "ann is asked", "child", PASSED)
ANSWERS = Result("3.2", "answer", "ann is answered", "child", PASSED, line=20)
FAILS = ANSWERS._replace(verdict=FAILED, diagnostic=verbatim("Ann expected\nan answer"))


@pytest.fixture
def third(course: Path) -> Chapter:
    return Chapter(course, "ch03_ask")


def file_of(course: Path) -> Path:
    return course / "work" / "progress.json"


def test_nothing_is_known_before_the_first_check(course: Path, third: Chapter) -> None:
    progress = load(course)
    assert progress.verdicts(third) == {}
    assert progress.last_failure(third) is None
    assert progress.hints_seen("3.1") == 0
    assert not progress.has_passed(third)
    assert not (course / "work").exists()


def test_a_check_is_remembered_by_the_next_command(course: Path, third: Chapter) -> None:
    load(course).record_check(third, [FAILS, ASKS])
    assert load(course).verdicts(third) == {"3.1": PASSED, "3.2": FAILED}
    assert load(course).last_failure(third) == Failure(
        "3.2", "ann is answered", "Ann expected\nan answer"
    )


def test_the_failure_remembered_first_is_the_one_that_was_told(
    course: Path, third: Chapter
) -> None:
    later = FAILS._replace(line=30, diagnostic=verbatim("later"))
    not_yet = verbatim("Task 3.1 is not written yet.")
    not_written = ASKS._replace(verdict=NOT_WRITTEN, diagnostic=not_yet)
    progress = load(course)
    progress.record_check(third, [later, FAILS, not_written])
    assert progress.last_failure(third) == Failure("3.1", "ann is asked", not_written.text)
    assert progress.failure_of(third, "3.2") == Failure("3.2", "ann is answered", FAILS.text)


def test_a_task_that_waits_for_another_is_not_the_failure_remembered_first(
    course: Path, third: Chapter
) -> None:
    waits = ASKS._replace(verdict=WAITS, waits_for=("3.2",), diagnostic=verbatim("Nobody asked."))
    progress = load(course)
    progress.record_check(third, [waits, FAILS])
    assert progress.last_failure(third) == Failure("3.2", "ann is answered", FAILS.text)


def test_what_helps_a_server_to_start_is_remembered(course: Path, third: Chapter) -> None:
    unstarted = Diagnostic(headline="No.", attempt="look at line 1.", kind="syntax")
    load(course).record_check(third, [FAILS._replace(diagnostic=unstarted)])
    text = "No.\n\nTry: look at line 1."
    assert load(course).last_failure(third) == Failure(
        "3.2", "ann is answered", text, "look at line 1."
    )


def test_what_helps_a_server_that_started_is_in_the_text_alone(
    course: Path, third: Chapter
) -> None:
    hung = Diagnostic(headline="No answer.", attempt="look for a loop.", kind="hang")
    load(course).record_check(third, [FAILS._replace(diagnostic=hung)])
    failure = load(course).last_failure(third)
    assert failure is not None
    assert failure.attempt == ""


@pytest.mark.parametrize(("kind", "attempt"), [("not async", "write `async`"), ("hang", "")])
def test_a_file_of_an_older_workbook_is_read(
    course: Path, third: Chapter, capsys: pytest.CaptureFixture[str], kind: str, attempt: str
) -> None:
    older = {"test": "ann is asked", "text": ["No.", "", "Try: something."], "kind": kind}
    marks = {"tasks": {"3.1": FAILED}, "failures": {"3.1": older}}
    file_of(course).parent.mkdir()
    file_of(course).write_text(
        json.dumps({"chapters": {third.name: marks}, "hints": {}, "fitting_hints": {}})
    )
    failure = load(course).last_failure(third)
    assert failure is not None
    assert failure.text == "No.\n\nTry: something."
    assert failure.attempt[:13] == attempt
    assert capsys.readouterr().err == ""


def test_a_chapter_passes_when_all_its_tasks_do(course: Path, third: Chapter) -> None:
    progress = load(course)
    progress.record_check(third, [ASKS])
    assert not progress.has_passed(third)  # 3.2 was not tried
    progress.record_check(third, [ASKS, ANSWERS])
    assert progress.has_passed(third)
    assert progress.last_failure(third) is None


def test_a_chapter_without_tasks_cannot_pass(course: Path, third: Chapter) -> None:
    third.tasks.unlink()
    assert not load(course).has_passed(third)


def test_what_has_passed_once_has_ever_passed(course: Path, third: Chapter) -> None:
    progress = load(course)
    assert not progress.has_ever_passed(third)
    progress.record_check(third, [ASKS, ANSWERS])
    progress.record_check(third, [ASKS, FAILS])
    assert not progress.has_passed(third)
    assert progress.has_ever_passed(third)


def test_hints_are_counted_and_never_go_back(course: Path) -> None:
    progress = load(course)
    progress.record_hint("3.1", 2)
    progress.record_hint("3.1", 1)
    progress.record_fitting_hint("3.1", "Text is not bytes.")
    progress.record_fitting_hint("3.1", "Text is not bytes.")
    assert load(course).hints_seen("3.1") == 2
    assert load(course).fitting_hints_seen("3.1") == ["Text is not bytes."]


def test_a_chapter_can_be_forgotten(course: Path, third: Chapter) -> None:
    progress = load(course)
    progress.record_check(third, [ASKS, ANSWERS])
    progress.record_hint("3.1", 2)
    progress.record_hint("2.1", 1)
    progress.forget(third)
    assert not load(course).has_ever_passed(third)
    assert load(course).hints_seen("3.1") == 0
    assert load(course).hints_seen("2.1") == 1


def test_two_terminals_lose_nothing_of_each_other(course: Path, third: Chapter) -> None:
    watch, hint = load(course), load(course)
    watch.record_check(third, [ASKS, FAILS])
    hint.record_hint("3.2", 1)
    watch.record_check(third, [ASKS, ANSWERS])
    assert load(course).has_passed(third)
    assert load(course).hints_seen("3.2") == 1


def test_many_processes_that_write_at_once_lose_nothing(course: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from workbook.checkout.progress import load\n"
        "for number in range(5): load(Path.cwd()).record_hint(f'{sys.argv[1]}.{number}', 1)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(n)]) for n in range(5)]
    assert [writer.wait(timeout=60) for writer in writers] == [0] * 5
    assert len(json.loads(file_of(course).read_text())["hints"]) == 25


def test_the_file_explains_itself_to_whoever_opens_it(course: Path) -> None:
    load(course).record_hint("3.1", 1)
    text = file_of(course).read_text()
    assert text.startswith('{\n  "about": "The progress that the workbook command remembers')
    assert not list(file_of(course).parent.glob("*.new"))


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        '{"chapters": {"ch03_ask": {"tasks"',
        "[]",
        "5",
        "{}",
        "[" * 100_000,
        '{"chapters": [], "hints": {}, "fitting_hints": {}}',
        '{"chapters": {}, "hints": {"3.1": "many"}, "fitting_hints": {}}',
        '{"chapters": {"ch03_ask": {"tasks": 5}}, "hints": {}, "fitting_hints": {}}',
        '{"chapters": {"ch03_ask": 5}, "hints": {}, "fitting_hints": {}}',
    ],
)
def test_a_damaged_file_is_set_aside_and_said(
    course: Path, third: Chapter, capsys: pytest.CaptureFixture[str], damaged: str
) -> None:
    file_of(course).parent.mkdir()
    file_of(course).write_text(damaged)
    progress = load(course)
    assert not progress.has_passed(third)
    assert capsys.readouterr().err == (
        "Warning: work/progress.json was damaged. It was renamed to work/progress.json.damaged. "
        "Your work is safe, but the record of what you passed is lost. Checking a chapter brings "
        "back its part.\n"
    )
    assert (course / "work" / "progress.json.damaged").read_text() == damaged
    progress.record_hint("3.1", 1)
    assert load(course).hints_seen("3.1") == 1


def test_what_was_damaged_before_is_kept_too(course: Path) -> None:
    file_of(course).parent.mkdir()
    for text in ("first", "second", "third"):
        file_of(course).write_text(text)
        load(course)
    damaged = sorted(file_of(course).parent.glob("*.damaged*"))
    assert [file.read_text() for file in damaged] == ["first", "second", "third"]


def test_what_was_half_written_by_a_process_that_was_killed_is_no_loss(course: Path) -> None:
    load(course).record_hint("3.1", 1)
    file_of(course).with_name("progress.json.new").write_text('{"chap')
    progress = load(course)
    assert progress.hints_seen("3.1") == 1
    progress.record_hint("3.1", 2)
    assert load(course).hints_seen("3.1") == 2


def test_text_that_is_no_text_is_remembered(course: Path, third: Chapter) -> None:
    load(course).record_check(third, [FAILS._replace(diagnostic=verbatim("Ann \udc80 ø"))])
    failure = load(course).last_failure(third)
    assert failure is not None
    assert failure.text == "Ann \udc80 ø"


def test_without_a_place_to_write_it_warns_once_and_goes_on(
    course: Path, third: Chapter, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "work").write_text("a file where the folder should be")
    progress = load(course)
    capsys.readouterr()
    progress.record_check(third, [ASKS, ANSWERS])
    progress.record_hint("3.1", 1)
    warnings = capsys.readouterr().err
    assert warnings.startswith("Warning: work/progress.json cannot be written: ")
    assert warnings.count("\n") == 1
    assert progress.has_passed(third)  # until the command ends
    assert progress.hints_seen("3.1") == 1


def test_a_lock_that_stays_taken_is_a_warning(
    course: Path,
    third: Chapter,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workbook.checkout.progress.LOCK_TIMEOUT", 0)
    progress = load(course)
    file_of(course).parent.mkdir()
    with locked(file_of(course), timeout=0):
        progress.record_check(third, [ASKS, ANSWERS])
    assert capsys.readouterr().err == (
        "Warning: work/progress.json cannot be written: another program has kept it locked for 0 "
        "seconds. If one was stopped with Ctrl-Z, continue it with fg in its terminal, then try "
        "again. What you pass cannot be remembered now, but your work is safe.\n"
    )
    assert progress.has_passed(third)  # until the command ends


def test_a_file_that_cannot_be_read_is_left_as_it_is(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file_of(course).mkdir(parents=True)
    progress = load(course)
    assert progress.hints_seen("3.1") == 0
    assert capsys.readouterr().err.startswith("Warning: work/progress.json cannot be read: ")
    progress.record_hint("3.1", 1)
    assert file_of(course).is_dir()
