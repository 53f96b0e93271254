"""The class that grading is measured with, and the tables that are made of the runs."""

import json
from pathlib import Path

import pytest

from benchmarks.grading import report
from benchmarks.grading.__main__ import PAGE, RESULTS
from benchmarks.grading.assignment import RIGHT, TESTS, WRONG, submissions
from benchmarks.grading.submissions import chapter, generate


def sources(place: Path) -> list[str]:
    return [file.read_text() for file in sorted(place.rglob("*.py"))]


def test_a_class_is_made_from_a_seed(tmp_path):
    of = chapter(6)
    first, again, other = (tmp_path / name for name in ("first", "again", "other"))
    assert [generate(place, of, 50, seed) for place, seed in ((first, 1), (again, 1))] == [35, 35]
    generate(other, of, 50, 2)
    assert sources(first) == sources(again) != sources(other)
    assert len({*sources(first)}) == 50


def test_the_others_assignment_tells_right_from_wrong():
    for program in (RIGHT, *WRONG):
        passed = []
        for test in TESTS:
            names = {}
            exec(program, names)
            try:
                exec(test, names)
            except (AssertionError, NotImplementedError):
                passed.append(False)
            else:
                passed.append(True)
        assert all(passed) == (program == RIGHT)


def test_of_the_others_submissions_seven_in_ten_are_right():
    assert [is_right for _, is_right in submissions(10, 0)] == [True] * 7 + [False] * 3


def test_each_table_has_its_place_on_the_page():
    ours = {"count": 4, "workers": 2, "chapters": [6], "cluster": False, "right": 3, "passed": 3}
    ours |= {"seconds": 8.0, "memory": 43.2, "level": "sandbox"}
    runs = [{"series": series, **ours} for series in ("workers", "sizes", "course", "graders")]
    runs.append({"series": "graders", "peer": "otter", "count": 4, "left out": "it is not here"})
    runs.append({"series": "parts", "part": "start", "seconds": 0.5})
    page = report.fill(PAGE.read_text("utf-8"), {"machine": {"Python": "3.11"}, "runs": runs})
    assert "| 2, this machine | 4 | 8.0 | 0.50 | 3 of 3 |" in page
    assert "| otter-grader | left out: it is not here |  |  |  |" in page
    assert "| start | 0.50 | 100% |" in page
    assert "Not measured yet." not in page
    page = report.fill(page, {"machine": {"Python": "3.11"}, "runs": runs[:2]})
    assert page.count("Not measured yet.") == 3


@pytest.mark.skipif(not RESULTS.exists(), reason="nothing has been measured yet")
def test_the_page_shows_the_kept_results():
    page = PAGE.read_text("utf-8")
    assert report.fill(page, json.loads(RESULTS.read_text("utf-8"))) == page
