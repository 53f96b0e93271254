"""Files that a learner has from an older workbook, as it wrote them, keep working.

older_work/ is from the workbook of 24 November 2026, which had other tasks 0.2, 7.1 and 7.3.
"""

import json
import shutil
from pathlib import Path

import pytest
from command_line import CHECKOUT, say

from workbook.checkout.older_progress import VERSION
from workbook.checkout.progress import load
from workbook.checkout.project import find_chapter

OLDER = Path(__file__).parent / "older_work"


@pytest.fixture
def pulled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of today's workbook, with an empty work/."""
    (tmp_path / "mkdocs.yml").touch()
    for folder in ("chapters", "solutions", "tests"):
        (tmp_path / folder).symlink_to(CHECKOUT / folder)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def marked(pulled: Path) -> Path:
    """The same, with the progress of the older workbook."""
    shutil.copy(OLDER / "progress.json", pulled / "work")
    return pulled


def test_each_tick_that_was_earned_is_still_there(marked: Path) -> None:
    progress = load(marked)
    ticks = {
        task
        for number in range(10)
        for task, verdict in progress.verdicts(find_chapter(marked, str(number))).items()
        if verdict == "passed"
    }
    assert ticks == {"0.1", "7.1", "7.2", "7.3", "8.1", "8.2", "8.3", "9.1"}
    assert progress.has_ever_passed(find_chapter(marked, "0"))
    assert progress.has_passed(find_chapter(marked, "9"))


def test_what_was_moved_is_said_once(marked: Path) -> None:
    moved = (
        "The two poets, which were task 0.2, are now task 9.1, which you have passed. Task 0.2 is "
        "new.\n"
    )
    assert moved in say("list").output
    assert moved not in say("list").output
    assert json.loads((marked / "work" / "progress.json").read_text())["version"] == VERSION


def test_opened_hints_stay_open_except_those_of_another_task(marked: Path) -> None:
    progress = load(marked)
    assert progress.hints_seen("5.1") == 2
    assert progress.hints_seen("0.2") == 0
    assert "Hint 3 of 3" in say("hint", "5.1").output


def test_a_finished_older_file_is_told_what_changed(marked: Path) -> None:
    shutil.copy(OLDER / "finished" / "ch07_who_goes_there.py", marked / "work")
    checked = say("check", "7", "--world", "child", "--seed", "0").output
    assert "Chapter 7 has changed since you started it. Task 7.1 turns away" in checked
    assert "reset 7" in checked


def test_an_older_task_is_not_taken_for_the_new_one(pulled: Path) -> None:
    shutil.copy(OLDER / "begun" / "ch00_warm_up.py", pulled / "work")
    checked = say("check", "0", "--world", "child", "--seed", "0").output
    assert "The old task 0.2, with the two poets, is now in chapter 9." in checked
    assert "0.2  failed           ask a question and wait for the answer" in checked


def test_older_files_of_chapters_that_only_changed_their_words_need_nothing(pulled: Path) -> None:
    shutil.copy(OLDER / "begun" / "ch04_announce.py", pulled / "work")
    begun = say("check", "4", "--world", "child", "--seed", "0").output
    assert "0 of 2 tasks passed." in begun
    assert "has changed" not in begun
    shutil.copy(OLDER / "finished" / "ch06_relay.py", pulled / "work")
    assert "1 of 1 task passed." in say("check", "6", "--world", "child", "--seed", "0").output


def test_a_change_that_no_file_shows_is_said_until_the_next_check(marked: Path) -> None:
    chapter = find_chapter(marked, "7")
    own = chapter.starter.read_text()  # it has what the starters have since the change
    chapter.work.write_text(own)
    assert "Chapter 7 has changed since your last check. Task 7.1" in say("check", "7").output
    assert "has changed" not in say("check", "7").output


def test_the_progress_of_a_newer_workbook_is_left_alone(pulled: Path) -> None:
    file = pulled / "work" / "progress.json"
    newer = json.dumps({"version": VERSION + 1, "ticks": []})
    file.write_text(newer)
    assert (
        "work/progress.json cannot be read: it is from a newer workbook. To update this one: git "
        "pull. What you pass cannot be remembered now, but your work is safe."
    ) in say("hint", "3.1").output
    assert file.read_text() == newer


@pytest.mark.parametrize("chapter", [f"{number}" for number in range(10)])
def test_each_change_says_a_text_that_the_starter_has(chapter: str) -> None:
    from course.tasks import read_tasks

    found = find_chapter(CHECKOUT, chapter)
    for change in read_tasks(found).changes:
        assert change.since in found.starter.read_text()
