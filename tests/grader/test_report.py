"""The report on a chapter's tasks, compared as a whole."""

from __future__ import annotations

from dataclasses import replace

from grader.report import FAILED, NOT_WRITTEN, PASSED, Result, report, verdicts
from room.failure import Diagnostic, verbatim

GREET = Result("2.1", "greet each newcomer", "a newcomer is greeted", "child", PASSED, line=10)
COUNT = Result("2.1", "greet each newcomer", "the greeting counts", "child", PASSED, line=20)
LOG = Result("2.2", "log who came", "an arrival is logged", "child", PASSED, line=30)


def _failed(
    result: Result, headline: str = "what happened", waited: str = "", seed: int = 0
) -> Result:
    diagnostic = replace(verbatim(headline), waited=waited)
    return result._replace(verdict=FAILED, diagnostic=diagnostic, seed=seed)


def _not_written(result: Result) -> Result:
    headline = f"Task {result.task} is not written yet: {result.title}."
    diagnostic = Diagnostic(headline=headline, is_unwritten=True)
    return result._replace(verdict=NOT_WRITTEN, diagnostic=diagnostic)


def test_every_task_that_passed_has_a_line() -> None:
    assert report([LOG, COUNT, GREET]) == (
        "Task 2.1  passed  greet each newcomer\n"
        "Task 2.2  passed  log who came\n"
        "2 of 2 tasks passed."
    )


def test_the_first_failure_is_told_in_full_and_the_rest_in_a_line_each() -> None:
    assert report(
        [_failed(LOG, "x"), _failed(COUNT, "alice expected\nthis", seed=7), _failed(GREET)]
    ) == (
        "Task 2.1  failed  greet each newcomer\n"
        "Task 2.2  failed  log who came\n"
        "0 of 2 tasks passed.\n"
        "\n"
        "A newcomer is greeted (task 2.1, seed 0):\n"
        "\n"
        "what happened\n"
        "\n"
        "Also failed:\n"
        "  2.1  the greeting counts\n"
        "  2.2  an arrival is logged"
    )


def test_a_test_that_fails_in_several_worlds_is_told_once() -> None:
    over_tls = _failed(GREET._replace(world="tls"), "over TLS")
    twice = [_failed(COUNT, "x"), _failed(COUNT._replace(world="tls"))]
    assert report([over_tls, _failed(GREET, "simulated", seed=3), *twice]) == (
        "Task 2.1  failed  greet each newcomer\n"
        "0 of 1 task passed.\n"
        "\n"
        "A newcomer is greeted (task 2.1, seed 3):\n"
        "\n"
        "simulated\n"
        "\n"
        "Also failed:\n"
        "  2.1  the greeting counts"
    )


def test_what_fails_for_the_same_reason_is_counted_only() -> None:
    hang = _failed(GREET, "No answer within 4 seconds.", "One was waiting.")
    also = _failed(COUNT, "No answer within 4 seconds.", "Another was waiting.")
    assert report([hang, also, _failed(LOG)]) == (
        "Task 2.1  failed  greet each newcomer\n"
        "Task 2.2  failed  log who came\n"
        "0 of 2 tasks passed.\n"
        "\n"
        "A newcomer is greeted (task 2.1, seed 0):\n"
        "\n"
        "No answer within 4 seconds.\n"
        "\n"
        "One was waiting.\n"
        "\n"
        "Also failed:\n"
        "  2.2  an arrival is logged\n"
        "\n"
        "1 more test fails for the same reason."
    )


def test_a_simulated_failure_is_told_before_one_over_tls() -> None:
    over_tls = _failed(GREET._replace(world="tls"))
    assert "The greeting counts (task 2.1, seed 0):" in report([GREET, over_tls, _failed(COUNT)])


def test_a_failure_over_tls_alone_says_so() -> None:
    over_tls = _failed(GREET._replace(world="tls"))
    assert "A newcomer is greeted (task 2.1 over TLS, seed 0):" in report([GREET, over_tls])


def test_a_task_that_is_not_written_yet_is_told_shortly() -> None:
    assert report([GREET, _not_written(COUNT), _not_written(LOG)]) == (
        "Task 2.1  not written yet  greet each newcomer\n"
        "Task 2.2  not written yet  log who came\n"
        "0 of 2 tasks passed.\n"
        "\n"
        "Task 2.1 is not written yet: greet each newcomer."
    )


def test_a_task_passes_only_when_each_of_its_tests_did() -> None:
    assert verdicts([GREET, _failed(COUNT), LOG]) == {"2.1": FAILED, "2.2": PASSED}
    assert verdicts([_failed(GREET), _not_written(COUNT)]) == {"2.1": NOT_WRITTEN}


def test_task_ten_comes_after_task_nine() -> None:
    ninth, tenth = GREET._replace(task="2.9"), GREET._replace(task="2.10")
    assert list(verdicts([tenth, ninth])) == ["2.9", "2.10"]


def test_a_task_without_a_title_is_named_by_its_number() -> None:
    assert report([GREET._replace(title="")]) == "Task 2.1  passed\n1 of 1 task passed."


def test_no_result_is_never_a_pass() -> None:
    assert report([]) == "No test was run."
