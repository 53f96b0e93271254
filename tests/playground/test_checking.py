"""A check in the browser says what the command line says."""

from pathlib import Path

import pytest

from authoring.mutants import Mutant, message_file, read_mutants
from course import Chapter, all_chapters
from playground.checking import Checker
from playground.table import Table

ROOT = Path(__file__).parents[2]
CHAPTERS = all_chapters(ROOT)


def of_one_process(mutant: Mutant) -> bool:
    return mutant.world == "child" and mutant.deadline is None and "exit" not in mutant.source


def check(checkout: Path, chapter: Chapter, source: str) -> tuple[dict, list[dict]]:
    news: list[dict] = []
    return Checker(checkout).check(chapter.name, source, news.append), news


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_a_solution_passes_task_by_task(checkout, chapter):
    report, news = check(checkout, chapter, chapter.solution.read_text())
    assert report["passed"]
    assert report["first"] is None
    assert {task["verdict"] for task in report["tasks"]} == {"passed"}
    assert [each["tests"] for each in news] == list(range(1, len(news) + 1))
    assert news[0]["tasks"][-1]["verdict"] == "" or len(report["tasks"]) == 1


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_a_starter_is_not_written_yet(checkout, chapter):
    report, _ = check(checkout, chapter, chapter.starter.read_text())
    first, *others = (task["verdict"] for task in report["tasks"])
    assert first == "not written yet"
    assert all(verdict.startswith(("not written", "waits")) for verdict in others)
    lines = chapter.starter.read_text().splitlines()
    assert "raise NotImplementedError" in lines[report["first"]["line"] - 1]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_a_wrong_solution_reads_as_on_the_command_line(checkout, chapter):
    mutants = [mutant for mutant in read_mutants(chapter) if of_one_process(mutant)]
    mutant = mutants[len(mutants) // 2]  # the first one is for the browser
    report, _ = check(checkout, chapter, mutant.source)
    golden = message_file(chapter, mutant.name).read_text()
    assert report["first"]["headline"] in golden or report["first"]["beforeAnybody"]
    assert report["first"]["text"] in golden
    assert report["sentence"] in golden


def test_the_conversation_of_a_failed_test_can_be_held_again(checkout):
    chapter = CHAPTERS[6]
    wrong = chapter.solution.read_text().replace('b": " + data', "data")
    report, _ = check(checkout, chapter, wrong)
    held = report["first"]["conversation"]
    file = checkout / "work" / "wrong.py"
    file.write_text(wrong)
    table = Table(file, held["seed"], held["weather"])
    table.open()
    for action in held["actions"]:
        happened = table.act([action])
    table.close()
    rows = report["first"]["picture"]["rows"]
    assert happened["picture"]["rows"] == rows[: len(happened["picture"]["rows"])]
    assert len(rows) - len(happened["picture"]["rows"]) <= 1  # what never came


def test_a_file_that_is_not_python_says_where(checkout):
    report, _ = check(checkout, CHAPTERS[1], "async def serve(bind, ssl_options)\n    pass\n")
    assert report["first"]["beforeAnybody"]
    assert report["first"]["line"] == 1
    assert "line 1: expected ':'" in report["first"]["text"]


def test_hints_come_in_steps_and_the_one_for_the_mistake_first(checkout):
    chapter = CHAPTERS[1]
    checker = Checker(checkout)
    wrong = chapter.solution.read_text().replace("write(data)", "write(data.decode())")
    checker.check(chapter.name, wrong, lambda news: None)
    hints = [checker.hint(chapter.name, "1.1") for _ in range(3)]
    assert hints[0].startswith("A hint for what went wrong in task 1.1: ")
    assert hints[1].startswith("Hint 1 of 3 for task 1.1: ")
    assert hints[2].startswith("Hint 2 of 3 for task 1.1: ")
