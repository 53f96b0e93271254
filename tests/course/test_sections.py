"""Markers and sections of a solution."""

import pytest

from course import SourceError
from course.sections import MarkedSource


def test_a_section_is_dedented_and_has_no_marker_of_another_in_it(chapter):
    source = MarkedSource(chapter.solution)
    assert source.section_text("task-1.2") == 'return [await greet("Ann"), await greet("Bob")]\n'
    assert source.section_text("greet") == (
        "async def greet(name):\n"
        '    """Give the greeting for a name."""\n'
        "    await asyncio.sleep(0)\n"
        '    return f"Hello, {name}"\n'
    )


def test_the_whole_text_has_no_marker_and_no_gap_where_one_was(chapter):
    text = MarkedSource(chapter.solution).text()
    assert "--8<--" not in text
    assert "\n\n\n\n" not in text


def test_sections_come_in_the_order_in_which_they_start(chapter):
    names = list(MarkedSource(chapter.solution).sections)
    assert names == ["imports", "greet", "task-1.1", "task-1.2", "main"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param(
            "# --8<-- [end:main]",
            "",
            "26: section main is never closed: add # --8<-- [end:main]",
            id="never closed",
        ),
        pytest.param(
            "    # --8<-- [end:task-1.1]\n# --8<-- [end:greet]",
            "# --8<-- [end:greet]\n    # --8<-- [end:task-1.1]",
            "15: section greet ends here, but section task-1.1 ends first",
            id="crossed",
        ),
        pytest.param(
            "# --8<-- [start:imports]",
            "",
            "6: section imports ends here, but nothing is open",
            id="never started",
        ),
        pytest.param(
            ":greet]",
            ":imports]",
            "9: section imports starts a second time: rename one",
            id="twice",
        ),
        pytest.param(
            "# --8<-- [start:main]",
            "# --8<-- [begin:main]",
            "26: not a marker: write # --8<-- [start:NAME] alone on its line",
            id="misspelled",
        ),
    ],
)
def test_a_mistake_in_a_marker_is_named_with_its_line(chapter, change, old, new, problem):
    change(chapter.solution, old, new)
    with pytest.raises(SourceError) as caught:
        MarkedSource(chapter.solution)
    assert str(caught.value) == f"solutions/ch01_greeter.py:{problem}"
