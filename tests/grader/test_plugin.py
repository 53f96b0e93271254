"""The plugin from outside: a tiny workbook in a folder, pytest on it, and what a learner sees."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from room.cast import Cast
from room.failure import as_text, diagnostic_of
from room.failure.compare import Comparison
from room.in_process import InProcess
from room.worlds.simulated import Child, ChildWorld

pytest_plugins = ["pytester"]

ECHO = """
import asyncio

async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)

async def serve(bind, ssl_options):
    return await asyncio.start_server(echo, *bind)
"""
SHOUT = ECHO.replace("writer.write(data)", "print('got', data); writer.write(data.upper())")
STARTER = ECHO.replace("writer.write(data)", 'raise NotImplementedError("Task 1.1: echo")')
SECOND_MISSING = ECHO.replace(
    "writer.write(data)",
    'writer.write(data); raise NotImplementedError("Task 1.2: more")',
)
SETTINGS = """
[pytest]
addopts = -p grader.plugin -W ignore::pytest.PytestAssertRewriteWarning
"""
SECOND_IN_THE_BACKGROUND = (
    ECHO.replace("    while", "    asyncio.get_running_loop().call_soon(later)\n    while")
    + """
def later():
    raise NotImplementedError("Task 1.2: more")
"""
)
TASKS = """
title = "Echo"
minutes = 10
assumes = "nothing"
[[task]]
id = "1.1"
title = "send the bytes back"
points = 1
minutes = 5
hints = ["Send them back."]
[[task]]
id = "1.2"
title = "do more"
points = 1
minutes = 5
hints = ["Do more."]
"""
TESTS = '''
import pytest

@pytest.mark.task("1.1")
def test_an_echo_comes_back(room):
    """Whatever is sent comes back."""
    alice = room.connect("alice")
    alice.send("hi\\n")
    alice.expect("hi\\n")

@pytest.mark.task("1.2")
def test_a_client_may_say_nothing(room):
    """Silence is answered by silence."""
    room.connect("alice").expect_silence()
'''


@pytest.fixture
def house(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A workbook of one chapter, and pytest without other plugins, which take long to load."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PATH", str(Path(sys.prefix, "bin")), prepend=os.pathsep)
    _write(pytester.path / "mkdocs.yml", "site_name: a workbook")
    _write(pytester.path / "pytest.ini", SETTINGS)
    _write(pytester.path / "chapters/ch01_echo/tasks.toml", TASKS)
    _write(pytester.path / "chapters/ch01_echo/exercise.py", STARTER)
    _write(pytester.path / "solutions/ch01_echo.py", ECHO)
    _write(pytester.path / "tests/chapters/test_ch01_echo.py", TESTS)
    return pytester


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


SIMULATED = ("--world", "in-process", "--seeds", "3")


def test_a_right_solution_passes_in_each_world_that_was_asked_for(house: pytest.Pytester) -> None:
    result = house.runpytest("--world", "in-process", "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "*::test_an_echo_comes_back[[]in-process[]] PASSED*",
            "Task 1.1  passed  send the bytes back",
            "Task 1.2  passed  do more",
            "2 of 2 tasks passed.",
        ]
    )


def test_the_same_tests_run_on_a_child_process(house: pytest.Pytester) -> None:
    house.runpytest("--world", "child", "--seeds", "2").assert_outcomes(passed=2)


def test_a_failure_shows_our_text_and_nothing_of_the_test(house: pytest.Pytester) -> None:
    _write(house.path / "solutions/ch01_echo.py", SHOUT)
    result = house.runpytest(*SIMULATED)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "Task 1.1  failed  send the bytes back",
            "Task 1.2  passed  do more",
            "1 of 2 tasks passed.",
            "An echo comes back (task 1.1, seed 0):",
            'alice expected  b"hi\\n"',
            'alice received  b"HI\\n"',
            "*^ the first byte differs",
            "The conversation so far:",
            '  alice  -> server  says b"hi\\n"',
            "The rule: Whatever is sent comes back.",
            "Your program printed:",
            "  got b'hi\\n'",
            "A hint: workbook hint 1.1",
            "*1 passed, 1 not right yet*",
        ]
    )
    result.stdout.no_re_match_line(r".*(Traceback|def test_|Error|\.py:\d|grading|FAILURES).*")


def test_a_failure_is_in_the_report_as_data(house: pytest.Pytester) -> None:
    _write(house.path / "solutions/ch01_echo.py", SHOUT)
    reports = house.inline_run(*SIMULATED).getreports("pytest_runtest_logreport")
    (failed,) = [each for each in reports if each.failed]
    diagnostic = diagnostic_of(str(dict(failed.user_properties)["diagnostic"]))
    assert diagnostic.comparison == Comparison(
        "alice", 'b"hi\\n"', 'b"HI\\n"', 2, "the first byte differs"
    )
    assert (diagnostic.hint, diagnostic.printed.lines) == ("1.1", ("got b'hi\\n'",))
    assert failed.longreprtext == as_text(diagnostic)


def test_graders_that_cannot_be_imported_are_pytests_to_tell(house: pytest.Pytester) -> None:
    _write(house.path / "tests/chapters/test_ch01_echo.py", "import nothing_such")
    result = house.runpytest(*SIMULATED)
    result.assert_outcomes(errors=1)
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_each_seed_has_a_room_of_its_own_and_the_failure_names_its_seed(
    house: pytest.Pytester,
) -> None:
    tests = TESTS.replace("import pytest", "import pytest\nROOMS = []")
    tests = tests.replace(
        'alice.expect("hi\\n")',
        'ROOMS.append(room); alice.expect("hi\\n" if len(ROOMS) < 3 else "")',
    )
    _write(house.path / "tests/chapters/test_ch01_echo.py", tests)
    house.runpytest("--world", "in-process", "--seeds", "2").assert_outcomes(passed=2)
    result = house.runpytest("--world", "in-process")
    result.stdout.fnmatch_lines(["An echo comes back (task 1.1, seed 2):"])


def test_one_seed_can_be_chosen(house: pytest.Pytester) -> None:
    _write(house.path / "solutions/ch01_echo.py", SHOUT)
    result = house.runpytest("--world", "in-process", "--seed", "31")
    result.stdout.fnmatch_lines(["An echo comes back (task 1.1, seed 31):"])


def test_a_starter_fails_task_by_task_with_not_written_yet(house: pytest.Pytester) -> None:
    result = house.runpytest("--starter", *SIMULATED)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "Task 1.1  not written yet  send the bytes back",
            "Task 1.2  passed *",
            "Task 1.1 is not written yet: echo.",
            "The `raise` is still there, at chapters/ch01_echo/exercise.py, line 6: *",
            "A hint: workbook hint 1.1",
            "*1 passed, 1 not written yet*",
        ]
    )


def test_a_task_that_is_reached_unwritten_fails_though_what_was_expected_came(
    house: pytest.Pytester,
) -> None:
    _write(house.path / "solutions/ch01_echo.py", SECOND_IN_THE_BACKGROUND)
    result = house.runpytest("-k", "nothing", *SIMULATED)
    result.stdout.fnmatch_lines(["Task 1.2 is not written yet: more."])


def test_a_later_task_that_is_not_written_costs_an_earlier_one_nothing(
    house: pytest.Pytester,
) -> None:
    _write(house.path / "solutions/ch01_echo.py", SECOND_MISSING)
    house.runpytest("-k", "echo_comes_back", *SIMULATED).assert_outcomes(passed=1)


def test_serve_itself_may_be_what_is_not_written_yet(house: pytest.Pytester) -> None:
    _write(
        house.path / "solutions/ch01_echo.py",
        'async def serve(bind, ssl_options):\n    raise NotImplementedError("Task 1.1: serve")\n',
    )
    result = house.runpytest("--world", "child", "--seeds", "1")
    result.stdout.fnmatch_lines(
        [
            "Task 1.1  not written yet *",
            "Task 1.2  waits for 1.1 *",
            "Task 1.1 is not written yet: serve.",
            "The `raise` is still there, at solutions/ch01_echo.py, line 2: replace it with your *",
        ]
    )


def test_a_file_that_is_not_python_gets_its_line_and_advice(house: pytest.Pytester) -> None:
    _write(house.path / "solutions/ch01_echo.py", "async def serve(bind:\n")
    result = house.runpytest("--world", "child")
    result.stdout.fnmatch_lines(
        ["ch01_echo.py, line 1: *", "Try: look at that line *", "A hint: workbook hint 1.1"]
    )


def test_a_program_that_ends_its_process_has_not_passed(house: pytest.Pytester) -> None:
    _write(house.path / "solutions/ch01_echo.py", "import os\n\nos._exit(0)\n")
    result = house.runpytest("--world", "child")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["0 of 2 tasks passed.", "Try: remove sys.exit(), exit() or *"])


def test_a_plain_assert_gets_the_conversation_and_the_rule(house: pytest.Pytester) -> None:
    tests = TESTS.replace('alice.expect("hi\\n")', "alice.received(); assert room.log() == [1]")
    _write(house.path / "tests/chapters/test_ch01_echo.py", tests)
    result = house.runpytest(*SIMULATED)
    result.stdout.fnmatch_lines(
        [
            "Something that has to be true is not.",
            "  missing  1",
            "The conversation so far:",
            "The rule: Whatever is sent comes back.",
            "A hint: workbook hint 1.1",
        ]
    )
    result.stdout.no_re_match_line(r".*(assert |Traceback|def test_|\.py:\d).*")


def test_a_mistake_in_the_test_itself_shows_where(house: pytest.Pytester) -> None:
    tests = TESTS.replace('alice.expect("hi\\n")', "alice.expects()")
    _write(house.path / "tests/chapters/test_ch01_echo.py", tests)
    result = house.runpytest(*SIMULATED)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["Task 1.1  failed *", "E *AttributeError: *expects*"])


def test_what_is_left_unread_fails_the_test(house: pytest.Pytester) -> None:
    tests = TESTS.replace('alice.expect("hi\\n")', "pass")
    _write(house.path / "tests/chapters/test_ch01_echo.py", tests)
    result = house.runpytest(*SIMULATED)
    result.stdout.fnmatch_lines(['alice received  b"hi\\n"'])


def test_mine_grades_what_is_in_work(house: pytest.Pytester) -> None:
    _write(house.path / "work/ch01_echo.py", SHOUT)
    result = house.runpytest("--mine", *SIMULATED)
    result.stdout.fnmatch_lines(["Task 1.1  failed *"])


def test_a_learners_file_is_not_run_in_the_process_that_judges_it(house: pytest.Pytester) -> None:
    _write(house.path / "work/ch01_echo.py", ECHO)
    result = house.runpytest("--mine", "--collect-only", "-q")
    assert [line for line in result.outlines if "::" in line] == [
        "tests/chapters/test_ch01_echo.py::test_an_echo_comes_back[child]",
        "tests/chapters/test_ch01_echo.py::test_a_client_may_say_nothing[child]",
        "tests/chapters/test_ch01_echo.py::test_an_echo_comes_back[tls]",
        "tests/chapters/test_ch01_echo.py::test_a_client_may_say_nothing[tls]",
    ]


def test_mine_leaves_out_what_was_not_started_and_what_grades_nothing(
    house: pytest.Pytester,
) -> None:
    _write(house.path / "work/ch01_echo.py", ECHO)
    _write(house.path / "tests/chapters/test_ch02_more.py", TESTS)
    _write(house.path / "tests/test_other.py", "def test_other():\n    assert False\n")
    house.runpytest("--mine", *SIMULATED).assert_outcomes(passed=2, deselected=3)


def test_nothing_in_work_is_one_clear_line(house: pytest.Pytester) -> None:
    _refused(
        house.runpytest("--mine"),
        "ERROR: work/ch01_echo.py is not there: `workbook start 1` makes it from the starter.",
    )


def test_a_chapter_without_a_solution_is_one_clear_line(house: pytest.Pytester) -> None:
    (house.path / "solutions/ch01_echo.py").unlink()
    _refused(
        house.runpytest(),
        "ERROR: solutions/ch01_echo.py is not there: test_ch01_echo.py has nothing to grade.",
    )


def test_a_path_that_is_not_there_is_one_clear_line(house: pytest.Pytester) -> None:
    _refused(
        house.runpytest("--file", "gone.py"),
        "ERROR: gone.py is not there: check the path after --file.",
    )


@pytest.mark.parametrize("is_there", [True, False])
def test_a_path_that_would_move_the_cursor_is_escaped(
    house: pytest.Pytester, is_there: bool
) -> None:
    path = house.path / "\x1b]0;owned\x07.py"
    if is_there:
        _write(path, "async def serve(\n")
        _write(house.path / "tests/chapters/test_ch02_more.py", TESTS)
    result = house.runpytest("--file", path.name)
    assert all(line.isprintable() for line in result.outlines + result.errlines)
    assert r"\x1b]0;owned\x07.py" in str(result.stderr)


def test_any_file_can_be_graded(house: pytest.Pytester) -> None:
    _write(house.path / "anywhere.py", SHOUT)
    result = house.runpytest("--file", "anywhere.py", *SIMULATED)
    result.stdout.fnmatch_lines(["Task 1.1  failed *"])


def test_a_file_called_like_a_chapter_is_graded_by_that_chapter(house: pytest.Pytester) -> None:
    _write(house.path / "tests/chapters/test_ch02_more.py", TESTS)
    _write(house.path / "elsewhere/ch01_echo.py", ECHO)
    result = house.runpytest("--file", "elsewhere/ch01_echo.py", *SIMULATED)
    result.assert_outcomes(passed=2, deselected=2)


def test_a_file_of_no_chapter_needs_the_chapter_named(house: pytest.Pytester) -> None:
    _write(house.path / "tests/chapters/test_ch02_more.py", TESTS)
    _write(house.path / "anywhere.py", ECHO)
    _refused(
        house.runpytest("--file", "anywhere.py"),
        "ERROR: --file anywhere.py can be of one chapter only: name that chapter's tests as well, "
        "such as tests/chapters/test_ch03_on_connection.py.",
    )


def test_two_files_at_once_are_refused(house: pytest.Pytester) -> None:
    _refused(
        house.runpytest("--mine", "--starter"),
        "ERROR: --mine and --starter exclude each other: one file is graded.",
    )


@pytest.mark.parametrize("marker", ["", "@pytest.mark.task", "@pytest.mark.task('one')"])
def test_a_test_of_a_chapter_has_to_name_its_task(house: pytest.Pytester, marker: str) -> None:
    tests = TESTS.replace('@pytest.mark.task("1.2")', marker)
    _write(house.path / "tests/chapters/test_ch01_echo.py", tests)
    _refused(
        house.runpytest(),
        "ERROR: tests/chapters/test_ch01_echo.py::test_a_client_may_say_nothing[[]in-process[]] "
        'names no task: write @pytest.mark.task("3.1"), with its id, above it.',
    )


def test_a_number_of_seeds_is_at_least_one(house: pytest.Pytester) -> None:
    result = house.runpytest("--seeds", "0")
    result.stderr.fnmatch_lines(["*argument --seeds: 0 is not a number of seeds: give 1 or more"])


def test_how_long_an_answer_may_take_can_be_said(house: pytest.Pytester) -> None:
    hanging = ECHO.replace("writer.write(data)", "while True: pass")
    _write(house.path / "solutions/ch01_echo.py", hanging)
    result = house.runpytest("--world", "child", "--deadline", "0.5")
    result.stdout.fnmatch_lines(["No answer within 0.5 seconds: something in the program *"])


@pytest.mark.parametrize("seconds", ["0", "nan", "inf", "soon"])
def test_how_long_an_answer_may_take_is_a_time(house: pytest.Pytester, seconds: str) -> None:
    result = house.runpytest("--deadline", seconds)
    result.stderr.fnmatch_lines(
        [f"*argument --deadline: {seconds} is not a number of seconds: give more than 0"]
    )


def test_what_was_opened_for_the_tests_is_closed(
    house: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[InProcess] = []
    monkeypatch.setattr(InProcess, "close", lambda worlds: closed.append(worlds))
    house.runpytest(*SIMULATED).assert_outcomes(passed=2)
    assert len(closed) == 1


def test_other_tests_are_left_alone(house: pytest.Pytester) -> None:
    house.makepyfile(test_other="def test_other():\n    assert 1 == 2\n")
    result = house.runpytest("test_other.py")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*FAILURES*", "E *assert 1 == 2"])


def test_a_certificate_that_cannot_be_made_is_a_failure_with_its_reason(
    house: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_place() -> None:
        raise OSError("no place for the development certificate")

    monkeypatch.setattr("grader.certificate.development_certificate", no_place)
    result = house.runpytest("--world", "tls")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["0 of 2 tasks passed.", "no place for the development*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def _refused(result: pytest.RunResult, line: str) -> None:
    """pytest ran nothing and said one line."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([line])
    assert len([line for line in result.errlines if line]) == 1


def test_an_exception_that_no_client_sees_fails_the_test_too(house):
    stumbles = ECHO.replace(
        "        writer.write(data)",
        "        writer.write(data)\n        raise LookupError('after everything was said')",
    )
    _write(house.path / "solutions/ch01_echo.py", stumbles)
    result = house.runpytest("--world=in-process", "--seeds=1")
    result.stdout.fnmatch_lines(
        [
            "*The clients received what they should, but something went wrong in your code.",
            "*LookupError at solutions/ch01_echo.py, line 7: after everything was said",
        ]
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED


STUMBLES = ECHO.replace(
    "        writer.write(data)",
    "        writer.write(data)\n        raise LookupError('on purpose')",
)


def test_an_exception_that_the_test_forgives_does_not_fail_it(house: pytest.Pytester) -> None:
    _write(house.path / "solutions/ch01_echo.py", STUMBLES)
    tests = TESTS.replace("    alice.send", '    room.forgive("LookupError")\n    alice.send')
    _write(house.path / "tests/chapters/test_ch01_echo.py", tests)
    house.runpytest(*SIMULATED).assert_outcomes(passed=2)


def test_what_is_forgiven_is_that_exception_and_no_other(house: pytest.Pytester) -> None:
    _write(house.path / "solutions/ch01_echo.py", STUMBLES)
    tests = TESTS.replace("    alice.send", '    room.forgive("KeyError")\n    alice.send')
    _write(house.path / "tests/chapters/test_ch01_echo.py", tests)
    result = house.runpytest(*SIMULATED)
    result.stdout.fnmatch_lines(["*LookupError at solutions/ch01_echo.py, line 7: on purpose"])


def test_a_test_can_forgive_everything(house: pytest.Pytester) -> None:
    _write(house.path / "solutions/ch01_echo.py", STUMBLES)
    tests = TESTS.replace("    alice.send", "    room.forgive_everything()\n    alice.send")
    _write(house.path / "tests/chapters/test_ch01_echo.py", tests)
    house.runpytest(*SIMULATED).assert_outcomes(passed=2)


def test_a_test_may_ask_for_choppy_weather(house: pytest.Pytester) -> None:
    counts = ECHO.replace("writer.write(data)", "writer.write(b'%d ' % len(data))")
    _write(house.path / "solutions/ch01_echo.py", counts)
    wanted = TESTS.replace('alice.expect("hi\\n")', 'alice.expect("3 ")')
    _write(house.path / "tests/chapters/test_ch01_echo.py", wanted)
    house.runpytest("--world", "in-process").assert_outcomes(passed=2)
    choppy = wanted.replace(
        "@pytest.mark.task", '@pytest.mark.weather("choppy")\n@pytest.mark.task'
    )
    _write(house.path / "tests/chapters/test_ch01_echo.py", choppy)
    result = house.runpytest("--world", "in-process")
    result.stdout.fnmatch_lines(["Task 1.1  failed*"])


child_open = Child.open

HANGS_IN_THE_SECOND_TASK = ECHO.replace(
    "writer.write(data)", "\n        while data == b'hang': pass\n        writer.write(data)"
)
TESTS_THAT_HANG = '''
import pytest

@pytest.mark.task("1.2")
def test_it_does_not_hang(room):
    """Nothing hangs."""
    room.connect("alice").send("hang")

@pytest.mark.task("1.2")
def test_it_does_not_hang_when_asked_again(room):
    """Nothing hangs."""
    room.connect("alice").send("hang")

@pytest.mark.task("1.1")
def test_an_echo_comes_back(room):
    """Whatever is sent comes back."""
    alice = room.connect("alice")
    alice.send("hi\\\\n")
    alice.expect("hi\\\\n")
'''


def test_after_a_hang_the_rest_of_its_task_is_not_tried_and_the_other_tasks_are(
    house: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(house.path / "solutions/ch01_echo.py", HANGS_IN_THE_SECOND_TASK)
    _write(house.path / "tests/chapters/test_ch01_echo.py", TESTS_THAT_HANG)
    opened: list[Child] = []

    def open_and_count(child: Child) -> ChildWorld:
        opened.append(child)
        return child_open(child)

    monkeypatch.setattr(Child, "open", open_and_count)
    result = house.runpytest("--world", "child", "--seeds", "2", "--deadline", "0.5")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        [
            "Task 1.1  passed  send the bytes back",
            "Task 1.2  failed  do more",
            "No answer within 0.5 seconds: *",
            "1 more test fails for the same reason.",
        ]
    )
    assert len(opened) == 1 + 2  # the hang, and two seeds of the other task


FAILS_WITH_ONE_SEED = TESTS.replace(
    'alice.expect("hi\\n")', 'alice.expect("hi\\n" if room.text() != FATAL else "")'
)


@pytest.mark.parametrize("how", [(), ("--alone",)])
def test_a_scout_changes_nothing_in_what_is_told(
    house: pytest.Pytester, how: tuple[str, ...]
) -> None:
    _write(house.path / "right.py", ECHO)
    texts = [Cast(seed, "test_an_echo_comes_back").text() for seed in range(90)]
    fatal = next(seed for seed in range(70, 90) if texts.count(texts[seed]) == 1)
    tests = f"FATAL = {texts[fatal]!r}\n{FAILS_WITH_ONE_SEED}"
    _write(house.path / "tests/chapters/test_ch01_echo.py", tests)
    result = house.runpytest("--file", "right.py", "--world", "child", "--seeds", "90", *how)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"An echo comes back (task 1.1, seed {fatal}):"])


@pytest.mark.parametrize("how", [(), ("--alone",)])
def test_a_right_file_passes_with_and_without_a_scout(
    house: pytest.Pytester, how: tuple[str, ...]
) -> None:
    _write(house.path / "right.py", ECHO)
    result = house.runpytest("--file", "right.py", "--world", "child", "--seeds", "90", *how)
    result.assert_outcomes(passed=2)
