"""workbook progress: the line that carries what has passed to the playground, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import one_line, say
from small_course import checked, started

from grader.report import FAILED, PASSED
from workbook.checkout.progress_line import passed_in


def test_what_has_passed_is_one_line_that_nothing_else_is_printed_with(course: Path) -> None:
    assert say("progress").output == "progress-1::\n"
    checked(started(course, 1), PASSED, PASSED)
    checked(started(course, 2), PASSED, FAILED)
    assert say("progress").output == "progress-1:1.1,1.2,2.1:1\n"


def test_a_line_from_elsewhere_adds_to_what_has_passed_here(course: Path) -> None:
    checked(started(course, 2), PASSED, FAILED)
    taken = say("progress", "progress-1:1.1,1.2,2.1,9.9:1").output
    assert taken == "Tasks passed there: 3. New here: 2.\n"
    assert say("progress").output == "progress-1:1.1,1.2,2.1:1\n"
    assert "1 of 3 chapters" in say().output


def test_a_line_that_is_none_is_one_line_of_error(course: Path) -> None:
    assert "This is not a progress line" in one_line(say("progress", "1.1,1.2").stderr)


@pytest.mark.parametrize("line", ["progress-1:", "progress-2::", "progress-1:1:1", "progress-1:a:"])
def test_only_a_whole_line_is_taken(line: str) -> None:
    with pytest.raises(ValueError, match="not a progress line"):
        passed_in(line, ["1.1"])
