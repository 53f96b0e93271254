"""What a check found, as lines: on a pipe, on terminals of several widths, in color."""

import io
from pathlib import Path
from typing import Any

import pytest
from graded_course import NAME
from rich.console import Console

from course import Chapter
from grader.report import FAILED, NOT_WRITTEN, PASSED, Result
from room.contract import Command, Note, Reply
from room.failure import Diagnostic, Excerpt, RoomFailure, verbatim
from room.failure.compare import Comparison
from room.room import Room
from simnet import Event
from workbook.checking.grade import Graded
from workbook.checking.report import report_lines, suggestions
from workbook.checkout.next_step import Step
from workbook.terminal.screen import console

WRONG = Diagnostic(
    comparison=Comparison("alice", 'b"Name? "', 'b"Who? "', 2, "the first byte differs"),
    conversation=Excerpt(("alice  -> server  connects", 'server -> alice   says b"Who? "')),
    rule=(
        "Everybody is asked at once, with exactly `Name? `, a space at its end and with no newline "
        "at all."
    ),
    hint="1.1",
)
TEXT = """\
alice expected  b"Name? "
alice received  b"Who? "
                  ^ the first byte differs

The conversation so far:
  alice  -> server  connects
  server -> alice   says b"Who? "

The rule: Everybody is asked at once, with exactly `Name? `, a space at its end and with
no newline at all."""

CONNECTS = Event(0.0, "alice", "server", "connect", b"")
ASKED = Result("1.1", "ask", "everybody is asked", "child", PASSED, line=10)
GREETED = Result("1.2", "answer", "who answers is greeted", "child", PASSED, line=20)
SPACES = Result("1.2", "answer", "a name may have spaces", "child", PASSED, line=30)
NOT_ASKED = ASKED._replace(verdict=FAILED, diagnostic=WRONG, events=(CONNECTS,))
LATE = GREETED._replace(verdict=FAILED, diagnostic=Diagnostic(headline="It is late."))


@pytest.fixture(autouse=True)
def _typed_plainly(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("workbook.checking.report", "workbook.checkout.next_step"):
        monkeypatch.setattr(f"{module}.workbook_command", lambda: "workbook")


@pytest.fixture
def graded(course: Path):
    """Make what grading these results gives."""
    chapter = Chapter(course, NAME)

    def make(*results: Result, file: Path = chapter.work, **options: Any) -> Graded:
        return Graded(chapter, file, results, **options)

    return make


def on_pipe() -> Console:
    return console(io.StringIO())


def written(screen: Console) -> str:
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def on_terminal(width: int, color: bool = False) -> Console:
    screen = Console(
        file=io.StringIO(), force_terminal=True, width=width, markup=False, highlight=False
    )
    screen.no_color = not color
    return screen


def told(graded: Graded, screen: Console, every: bool = False) -> str:
    return "\n".join(line.plain for line in report_lines(graded, screen, every))


def ways(graded: Graded, step: Step | None = None) -> str:
    return "\n".join(line.plain for line in suggestions(graded, on_pipe(), step))


def test_every_task_has_a_mark_and_a_word(graded) -> None:
    not_yet = Diagnostic(headline="Task 1.2 is not written yet: answer.", is_unwritten=True)
    wrong = GREETED._replace(verdict=NOT_WRITTEN, diagnostic=not_yet)
    assert told(graded(ASKED, wrong), on_pipe()) == (
        "Chapter 1, The echo: work/ch01_echo.py\n"
        "\n"
        "  ✓ 1.1  passed           ask\n"
        "  · 1.2  not written yet  answer\n"
        "\n"
        "1 of 2 tasks passed.\n"
        "\n"
        "Task 1.2 is not written yet: answer."
    )


def test_the_first_failure_is_told_in_full_and_the_others_in_a_line_each(graded) -> None:
    alike = SPACES._replace(verdict=FAILED, diagnostic=WRONG)
    shown = told(graded(NOT_ASKED, LATE, alike), on_pipe())
    assert shown.endswith(
        "\n"
        "0 of 2 tasks passed.\n"
        "\n"
        "Everybody is asked (task 1.1, seed 0):\n"
        "\n" + TEXT + "\n"
        "\n"
        "Also failed:\n"
        "  1.2  who answers is greeted\n"
        "\n"
        "1 more test fails for the same reason."
    )


def test_all_failures_can_be_told_in_full(graded) -> None:
    alike = SPACES._replace(verdict=FAILED, diagnostic=WRONG)
    shown = told(graded(NOT_ASKED, LATE, alike), on_pipe(), every=True)
    titles = [line for line in shown.splitlines() if line.endswith("seed 0):")]
    assert titles == [
        "Everybody is asked (task 1.1, seed 0):",
        "Who answers is greeted (task 1.2, seed 0):",
        "A name may have spaces (task 1.2, seed 0):",
    ]
    assert "Also failed" not in shown


def test_a_program_that_does_not_start_is_told_as_that_and_once(graded) -> None:
    invalid = Diagnostic(headline="line 1: invalid syntax", is_verbatim=True, kind="syntax")
    results = (ASKED, GREETED, SPACES)
    broken = [each._replace(verdict=FAILED, diagnostic=invalid) for each in results]
    for every in (False, True):
        shown = told(graded(*broken), on_pipe(), every)
        assert "\n\nYour server did not start:\n\nline 1: invalid syntax" in shown
        assert shown.count("invalid syntax") == 1
        assert "same reason" not in shown


def test_a_hint_for_another_task_than_the_one_of_the_test_stays(graded) -> None:
    not_yet = Diagnostic(headline="Task 1.1 is not written yet.", hint="1.1", is_unwritten=True)
    wrong = GREETED._replace(verdict=NOT_WRITTEN, diagnostic=not_yet)
    assert told(graded(wrong), on_pipe()).endswith(
        "\n\nTask 1.1 is not written yet.\nA hint: workbook hint 1.1"
    )


def test_on_a_narrow_terminal_sentences_are_broken_anew(graded) -> None:
    shown = told(graded(NOT_ASKED), on_terminal(37))
    assert max(map(len, shown.splitlines())) <= 37
    assert (
        "The rule: Everybody is asked at once,\n"
        "with exactly `Name? `, a space at its\n"
        "end and with no newline at all."
    ) in shown
    assert "\n                  ^\nthe first byte differs\n" in shown


def test_lines_that_were_meant_as_lines_stay_so(graded) -> None:
    lines = verbatim(f"{'x' * 88}\nNext.\nLast.")
    shown = told(graded(NOT_ASKED._replace(diagnostic=lines)), on_terminal(37))
    assert "\nNext.\nLast." in shown


def test_a_line_of_the_conversation_that_does_not_fit_goes_on_indented(graded) -> None:
    asks = 'server -> alice   says b"Who are you, and where do you come from? "'
    said = Diagnostic(headline="It is late.", conversation=Excerpt((asks,)))
    shown = told(graded(NOT_ASKED._replace(diagnostic=said)), on_terminal(40))
    assert '\n  server -> alice   says b"Who are you,\n    and where do you come from? "' in shown


def test_a_long_title_goes_on_below_itself(graded) -> None:
    long = ASKED._replace(title="ask for a nickname and wait for the answer")
    shown = told(graded(long), on_terminal(40))
    assert (
        "\n  ✓ 1.1  passed  ask for a nickname and\n                 wait for the answer\n"
    ) in shown


def test_nothing_is_broken_on_a_pipe(graded) -> None:
    long = NOT_ASKED._replace(diagnostic=verbatim("word " * 100))
    assert "word " * 99 in told(graded(long), on_pipe())


@pytest.mark.parametrize("width", [88, 100])
def test_a_sentence_is_no_longer_on_a_wide_terminal(graded, width: int) -> None:
    assert f"\n{TEXT}" in told(graded(NOT_ASKED), on_terminal(width))


def test_a_comparison_keeps_its_lines_however_long_the_one_before_it(graded) -> None:
    sides = Diagnostic(comparison=Comparison("alice", f'b"{"x" * 80}"', "nothing"))
    shown = told(graded(NOT_ASKED._replace(diagnostic=sides)), on_terminal(60))
    assert "\nalice received  nothing" in shown


def test_empty_lines_that_a_program_printed_last_are_left_out(graded) -> None:
    printed = Diagnostic(headline="It is late.", printed=Excerpt(("ann", "", "bob", "", "")))
    assert told(graded(NOT_ASKED._replace(diagnostic=printed)), on_pipe()).endswith(
        "\n\nYour program printed:\n  ann\n\n  bob"
    )


def test_what_came_may_have_several_lines(graded) -> None:
    log = Comparison("", "in the log, once:  INFO ann has come", "in the log:\n  INFO ann has left")
    shown = told(graded(NOT_ASKED._replace(diagnostic=Diagnostic(comparison=log))), on_terminal(30))
    assert shown.endswith(
        "\n"
        "expected  in the log, once:\n"
        "INFO ann has come\n"
        "received  in the log:\n"
        "  INFO ann has left"
    )


LONG = Diagnostic(
    comparison=Comparison(
        "alice",
        'b"It is a long way to the end of this line\\n"',
        'b"It is a long way to the END of this line\\n"',
        26,
        "differs from here on; the first 24 bytes match",
    )
)


def test_what_is_compared_moves_to_the_left_with_its_mark(graded) -> None:
    assert (
        "\n"
        "alice expected\n"
        '  b"It is a long way to the end of this line\\n"\n'
        "alice received\n"
        '  b"It is a long way to the END of this line\\n"\n'
        "                            ^\n"
        "differs from here on; the first 24 bytes match"
    ) in told(graded(NOT_ASKED._replace(diagnostic=LONG)), on_terminal(50))


def test_what_still_does_not_fit_is_shown_around_the_mark(graded) -> None:
    assert (
        "\n"
        "alice expected\n"
        "  ...g way to the end of this l...\n"
        "alice received\n"
        "  ...g way to the END of this l...\n"
        "                  ^\n"
    ) in told(graded(NOT_ASKED._replace(diagnostic=LONG)), on_terminal(34))


def test_color_is_there_and_nothing_needs_it(graded) -> None:
    screen = on_terminal(80, color=True)
    for line in report_lines(graded(NOT_ASKED), screen):
        screen.print(line)
    shown = written(screen)
    assert '\x1b[32malice expected\x1b[0m  b"Name? "' in shown
    assert '\x1b[31malice received\x1b[0m  b"Who? "' in shown
    assert "\x1b[1m                  ^ the first byte differs\x1b[0m" in shown
    assert "\x1b[1mThe conversation so far:\x1b[0m" in shown
    assert "\x1b[1mThe rule:\x1b[0m Everybody" in shown
    assert "\x1b[1;36mName? \x1b[0m" in shown
    assert "\x1b[31m✗\x1b[0m" in shown


def test_what_a_program_says_is_no_markup(graded) -> None:
    screen = on_pipe()
    for line in report_lines(
        graded(NOT_ASKED._replace(diagnostic=verbatim("[bold]:smile:[/]"))), screen
    ):
        screen.print(line)
    assert "[bold]:smile:[/]" in written(screen)


def test_after_a_failure_there_are_a_hint_and_the_conversation_again(graded) -> None:
    assert ways(graded(NOT_ASKED._replace(seed=7, world="tls"))) == (
        "\n"
        "  workbook hint 1.1                        gives you a hint\n"
        "  workbook replay 1 --seed 7 --world tls   shows this conversation step by step\n"
        "  workbook check 1 --seed 7 --world tls    runs only this seed"
    )


def test_after_a_pass_comes_what_is_next(graded) -> None:
    step = Step("Start chapter 2, A greeting (about 40 minutes)", "workbook start 2")
    assert ways(graded(ASKED), step) == (
        "\n"
        "You have passed chapter 1.\n"
        "\n"
        "Your server works. Talk to it:\n"
        "  workbook run 1     in one terminal\n"
        "  workbook connect   in another one\n"
        "\n"
        "Compare it with our solution:\n"
        "  workbook diff 1\n"
        "\n"
        "Next: Start chapter 2, A greeting (about 40 minutes)\n"
        "  workbook start 2"
    )


def test_a_part_of_the_check_is_not_a_pass_of_the_chapter(graded) -> None:
    assert ways(graded(ASKED, world="tls", seed=1)) == (
        "\nThat was only part of the check, with seed 1 and over TLS. To run all of it:\n"
        "  workbook check 1"
    )


def test_another_file_that_passes_says_nothing_of_the_chapter(graded, course: Path) -> None:
    assert ways(graded(ASKED, file=course / "solutions" / "ch01_echo.py")) == ""


def test_narrow_terminals_get_a_command_below_what_it_does(graded) -> None:
    shown = suggestions(graded(NOT_ASKED), on_terminal(30))
    assert [line.plain for line in shown][:3] == [
        "",
        "  gives you a hint:",
        "    workbook hint 1.1",
    ]


def test_the_reason_is_on_the_first_screen_of_a_small_terminal(graded) -> None:
    """At 80x24, with a log of a thousand lines, and three lines of `watch` at the bottom."""
    log = [Note("log", f"line {number}", level="INFO") for number in range(1000)]
    world = World(Reply(0.0, tuple(CONNECTS for _ in range(100)), tuple(log)))
    room = Room(world)
    with pytest.raises(RoomFailure) as caught:
        room.expect_logged("INFO", "ann has joined the room, and everyone who is here is told so")
    caught.value.notes = (Note("exception", "no", "KeyError", file="work/x.py", line=3),)
    wrong = NOT_ASKED._replace(diagnostic=caught.value.diagnostic())
    shown = [line.plain for line in report_lines(graded(wrong, LATE), on_terminal(80))]
    assert "  (995 earlier lines left out)" in shown
    assert 0 < shown.index("Likely reason: KeyError at work/x.py, line 3: no") <= 24 - 3
    assert "  (84 earlier lines left out)" in shown


class World:
    """A world in which only one thing ever happens."""

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def perform(self, command: Command) -> Reply:
        return self._reply if command["do"] == "open" else Reply(0.0)

    def close(self) -> None: ...
