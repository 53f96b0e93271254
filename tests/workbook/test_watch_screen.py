"""What watch draws: as high and as wide as the terminal, and only what has changed."""

import io

import pytest
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from workbook.watch.screen import Frame, Screen, View, frame_of


def frame(lines: int, notice: int = 0, top: int = 0, width: int = 80, height: int = 24) -> Frame:
    """The frame of a verdict and a notice of so many lines."""
    screen = Console(file=io.StringIO(), width=width, height=height)
    verdict = [Text(f"verdict {number}") for number in range(lines)]
    noticed = [Text(f"notice {number}") for number in range(notice)]
    return frame_of(View(verdict, noticed, "Checked.", top), screen)


def test_what_fits_is_shown_from_the_top_and_the_keys_at_the_end() -> None:
    lines = frame(3).lines
    assert len(lines) == 24
    assert lines[:4] == ["verdict 0", "verdict 1", "verdict 2", ""]
    assert lines[-2:] == [
        "Checked.",
        "h hint  d diagram  n next  c check  l list  q quit",
    ]


def test_what_is_too_long_is_cut_and_the_keys_say_how_to_go_on() -> None:
    shown = frame(40)
    assert len(shown.lines) == 24
    assert (shown.page, shown.length) == (21, 40)
    assert shown.lines[20] == "verdict 20"
    assert shown.lines[-1].startswith("space for 19 more lines  h hint")


def test_a_page_further_the_rest_is_shown() -> None:
    shown = frame(40, top=21)
    assert shown.lines[0] == "verdict 21"
    assert shown.lines[18:20] == ["verdict 39", ""]
    assert shown.lines[-1].startswith("space back to the top  h hint")


def test_progress_is_beside_the_status_or_below_it() -> None:
    view = View([], [], "Checked.", progress="##- 2 of 3")
    wide = frame_of(view, Console(file=io.StringIO(), width=40, height=10)).lines
    assert wide[-3] == "Checked." + " " * 22 + "##- 2 of 3"
    narrow = frame_of(view, Console(file=io.StringIO(), width=19, height=12)).lines
    assert "Checked.\n##- 2 of 3\n" in "\n".join(narrow)


def test_a_single_line_more_is_told_as_one() -> None:
    assert frame(22).lines[-1].startswith("space for 1 more line  h hint")
    assert frame(21).lines[-1].startswith("h hint")


def test_a_notice_stands_above_the_keys_and_takes_its_room_from_the_verdict() -> None:
    lines = frame(40, notice=3).lines
    assert lines[16:21] == ["verdict 16", "", "notice 0", "notice 1", "notice 2"]
    assert lines[-1].startswith("space for 23 more lines")


def test_a_long_notice_leaves_some_lines_of_the_verdict() -> None:
    lines = frame(40, notice=40).lines
    assert len(lines) == 24
    assert lines[3] == "verdict 3"
    assert lines[4:6] == ["", "notice 0"]


@pytest.mark.parametrize("top", [0, 20])
@pytest.mark.parametrize("width", [20, 40, 60, 71, 72, 73])
def test_on_a_narrow_terminal_no_key_is_broken_in_two(width: int, top: int) -> None:
    lines = frame(40, top=top, width=width).lines
    assert len(lines) == 24
    assert all(len(line) <= width for line in lines)
    text = "\n".join(lines)
    for key in ("h hint", "d diagram", "n next", "c check", "l list", "q quit"):
        assert key in text


@pytest.mark.parametrize("height", [1, 4, 6])
def test_even_a_tiny_terminal_is_not_overrun(height: int) -> None:
    assert len(frame(40, notice=5, width=30, height=height).lines) <= height


def test_a_box_is_as_wide_as_the_terminal() -> None:
    screen = Console(file=io.StringIO(), width=30, height=20)
    lines = frame_of(View([], [Panel("a hint " * 10)], "Checked."), screen).lines
    assert max(map(len, lines)) == 30


@pytest.fixture
def drawn(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Screen:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "10")
    screen = Screen()
    screen.draw(View([Text("one"), Text("two")], [], "Checking"))
    capsys.readouterr()
    return screen


def test_only_lines_that_changed_are_written(
    drawn: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn.draw(View([Text("one"), Text("three")], [], "Checking"))
    written = capsys.readouterr().out
    assert "\x1b[2;1H\x1b[2Kthree" in written
    assert "one" not in written
    assert "quit" not in written


def test_nothing_is_written_when_nothing_has_changed(
    drawn: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn.draw(View([Text("one"), Text("two")], [], "Checking"))
    assert capsys.readouterr().out == ""


def test_a_lost_screen_is_drawn_as_a_whole(
    drawn: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn.invalidate()
    drawn.draw(View([Text("one"), Text("two")], [], "Checking"))
    written = capsys.readouterr().out
    assert "\x1b[2J" in written
    assert "one" in written
    assert "quit" in written
