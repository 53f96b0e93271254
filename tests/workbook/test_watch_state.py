"""What there is to see in watch, and what each key does, without a terminal."""

import re
from pathlib import Path

import click
import pytest
from graded_course import ASKS_WRONGLY, NAME, RIGHT, STARTER, add_graders, save
from rich.panel import Panel
from small_course import checked, started

from course import Chapter
from grader.report import FAILED, PASSED
from workbook.checking.grade import grade
from workbook.checkout.progress import load
from workbook.watch.screen import KEYS
from workbook.watch.state import State


@pytest.fixture
def checkout(course: Path) -> Path:
    return add_graders(course)


def state_after(checkout: Path, program: str) -> State:
    """The state after a whole check of this program."""
    save(checkout, program)
    state = State(checkout)
    state.record(grade(state.chapter, state.chapter.work))
    return state


def notice(state: State) -> str:
    return "\n".join(str(each) for each in state.notice)


def verdict(state: State) -> str:
    return "\n".join(line.plain for line in state.verdict())


# Where the learner is


def test_it_begins_with_the_chapter_saved_last(course: Path) -> None:
    assert State(course, started(course, 2)).chapter.number == 2
    assert State(course).chapter.number == 2


def test_a_book_that_is_not_begun_is_begun(course: Path) -> None:
    state = State(course)
    assert state.chapter.work.read_text().startswith('"""The echo"""')
    assert notice(state).startswith(f"work/{NAME}.py is yours now: chapter 1, The echo")


def test_a_chapter_that_cannot_be_started_is_refused(course: Path) -> None:
    (course / "chapters" / NAME / "exercise.py").unlink()
    with pytest.raises(click.ClickException, match="has no starter"):
        State(course)


def test_without_chapters_there_is_nothing_to_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(click.ClickException, match="nothing to watch"):
        State(tmp_path)


def test_what_is_saved_is_what_is_worked_on(checkout: Path) -> None:
    state = state_after(checkout, RIGHT)
    assert "passed" in verdict(state)
    state.switch_to(started(checkout, 2))
    assert state.chapter.number == 2
    assert verdict(state) == ""


# What a check found


def test_a_verdict_is_shown_and_remembered(checkout: Path) -> None:
    state = state_after(checkout, STARTER)
    assert "✓ 1.1  passed  " in verdict(state)
    assert not state.has_passed
    assert load(checkout).verdicts(state.chapter)["1.1"] == PASSED
    assert state.farewell().startswith("Chapter 1: 1 of 2 tasks passed. Go on with: ")


def test_a_pass_says_so_and_what_comes_next(checkout: Path) -> None:
    state = state_after(checkout, RIGHT)
    assert state.has_passed
    ways_on = [line.plain for line in state.suggestions()]
    assert "You have passed chapter 1." in ways_on
    assert "Next: Start chapter 2, A greeting (about 40 minutes)" in ways_on


def test_trouble_is_told_in_place_of_a_verdict(checkout: Path) -> None:
    save(checkout, RIGHT)
    state = State(checkout)
    state.chapter.work.unlink()
    state.record(grade(state.chapter, state.chapter.work))
    assert "is gone" in verdict(state)
    assert state.suggestions() == []


def test_marks_that_cannot_be_saved_are_a_notice(
    checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (checkout / "work" / "progress.json").mkdir(parents=True)
    state = state_after(checkout, ASKS_WRONGLY)
    assert "Warning: work/progress.json cannot be" in notice(state)
    assert capfd.readouterr() == ("", "")


def test_a_task_file_that_became_unreadable_is_told(checkout: Path) -> None:
    state = state_after(checkout, RIGHT)
    state.chapter.tasks.write_text("title = ")
    assert "cannot be read" in verdict(state)


def test_progress_has_a_place_for_each_chapter(checkout: Path) -> None:
    state = state_after(checkout, STARTER)
    assert state.progress(has_unicode=True) == "□□□ 0 of 3 chapters"
    save(checkout, RIGHT)
    state.record(grade(state.chapter, state.chapter.work))
    assert state.progress(has_unicode=False) == "#-- 1 of 3 chapters"


def test_another_chapter_can_be_gone_to_by_its_number(checkout: Path) -> None:
    state = state_after(checkout, RIGHT)
    assert state.go_to(3)
    assert state.chapter.number == 3
    assert notice(state).startswith("work/ch03_ask.py is yours now")
    state.switch_to(state.chapter)  # the save of the starter itself
    assert notice(state).startswith("work/ch03_ask.py is yours now")
    assert not state.go_to(7)
    assert notice(state) == "There is no chapter 7."


def test_every_key_is_explained(checkout: Path) -> None:
    state = State(checkout)
    state.explain_keys()
    for key, does in KEYS.items():
        assert re.search(rf"\b{key} \w*{does[:3]}|\b{key} ", notice(state)), does


# h


def test_hints_come_one_after_the_other_for_the_task_that_failed(checkout: Path) -> None:
    state = state_after(checkout, STARTER)
    state.hint()
    (box, more) = state.notice
    assert isinstance(box, Panel)
    assert box.title == "Hint 1 of 1 for task 1.2"
    assert "solution 1 --anyway" in str(more)


def test_a_hint_that_is_not_the_last_names_the_key_for_the_next(checkout: Path) -> None:
    state = state_after(checkout, ASKS_WRONGLY)
    state.hint()
    assert str(state.notice[1]) == "For more, press h again."


def test_a_hint_stays_until_its_task_has_passed(checkout: Path) -> None:
    state = state_after(checkout, ASKS_WRONGLY)
    state.hint()
    state.switch_to(state.chapter)
    state.record(grade(state.chapter, state.chapter.work))
    assert isinstance(state.notice[0], Panel)
    save(checkout, RIGHT)
    state.switch_to(state.chapter)
    state.record(grade(state.chapter, state.chapter.work))
    assert state.notice == []


def test_a_server_that_does_not_start_needs_its_remedy_and_spends_no_hint(checkout: Path) -> None:
    state = state_after(checkout, ASKS_WRONGLY)
    state.hint()
    save(checkout, "async def serve(bind, ssl_options)\n")
    state.switch_to(state.chapter)
    state.record(grade(state.chapter, state.chapter.work))
    assert notice(state) == ""
    state.hint()
    box = state.notice[0]
    assert isinstance(box, Panel)
    assert "server does not start" in str(box.title)
    assert load(checkout).hints_seen("1.1") == 1


def test_when_all_has_passed_no_hint_is_needed(checkout: Path) -> None:
    state = state_after(checkout, RIGHT)
    state.hint()
    assert notice(state) == "No hint is needed now. Chapter 1: 2 of 2 tasks passed."


def test_before_the_first_verdict_keys_say_so(checkout: Path) -> None:
    save(checkout, RIGHT)
    state = State(checkout)
    state.hint()
    assert notice(state) == "No hint is needed now. Chapter 1 is being checked."
    state.diagram()
    assert notice(state) == "There is no conversation to draw. Chapter 1 is being checked."


# d


def test_the_conversation_that_failed_is_drawn(checkout: Path) -> None:
    state = state_after(checkout, ASKS_WRONGLY)
    state.diagram()
    file = "work/diagrams/ch01-everybody_is_asked-seed0.svg"
    assert notice(state) == f"The conversation is drawn. Open {file} in a browser."
    assert "Who?" in (checkout / file).read_text()


def test_a_drawing_that_cannot_be_written_is_a_notice(checkout: Path) -> None:
    state = state_after(checkout, ASKS_WRONGLY)
    (checkout / "work" / "diagrams").write_text("in the way")
    state.diagram()
    assert "cannot be written" in notice(state)


# n


def test_the_next_chapter_waits_until_this_one_has_passed(checkout: Path) -> None:
    state = state_after(checkout, STARTER)
    assert not state.next()
    assert notice(state).startswith("Not yet. Chapter 1: 1 of 2 tasks passed.")
    assert state.chapter.number == 1


def test_after_a_pass_the_next_chapter_is_started(checkout: Path) -> None:
    state = state_after(checkout, RIGHT)
    assert state.next()
    assert state.chapter.number == 2
    assert state.chapter.work.exists()
    assert notice(state).startswith("work/ch02_greet.py is yours now")


def test_a_chapter_that_was_started_before_is_gone_on_with(checkout: Path) -> None:
    chapter = started(checkout, 2)
    chapter.work.write_text("mine")
    state = state_after(checkout, RIGHT)
    assert state.next()
    assert state.chapter == chapter
    assert chapter.work.read_text() == "mine"


def test_after_the_last_chapter_there_is_no_next_one(checkout: Path) -> None:
    for name in ("ch02_greet", "ch03_ask"):
        checked(Chapter(checkout, name), PASSED, PASSED)
    state = state_after(checkout, RIGHT)
    assert not state.next()
    assert notice(state) == "All chapters have passed. This was the last one."


def test_a_next_chapter_that_cannot_be_started_is_a_notice(checkout: Path) -> None:
    (checkout / "chapters" / "ch02_greet" / "exercise.py").unlink()
    state = state_after(checkout, RIGHT)
    assert not state.next()
    assert "has no starter" in notice(state)


def test_what_a_key_asked_for_goes_with_the_next_save(checkout: Path) -> None:
    state = state_after(checkout, STARTER)
    state.next()
    state.switch_to(state.chapter)
    assert state.notice == []
    assert FAILED not in verdict(state)
