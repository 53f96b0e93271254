"""replay and diagram: which conversation is shown, step by step, and drawn."""

from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from command_line import one_line, say
from graded_course import ASKS_WRONGLY, GREETS_WRONGLY, NAME, RIGHT, add_graders, save

from course import Chapter
from grader.report import PASSED, Result
from workbook.checking.conversation import choose
from workbook.checking.grade import grade

ASKED = "work/diagrams/ch01-everybody_is_asked-seed0.svg"


@pytest.fixture
def checkout(course: Path) -> Path:
    return add_graders(course)


def shown(output: str) -> list[str]:
    """The lines of the conversation, without their times."""
    return [line.split("s  ", 1)[1] for line in output.splitlines() if " -> " in line]


# Which one


def test_the_first_failure_is_shown_as_check_saw_it(checkout: Path) -> None:
    save(checkout, GREETS_WRONGLY)
    told = say("check", "1", "--seed", "5").output
    replayed = say("replay", "1", "--seed", "5").output
    assert replayed.startswith(f"Who answers is greeted (task 1.2, seed 5): work/{NAME}.py\n\n")
    conversation = told.partition("The conversation so far:\n")[2].partition("\n\n")[0]
    assert shown(replayed) == [line.strip() for line in conversation.splitlines()]
    assert "\nHere it failed:\n" in replayed
    assert "\nThe rule: Whoever answers is greeted by name.\n" in replayed
    assert "The conversation so far" not in replayed
    assert "A hint:" not in replayed


def test_without_a_failure_it_is_the_first_test(checkout: Path) -> None:
    save(checkout, RIGHT)
    output = say("replay", "1", "--seed", "0").output
    assert output.startswith("Everybody is asked (task 1.1, seed 0): ")
    assert output.endswith("\nThat was the whole conversation, and all of it is right.\n")


def test_without_a_chapter_it_is_the_one_saved_last(checkout: Path) -> None:
    save(checkout, RIGHT)
    assert f": work/{NAME}.py\n" in say("replay", "--seed", "0").output


def test_the_solution_can_be_shown_before_anything_is_written(checkout: Path) -> None:
    output = say("replay", "1", "--seed", "0", "--solution").output
    assert f": solutions/{NAME}.py\n" in output


def test_the_solution_of_the_one_saved_last_can_be_shown(checkout: Path) -> None:
    save(checkout, ASKS_WRONGLY)
    output = say("replay", "--seed", "0", "--solution").output
    assert f": solutions/{NAME}.py\n" in output


def test_over_tls_no_times_are_shown(checkout: Path) -> None:
    save(checkout, RIGHT)
    output = say("replay", "1", "--seed", "0", "--world", "tls").output
    assert "(task 1.1 over TLS, seed 0)" in output
    assert "\nalice  -> server  connects\n" in output


@pytest.mark.parametrize(
    "said", ["test_who_answers_is_greeted", "Who answers is greeted", "is greeted"]
)
def test_a_test_is_named_by_its_function_its_sentence_or_words_of_it(
    checkout: Path, said: str
) -> None:
    save(checkout, RIGHT)
    output = say("replay", "1", "--seed", "0", "--test", said).output
    assert output.startswith("Who answers is greeted (task 1.2, seed 0)")


def test_a_test_that_failed_comes_before_one_of_its_name_that_passed(checkout: Path) -> None:
    chapter = Chapter(checkout, NAME)
    passed = grade(chapter, save(checkout, RIGHT), world="child", seed=0).results
    failed = grade(chapter, save(checkout, ASKS_WRONGLY), world="tls", seed=0).results
    assert choose([*passed, *failed], "everybody is asked").world == "tls"


def test_a_whole_sentence_is_no_part_of_a_longer_one() -> None:
    short = Result("1.1", "ask", "a name is asked for", "child", PASSED)
    long = Result("1.2", "answer", "a name is asked for once", "child", PASSED)
    assert choose([short, long], "a name is asked for") == short
    assert choose([short, long], "for once") == long


@pytest.mark.parametrize(
    ("said", "why"), [("nobody", "is not the name of a test"), ("a", "more than one")]
)
def test_a_name_that_means_no_test_is_answered_with_those_there_are(
    checkout: Path, said: str, why: str
) -> None:
    save(checkout, RIGHT)
    result = say("replay", "1", "--seed", "0", "--test", said)
    assert result.exit_code == 2
    assert why in result.output
    assert result.output.endswith("\n  a name may have spaces\n")


def test_a_server_that_does_not_start_has_no_conversation(checkout: Path) -> None:
    save(checkout, "x = (")
    assert "There was no conversation" in one_line(say("replay", "1", "--seed", "0").output)


# Step by step


@pytest.fixture
def replaying(checkout: Path, terminal: Callable[..., pexpect.spawn]) -> pexpect.spawn:
    save(checkout, GREETS_WRONGLY)
    program = terminal("-m", "workbook", "replay", "1", "--seed", "0")
    program.expect_exact("connects")
    program.expect_exact("[q]uit ")
    return program


def test_enter_brings_the_next_event(replaying: pexpect.spawn) -> None:
    assert "Name?" not in replaying.before
    replaying.sendline()
    replaying.expect_exact('says b"Name? "')
    replaying.expect_exact("[q]uit ")
    assert "->" not in replaying.before
    replaying.sendline()
    replaying.expect_exact("[q]uit ")
    replaying.sendline()
    replaying.expect_exact("Here it failed:")
    replaying.expect(pexpect.EOF)


def test_the_rest_can_come_at_once(replaying: pexpect.spawn) -> None:
    replaying.sendline("a")
    replaying.expect_exact("Here it failed:")
    replaying.expect(pexpect.EOF)
    assert "[q]uit" not in replaying.before


@pytest.mark.parametrize("leave", ["q\n", "\x03", "\x04"])
def test_it_can_be_left_before_the_end(replaying: pexpect.spawn, leave: str) -> None:
    replaying.send(leave)
    replaying.expect(pexpect.EOF)
    assert "failed" not in replaying.before
    assert "Traceback" not in replaying.before
    replaying.wait()
    assert replaying.exitstatus == 0


# Drawn


def test_a_drawing_is_written_and_its_place_said(checkout: Path) -> None:
    save(checkout, ASKS_WRONGLY)
    output = say("diagram", "1", "--seed", "0").output
    assert output == f"The conversation is drawn. Open {ASKED} in a browser.\n"
    svg = (checkout / ASKED).read_text()
    assert "Everybody is asked (task 1.1, seed 0)." in svg
    assert "Who?" in svg
    assert ">never came<" in svg


def test_a_drawing_of_the_solution_has_a_name_of_its_own(checkout: Path) -> None:
    say("diagram", "1", "--seed", "0", "--solution")
    assert (checkout / ASKED.replace(".svg", "-solutions.svg")).exists()


def test_a_drawing_takes_the_place_of_an_older_one(checkout: Path) -> None:
    for program, says in ((ASKS_WRONGLY, "Who?"), (RIGHT, "Name?")):
        save(checkout, program)
        assert say("diagram", "1", "--seed", "0", "--output", "here.svg").exit_code == 0
        assert says in (checkout / "here.svg").read_text()


def test_a_file_that_is_no_drawing_of_ours_stays_as_it_is(checkout: Path) -> None:
    save(checkout, RIGHT)
    (checkout / "mine.svg").write_text("<svg>mine</svg>")
    error = one_line(say("diagram", "1", "--seed", "0", "--output", "mine.svg").output)
    assert "not one of our drawings" in error
    assert (checkout / "mine.svg").read_text() == "<svg>mine</svg>"


@pytest.mark.parametrize("place", ["work", "/dev/null/x.svg", "mkdocs.yml/x.svg"])
def test_a_place_that_cannot_be_written_is_one_line(checkout: Path, place: str) -> None:
    save(checkout, RIGHT)
    error = one_line(say("diagram", "1", "--seed", "0", "--output", place).output)
    assert place in error
