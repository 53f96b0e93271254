"""What there is to see in watch, and what each key does, without a terminal."""

from pathlib import Path

import click
import pytest
from conftest import checked, started
from graded_course import ASKS_WRONGLY, NAME, RIGHT, STARTER, add_graders, save
from rich.panel import Panel

from course import Chapter
from grader.report import FAILED, PASSED
from workbook.checking.grade import grade
from workbook.checkout.progress import load
from workbook.watch.state import Desk


@pytest.fixture
def checkout(course: Path) -> Path:
    return add_graders(course)


def desk_after(checkout: Path, program: str) -> Desk:
    """The desk after a whole check of this program."""
    save(checkout, program)
    desk = Desk(checkout)
    desk.take(grade(desk.chapter, desk.chapter.work))
    return desk


def notice(desk: Desk) -> str:
    return "\n".join(str(each) for each in desk.notice)


def verdict(desk: Desk) -> str:
    return "\n".join(line.plain for line in desk.verdict())


# Where the learner is


def test_it_begins_with_the_chapter_saved_last(course: Path) -> None:
    assert Desk(course, started(course, 2)).chapter.number == 2
    assert Desk(course).chapter.number == 2


def test_a_book_that_is_not_begun_is_begun(course: Path) -> None:
    desk = Desk(course)
    assert desk.chapter.work.read_text().startswith('"""The echo"""')
    assert notice(desk).startswith(f"work/{NAME}.py is yours now: chapter 1, The echo")


def test_a_chapter_that_cannot_be_started_is_refused(course: Path) -> None:
    (course / "chapters" / NAME / "exercise.py").unlink()
    with pytest.raises(click.ClickException, match="has no starter"):
        Desk(course)


def test_without_chapters_there_is_nothing_to_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(click.ClickException, match="nothing to watch"):
        Desk(tmp_path)


def test_what_is_saved_is_what_is_worked_on(checkout: Path) -> None:
    desk = desk_after(checkout, RIGHT)
    assert "passed" in verdict(desk)
    desk.turn_to(started(checkout, 2))
    assert desk.chapter.number == 2
    assert verdict(desk) == ""


# What a check found


def test_a_verdict_is_shown_and_remembered(checkout: Path) -> None:
    desk = desk_after(checkout, STARTER)
    assert "✓ 1.1  passed  " in verdict(desk)
    assert not desk.has_passed
    assert load(checkout).verdicts(desk.chapter)["1.1"] == PASSED
    assert desk.last_words().startswith("Chapter 1: 1 of 2 tasks passed. Go on with: ")


def test_a_pass_says_so_and_what_comes_next(checkout: Path) -> None:
    desk = desk_after(checkout, RIGHT)
    assert desk.has_passed
    ways_on = [line.plain for line in desk.ways_on()]
    assert "Chapter 1 has passed." in ways_on
    assert "Next: Start chapter 2, A greeting (about 40 minutes)" in ways_on


def test_trouble_is_told_in_place_of_a_verdict(checkout: Path) -> None:
    save(checkout, RIGHT)
    desk = Desk(checkout)
    desk.chapter.work.unlink()
    desk.take(grade(desk.chapter, desk.chapter.work))
    assert "is not there yet" in verdict(desk)
    assert desk.ways_on() == []


def test_marks_that_cannot_be_saved_are_a_notice(
    checkout: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (checkout / "work" / "progress.json").mkdir(parents=True)
    desk = desk_after(checkout, ASKS_WRONGLY)
    assert "Warning: work/progress.json cannot be" in notice(desk)
    assert capfd.readouterr() == ("", "")


def test_a_task_file_that_became_unreadable_is_told(checkout: Path) -> None:
    desk = desk_after(checkout, RIGHT)
    desk.chapter.tasks.write_text("title = ")
    assert "cannot be read" in verdict(desk)


# h


def test_hints_come_one_after_the_other_for_the_task_that_failed(checkout: Path) -> None:
    desk = desk_after(checkout, STARTER)
    desk.hint()
    (box, more) = desk.notice
    assert isinstance(box, Panel)
    assert box.title == "Hint 1 of 1 for task 1.2"
    assert "solution 1 --anyway" in str(more)


def test_a_hint_that_is_not_the_last_names_the_key_for_the_next(checkout: Path) -> None:
    desk = desk_after(checkout, ASKS_WRONGLY)
    desk.hint()
    assert str(desk.notice[1]) == "More: h once more."


def test_a_hint_stays_until_its_task_has_passed(checkout: Path) -> None:
    desk = desk_after(checkout, ASKS_WRONGLY)
    desk.hint()
    desk.turn_to(desk.chapter)
    desk.take(grade(desk.chapter, desk.chapter.work))
    assert isinstance(desk.notice[0], Panel)
    save(checkout, RIGHT)
    desk.turn_to(desk.chapter)
    desk.take(grade(desk.chapter, desk.chapter.work))
    assert desk.notice == []


def test_a_server_that_does_not_start_needs_its_remedy_and_spends_no_hint(checkout: Path) -> None:
    desk = desk_after(checkout, ASKS_WRONGLY)
    desk.hint()
    save(checkout, "async def serve(bind, ssl_options)\n")
    desk.turn_to(desk.chapter)
    desk.take(grade(desk.chapter, desk.chapter.work))
    assert notice(desk) == ""
    desk.hint()
    box = desk.notice[0]
    assert isinstance(box, Panel)
    assert "let your server start" in str(box.title)
    assert load(checkout).hints_seen("1.1") == 1


def test_when_all_has_passed_no_hint_is_needed(checkout: Path) -> None:
    desk = desk_after(checkout, RIGHT)
    desk.hint()
    assert notice(desk) == "No hint is needed now: chapter 1 has 2 of 2 tasks passed."


def test_before_the_first_verdict_keys_say_so(checkout: Path) -> None:
    save(checkout, RIGHT)
    desk = Desk(checkout)
    desk.hint()
    assert notice(desk) == "No hint is needed now: chapter 1 is being checked."
    desk.diagram()
    assert notice(desk) == "There is no conversation to draw: chapter 1 is being checked."


# d


def test_the_conversation_that_failed_is_drawn(checkout: Path) -> None:
    desk = desk_after(checkout, ASKS_WRONGLY)
    desk.diagram()
    file = "work/diagrams/ch01-everybody_is_asked-seed0.svg"
    assert notice(desk) == f"The conversation is drawn: open {file} in a browser."
    assert "Who?" in (checkout / file).read_text()


def test_a_drawing_that_cannot_be_written_is_a_notice(checkout: Path) -> None:
    desk = desk_after(checkout, ASKS_WRONGLY)
    (checkout / "work" / "diagrams").write_text("in the way")
    desk.diagram()
    assert "cannot be written" in notice(desk)


# n


def test_the_next_chapter_waits_until_this_one_has_passed(checkout: Path) -> None:
    desk = desk_after(checkout, STARTER)
    assert not desk.next()
    assert notice(desk).startswith("Not yet: chapter 1 has 1 of 2 tasks passed.")
    assert desk.chapter.number == 1


def test_after_a_pass_the_next_chapter_is_started(checkout: Path) -> None:
    desk = desk_after(checkout, RIGHT)
    assert desk.next()
    assert desk.chapter.number == 2
    assert desk.chapter.work.exists()
    assert notice(desk).startswith("work/ch02_greet.py is yours now")


def test_a_chapter_that_was_started_before_is_gone_on_with(checkout: Path) -> None:
    chapter = started(checkout, 2)
    chapter.work.write_text("mine")
    desk = desk_after(checkout, RIGHT)
    assert desk.next()
    assert desk.chapter == chapter
    assert chapter.work.read_text() == "mine"


def test_after_the_last_chapter_there_is_no_next_one(checkout: Path) -> None:
    for name in ("ch02_greet", "ch03_ask"):
        checked(Chapter(checkout, name), PASSED, PASSED)
    desk = desk_after(checkout, RIGHT)
    assert not desk.next()
    assert notice(desk) == "All chapters have passed. There is no next one."


def test_a_next_chapter_that_cannot_be_started_is_a_notice(checkout: Path) -> None:
    (checkout / "chapters" / "ch02_greet" / "exercise.py").unlink()
    desk = desk_after(checkout, RIGHT)
    assert not desk.next()
    assert "has no starter" in notice(desk)


def test_what_a_key_asked_for_goes_with_the_next_save(checkout: Path) -> None:
    desk = desk_after(checkout, STARTER)
    desk.next()
    desk.turn_to(desk.chapter)
    assert desk.notice == []
    assert FAILED not in verdict(desk)
