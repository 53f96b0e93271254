"""The text of each failure, compared as a whole with a golden file that somebody read.

After a change of wording: `python tests/room/test_failure.py` writes the files anew; read the diff.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bfnet import Butterfly, ButterflyHandler
from room.contract import Note, WorldFailure
from room.failure import (
    Disproved,
    RoomFailure,
    Unwritten,
    as_text,
    diagnostic_of,
    unwritten,
)
from room.failure.advice import KINDS
from room.failure.compare import compare, what_it_gives_away
from room.failure.reason import likely_reason
from room.failure.text import comparison_lines
from room.failure.wording import place, plain
from room.transcript import transcript
from simnet import Event

GOLDEN = Path(__file__).parent / "golden"

JOINED = transcript(
    [
        Event(0.1, "alice", "server", "connect", b""),
        Event(0.2, "server", "alice", "data", b"Nickname: "),
        Event(0.3, "alice", "server", "data", b"alice\n"),
        Event(0.4, "bob", "server", "connect", b""),
        Event(0.5, "server", "bob", "data", b"Nickname: "),
        Event(0.6, "bob", "server", "data", b"bob\n"),
        Event(0.7, "server", "alice", "data", b"bob has joined the room."),
    ]
)
RULE = """Everybody who is in the room hears that a newcomer has joined.

    The newcomer hears nothing of it."""
RAISED = Note(
    "exception",
    "a bytes-like object is required, not 'str'",
    type="TypeError",
    file="work/ch03_on_connection.py",
    line=31,
)
FORGOTTEN = Note(
    "never awaited",
    "coroutine 'Butterfly.read' was never awaited",
    file="work/ch03_on_connection.py",
    line=14,
)
BLOCKED = Note("blocked", "time.sleep(0.5)", file="work/ch03_on_connection.py", line=17)
NOT_WRITTEN = Note(
    "exception",
    "Task 3.2: tell the others",
    type="NotImplementedError",
    file="work/ch03_on_connection.py",
    line=20,
)
WAITING = Note("waiting", "Butterfly.read() to return", file="work/ch03_on_connection.py", line=14)
LOGGED = Note("log", "bob has joined", level="INFO")


def _failure(
    expected: bytes | str, received: bytes | str, notes: tuple[Note, ...] = ()
) -> RoomFailure:
    return RoomFailure(
        client="alice",
        expected=expected,
        received=received,
        rule=RULE,
        transcript=JOINED,
        notes=notes,
        hint_task="3.1",
    )


def _broken(kind: str, message: str, line: int = 0) -> RoomFailure:
    return RoomFailure(
        client="alice",
        expected=b"Nickname: ",
        received="",
        transcript=JOINED,
        hint_task="3.1",
        wrong=WorldFailure(kind, message, "work/ch03_on_connection.py", line),
    )


def _never_began(kind: str, message: str, line: int = 0) -> RoomFailure:
    return RoomFailure(
        client="the server",
        expected="a server that starts",
        received="",
        rule=RULE,
        hint_task="3.1",
        wrong=WorldFailure(kind, message, "work/ch03_on_connection.py", line),
    )


def _gone_too_far(failure: RoomFailure) -> RoomFailure:
    (failure.strayed,) = unwritten([NOT_WRITTEN])
    return failure


def _with_prints(failure: RoomFailure, printed: str) -> RoomFailure:
    failure.printed = printed
    return failure


LONG = bytes(range(256)) * 40
FAILURES = {
    "newline_missing": _failure(b"bob has joined the room\n", b"bob has joined the room"),
    "differs": _failure(b"bob has joined the room\n", b"bob has joined the room."),
    "too_much": _failure(b"bob: hi\n", b"bob: hi\nbob has left the room.\n"),
    "nothing_came": _failure(b"bob: hi\n", b""),
    "nothing_came_yet": _failure(
        b"bob: hi\n",
        b"",
        (WAITING, WAITING, WAITING._replace(message="a lock that is held", line=9)),
    ),
    "nothing_expected": _failure(b"", b"alice: hi\n"),
    "text_differs": _failure("søn: 日本\n".encode(), "søn: 日木\n".encode()),
    "long_bytes": _failure(LONG, LONG[:5000] + b"\n" + LONG[5001:]),
    "bytes_in_text": _failure(b"bob has left the room.\n", b"b'bob' has left the room.\n"),
    "hung_up": _failure("that the server hangs up", "the connection is still open"),
    "silence": _failure("silence", b"bob: hi\n"),
    "raised": _failure(b"bob: hi\n", b"", (LOGGED, RAISED)),
    "never_awaited": _failure(b"bob: hi\n", b"", (FORGOTTEN,)),
    "blocked": _failure(b"bob: hi\n", b"", (BLOCKED,)),
    "next_task": _gone_too_far(_failure(b"bob: hi\n", b"", (RAISED, NOT_WRITTEN))),
    "disproved": _with_prints(
        Disproved(
            "the log has to have it", ["missing  INFO bob came"], transcript=JOINED, notes=(LOGGED,)
        ),
        "bob came\nI am here \x1b[31m",
    ),
    "of_the_room": RoomFailure(
        client="", expected="a log line at INFO", received="no log line at all", hint_task="2.2"
    ),
    "world_missing": _never_began(
        "missing", "work/ch03_on_connection.py cannot be read: No such file"
    ),
    "world_syntax": _never_began(
        "syntax", "ch03_on_connection.py, line 12: '(' was never closed: print(", 12
    ),
    "world_import": _never_began(
        "import",
        "ch03_on_connection.py cannot be imported: ModuleNotFoundError: No module named 'bfnett'",
        3,
    ),
    "world_raised": _never_began(
        "raised", "ch03_on_connection.py cannot be imported: ZeroDivisionError: division by zero", 9
    ),
    "world_no_serve": _never_began(
        "no serve",
        "ch03_on_connection.py has no serve: it needs an `async def serve(bind, ssl_options)`",
    ),
    "world_not_async": _never_began(
        "not async", "serve is not async: it has to begin with `async def serve`", 40
    ),
    "world_serve_raised": _never_began("serve raised", "serve raised KeyError: 'port'", 44),
    "world_serve_waits": _never_began("serve waits", "serve does not return", 45),
    "world_not_served": _never_began("not served", "serve returned None"),
    "world_stalled": _broken(
        "stalled",
        "nothing can happen any more:\nTask-2 handle work/x.py:18 waits for a future\nTask-3 ...",
    ),
    "world_no_tls": _broken("no tls", "the server does not complete a TLS handshake"),
    "world_hang": _broken("hang", "no answer within 4 seconds", 18),
    "world_exit": _broken("exit", "your program ended its own process with status 0"),
    "world_crash": _broken("crash", "your program was ended by signal 11, SIGSEGV"),
    "world_processes": _broken(
        "processes", "the program makes a copy of itself with os.fork()", 18
    ),
    "world_runs_on": _broken(
        "runs on", "the server has stopped, and the thread Thread-1 still runs", 18
    ),
    "world_memory": _broken("memory", "your program used more than 2 GiB of memory", 18),
    "world_flood": _broken("flood", "your program printed more than 1,000,000 bytes"),
    "world_took_too_long": _broken(
        "took too long", "the check took too long: it ends after 60 seconds", 18
    ),
    "world_broken": _broken(
        "broken",
        "the room itself failed with TypeError: write\n"
        'Traceback (most recent call last):\n  File "stage.py", line 90, in perform\n',
    ),
    "world_no_process": _broken(
        "no process",
        "a process for the program cannot be started: Resource temporarily unavailable",
    ),
    "world_bad_reply": _broken("bad reply", "what came back is no answer of the room"),
    "world_hides": _broken("hides", "the program hides what is reported about it: KeyError"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_the_text_is_the_one_that_was_read(name: str) -> None:
    assert f"{FAILURES[name]}\n" == (GOLDEN / f"failure_{name}.txt").read_text()


@pytest.mark.parametrize("name", FAILURES)
def test_a_text_fits_a_terminal(name: str) -> None:
    assert max(map(len, str(FAILURES[name]).splitlines())) <= 120


@pytest.mark.parametrize("name", FAILURES)
def test_a_diagnostic_travels_as_json(name: str) -> None:
    diagnostic = FAILURES[name].diagnostic()
    assert diagnostic_of(diagnostic.as_json()) == diagnostic
    assert diagnostic.as_json().isascii()


def test_the_reason_and_what_to_try_come_before_the_conversation_and_the_rule() -> None:
    told = str(_failure(b"bob: hi\n", b"bob: ho\n", (RAISED,)))
    order = ["alice expected", "Likely reason:", "Text and bytes", "The conversation", "The rule:"]
    places = [told.index(part) for part in [*order, "A hint:"]]
    assert places == sorted(places)
    told = str(_broken("hang", "no answer within 4 seconds", 18))
    assert told.index("Try:") < told.index("The conversation so far:")


def test_every_way_to_break_has_advice_and_a_golden_text() -> None:
    assert set(KINDS) == WorldFailure.KINDS
    assert {f"world_{kind.replace(' ', '_')}" for kind in KINDS} <= set(FAILURES)


def test_the_learners_side_never_loads_the_text() -> None:
    program = "import sys, room.child.main; print(*[n for n in sys.modules if 'failure' in n])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"\n"


def test_a_kind_that_nobody_foresaw_still_says_what_happened() -> None:
    assert str(_broken("something new", "the moon fell down")).startswith("The moon fell down.\n\n")


def test_the_mark_stands_under_the_first_difference() -> None:
    expected, received, mark = comparison_lines(compare("", b"ab\n\ncd", b"ab\n\nxd"))
    at = mark.index("^")
    assert (expected[at], received[at]) == ("c", "x")
    assert expected[:at].replace("expected", "received") == received[:at]


def test_the_mark_of_long_bytes_says_how_many_agree() -> None:
    same = b"." * 100_000
    found = compare("", same + b"a", same + b"b")
    assert found.difference == "differs from here on; the first 100,000 bytes match"
    assert len("".join(comparison_lines(found))) < 300


def test_a_conversation_without_end_is_cut_and_says_so() -> None:
    failure = RoomFailure(
        client="a", expected=b"x", received=b"", transcript="\n".join(map(str, range(1024)))
    )
    assert "\n  (1,008 earlier lines left out)\n  1008\n" in str(failure)


def test_an_unwritten_task_is_found_in_what_the_program_raised() -> None:
    assert unwritten([LOGGED, RAISED, NOT_WRITTEN]) == [
        Unwritten("3.2", "tell the others", "work/ch03_on_connection.py", 20)
    ]


def test_an_unwritten_task_is_found_when_serve_itself_raised_it() -> None:
    wrong = WorldFailure(
        "serve raised", "serve: Task 1.1: echo", "work/x.py", 9, "NotImplementedError"
    )
    assert unwritten([], wrong) == [Unwritten("1.1", "echo", "work/x.py", 9)]


def test_another_exception_or_a_log_line_of_that_text_is_no_unwritten_task() -> None:
    assert unwritten([Note("log", "Task 1.1: echo"), RAISED._replace(message="Task 1.1: x")]) == []


def test_an_unwritten_task_says_where_it_begins_and_where_the_hint_is() -> None:
    task = Unwritten("3.2", "tell the others", "work/x.py", 20)
    assert as_text(task.diagnostic()) == (
        "Task 3.2 is not written yet: tell the others.\n"
        "The `raise` is still there, at work/x.py, line 20: replace it with your code.\n"
        "A hint: workbook hint 3.2"
    )


@pytest.mark.parametrize(
    ("expected", "received", "guess"),
    [
        (b"hi\n", b"hi", "Only the newline at the end is missing."),
        (b"hi\n", b"hi\\n", "A backslash and an n came in place of the newline"),
        (b"hi\n", b"hi/n", "A slash and an n came in place of the newline"),
        (b"4 here\n", b"{len(all)} here\n", "{len(all)} arrived as it is written, without"),
        (b"it's {fine}", b"it's {fine}.", ""),
        (b"bob has left\n", b"bob: it's {fine} 100%\n", ""),
        (b"hi", b"\0\0\0", "bytes(5) is five zero bytes."),
        (b"hi ", b"hi", "Only the space at the end is missing."),
        (b"hi\n", b"xhi\n", "The end is right, but there is 1 extra byte in front of it."),
        (b"hi\n", b"hi\nhi\n", "It is right, but it came twice."),
        (b"hi\n", b"ho\nhi\n", "The end is right, but there are 3 extra bytes in front of it."),
        (b"hi", b"b'hi'", "The b and the quotes came over the network: bytes were put into a"),
        (b"HI", b"B'HI'", "The b and the quotes came over the network: bytes were put into a"),
        (b"hi\n", b"hi\r\n", "Only \\r differs, the carriage return that some clients send"),
        (b"a b\n", b"a  b\n", "Only white space differs."),
        (b"Hi\n", b"hi\n", "Only capital and small letters differ."),
        (b"hi\n", b"ho\n", ""),
        (b"hi\n", b"", ""),
    ],
)
def test_what_two_byte_strings_give_away_is_told(
    expected: bytes, received: bytes, guess: str
) -> None:
    told = what_it_gives_away(expected, received)
    assert told.startswith(guess)
    assert bool(told) == bool(guess)


@pytest.mark.parametrize(
    ("mistake", "remedy"),
    [
        ("b'' + 'x'", "Text and bytes do not mix."),
        ("'' + b'x'", "Text and bytes do not mix."),
        ("b''.join(['x'])", "Text and bytes do not mix."),
        ("bytes.replace(b'', 'x', 'y')", "Text and bytes do not mix."),
        ("butterfly.write(f'{data}: hi')", "The text contains b'...': bytes were put into an f-s"),
        ("butterfly.write('x')", "Text and bytes do not mix."),
        ("b''.encode()", "Text and bytes do not mix."),
        ("''.decode()", "Text and bytes do not mix."),
        ("butterfly.write('x'.encode)", "That line names a function but does not call it"),
        ("'x'.upper.encode()", "That line names a function but does not call it"),
        ("(lambda: 1).strip()", "That line names a function but does not call it"),
        ("'port ' + 8001", "A number becomes text with str(...)"),
        ("butterfly.write(None)", "A function that ends without a `return` returns None."),
        ("None.strip()", "A function that ends without a `return` returns None."),
        ("'ü'.encode('ascii')", "ASCII only has the letters a to z."),
        ("b'\\xff'.decode('ascii')", "ASCII only has the letters a to z."),
        ("b'' + waiting", "A coroutine has no result until you await it: write `await`"),
        (
            "a, b = asyncio.Future()",
            "A task, or what gather() returns, has no result until you await it",
        ),
        (
            "b'' + asyncio.Future()",
            "A task, or what gather() returns, has no result until you await it",
        ),
        ("asyncio.gather(len)", "You passed the function itself. Call it"),
        ("asyncio.create_task(len)", "You passed the function itself. Call it"),
        ("asyncio.run(waiting)", "The event loop is already running."),
        ("waiting.strip()", "A coroutine has no result until you await it: write `await`"),
        ("await None", "This cannot be awaited: it is not a coroutine."),
        ("[known.pop(1) for _ in known]", "The dict changed while your loop was going through it."),
        ("b'\\xff'.decode()", "Some of these bytes are not valid UTF-8."),
        ("(lambda data: data)(1, 2, 3)", "Compare its parameters with what it is called with."),
        ("(lambda data, butterfly: data)(1)", "Compare its parameters with what it is called"),
        ("raise EOFError('EOF when reading a line')", "Nobody types anything to a server"),
        ("buterfly.write(b'')", "Python does not know this name here."),
        ("(f := lambda: f())()", "A function keeps calling itself"),
        ("b'' + None", "A function that ends without a `return` returns None."),
        ("b'' + 1", "A number is neither text nor bytes."),
        ("butterfly.write(1)", "A number is neither text nor bytes."),
        ("b'' + [1]", "A list is not bytes"),
        ("'nick' in butterfly", "`in` looks inside a dict"),
        ("'x' in None", "A function that ends without a `return` returns None."),
        ("'x' in 'x'.upper", "That line names a function but does not call it"),
        ("a, b = butterfly", "Each value of `butterflies` is a pair"),
        ("(butterfly, 1).write(b'')", "The values of `butterflies` are pairs."),
        ("for a, b in ['alice']: pass", "There are more pieces than names on the left."),
        ("a, b = 'x'.split()", "There are fewer pieces than names on the left."),
        ("butterfly.nick", "This client has no name yet"),
        ("butterfly.logger", "That belongs to the handler, not to a butterfly."),
        ("handler.write(b'')", "A butterfly has that: it is one client."),
        ("handler.nick", "A butterfly has that: it is one client."),
        ("b''.isprintable()", "Text and bytes do not mix. Bytes are not text yet"),
        ("self.butterflies", "A function in `serve` has no `self`."),
        ("logger.info('x')", "It belongs to the handler: in a method it is `self.logger`"),
        ("print(late); late = 1", "This name has no value yet on this path."),
        ("import bdb; raise bdb.BdbQuit", "breakpoint() starts a debugger"),
        ("os.close(4321)", "This descriptor is closed, and your program did not open it."),
        ("open('names.txt')", "A check runs in an empty folder"),
        ("import numpie", "Is the name spelled right?"),
        ('raise RuntimeError("can\'t start new thread")', "While it is checked, a program can"),
        ("raise asyncio.CancelledError", "Awaiting a task that was cancelled raises this error."),
        ("asyncio.Future().set_result(1) or done.set_result(2)", "A future has one result"),
        ("handler.logger('x')", "The logger has a method for each level"),
        ("await 'x'.upper", "That line names a function but does not call it"),
        ("await butterfly.read", "That line names a function but does not call it"),
        ("super.on_connection(1)", "`super` is a function: call it, with parentheses"),
        ("b'\\xff'.decode(errors='ignor')", '`errors=` takes "replace", "ignore" and "strict".'),
        ("butterfly.write(b'a', b'b')", "`write` takes one argument, the bytes to send"),
        ("butterfly.write()", "`write` takes one argument, the bytes to send"),
        ("{}.append(1)", "A dict has no `append`."),
        ("handler.logger.warn1ng('x')", "A logger has info(...), warning(...) and error(...)."),
        ("b''.write(b'x')", "This is what someone said, or a name. The client is the butterfly"),
        ("butterfly.send(b'x')", "A butterfly has the methods read(), write(...), drain()"),
        (
            "class B:\n        __repr__ = lambda self: '<Butterfly 127.0.0.1:1>'\n    {}[B()]",
            "The keys of this dict are names, not butterflies",
        ),
    ],
)
def test_an_exception_that_python_raises_gets_its_remedy(mistake: str, remedy: str) -> None:
    note = _raised_by(mistake)
    reason, remark = likely_reason([note])
    assert reason.startswith(note.type)
    assert remark.startswith(remedy)


@pytest.mark.parametrize(
    ("kind", "message", "remedy"),
    [
        (
            "serve raised",
            "serve raised AttributeError: 'coroutine' object has no attribute 'any_data'",
            "A coroutine has no result until you await it: write `await`",
        ),
        (
            "raised",
            "x.py cannot be imported: EOFError: EOF when reading a line",
            "Nobody types anything to a server",
        ),
        (
            "raised",
            "x.py cannot be imported: RuntimeError: run(serve) serves while the file is imported",
            "Your file starts serving as soon as it is imported",
        ),
        (
            "syntax",
            "x.py, line 9: 'await' outside async function: net = await create()",
            "You can use `await` only inside an `async def`: write `async` in front",
        ),
        (
            "import",
            "x.py cannot be imported: ModuleNotFoundError: No module named 'numpy'",
            "Only bfnet and Python's standard library are installed here",
        ),
        (
            "syntax",
            "x.py is not Python: source code string cannot contain null bytes",
            "The file is not saved as UTF-8",
        ),
        (
            "syntax",
            "x.py, line 1: (unicode error) 'utf-8' codec can't decode byte 0xe4: 'caf?'",
            "The file is not saved as UTF-8",
        ),
    ],
)
def test_a_server_that_does_not_start_gets_the_remedy_of_its_mistake(
    kind: str, message: str, remedy: str
) -> None:
    told = str(_never_began(kind, message))
    assert remedy in " ".join(told.split())
    assert "Try:" not in told


def test_the_code_of_a_syntax_error_is_not_read_as_a_message() -> None:
    told = str(_never_began("syntax", "x.py, line 9: invalid syntax: if not str x:"))
    assert "Text and bytes" not in told


def test_a_descriptor_that_the_program_closed_is_no_fault_of_the_workbook() -> None:
    told = str(
        _broken("broken", "the room itself failed with OSError: [Errno 9] Bad file descriptor")
    )
    assert told.startswith("Your program closed a file descriptor that it did not open.\n\n")
    assert "Traceback" not in told


def test_an_exception_without_a_message_ends_the_headline_with_its_name() -> None:
    told = str(_never_began("raised", "x.py cannot be imported: BdbQuit: "))
    assert told.startswith("x.py cannot be imported: BdbQuit.\n\n")


def test_a_forgotten_await_is_placed_where_the_call_is() -> None:
    raised = RAISED._replace(message="'coroutine' object has no attribute 'replace'")
    _, remark = likely_reason([raised, FORGOTTEN])
    assert remark == (
        "coroutine 'Butterfly.read' was never awaited at work/ch03_on_connection.py, line 14. "
        "Write `await` in front of that call."
    )


def test_a_call_that_was_there_already_is_of_a_plain_function() -> None:
    raised = RAISED._replace(message="can't concat coroutine to bytes")
    place = {(FORGOTTEN.file, FORGOTTEN.line)}
    for notes in ([raised, FORGOTTEN], [FORGOTTEN]):
        assert "Remove the `async` of that function" in likely_reason(notes, place)[1]


def test_an_await_in_front_of_a_chain_of_calls_comes_too_late() -> None:
    raised = RAISED._replace(message="'coroutine' object has no attribute 'replace'", line=14)
    _, remark = likely_reason([raised, FORGOTTEN])
    assert "(await butterfly.read())" in remark


def test_a_handler_that_is_stopped_by_mistake_is_told_from_a_client() -> None:
    stops = FORGOTTEN._replace(message="coroutine 'ButterflyHandler.stop' was never awaited")
    assert "stops the whole server" in likely_reason([stops])[1]


def test_a_remedy_that_repeats_the_mistake_is_not_given_for_a_line_of_the_starter() -> None:
    raised = RAISED._replace(type="UnicodeDecodeError", message="codec can't decode byte 0xff")
    assert "errors='replace'" in likely_reason([raised])[1]
    reason, remark = likely_reason([raised], {(raised.file, raised.line)})
    assert "(a line that was there already)" in reason
    assert "errors" not in remark


def test_bytes_that_have_to_be_refused_are_not_to_be_replaced() -> None:
    raised = RAISED._replace(type="UnicodeDecodeError", message="codec can't decode byte 0xff")
    told = str(_failure(b"That name is not allowed.\n", b"", (raised,)))
    assert "Catch the UnicodeDecodeError" in " ".join(told.split())


def test_a_client_that_had_to_be_refused_and_is_in_the_room_is_named() -> None:
    failure = _failure(b"That name is not allowed.\n", b"")
    failure.let_in = '"Ivo "'
    assert 'The server let this client in: "Ivo " is in `butterflies`.' in str(failure)
    assert "Nothing came" not in str(failure)


def test_what_went_to_somebody_else_is_said_in_place_of_advice() -> None:
    failure = _failure(b"bob: hi\n", b"")
    failure.wrote_to = "bob"
    assert "What the server wrote last went to bob." in str(failure)


SLEEPING = WAITING._replace(message="its sleep to end")


@pytest.mark.parametrize(
    ("expected", "received"),
    [
        (b"bob: hi\n", b""),
        (b"bob: hi\n", b"bob: "),
        ("in the log, once:  INFO bob came", "in the log:\n  nothing"),
        ("the server to hang up", "nothing more, and the connection stays open"),
        ("in butterflies: bob", "in butterflies: nobody"),
    ],
)
def test_code_that_sleeps_while_something_is_missing_is_the_reason(
    expected: bytes | str, received: bytes | str
) -> None:
    told = _failure(expected, received, (SLEEPING,)).diagnostic()
    where = "work/ch03_on_connection.py, line 14"
    assert told.reason == f"your code is waiting at {where} for its sleep to end."


def test_code_that_sleeps_does_not_explain_what_came_and_should_not() -> None:
    assert _failure("silence", b"bob: hi\n", (SLEEPING,)).diagnostic().reason == ""
    assert _failure(b"bob: hi\n", b"eve: hi\n", (SLEEPING,)).diagnostic().reason == ""


def test_a_suspicion_comes_where_nothing_better_is_known() -> None:
    failure = _failure(b"bob: hi\n", b"", (SLEEPING,))
    failure.suspicion = "nothing calls `echo` (line 3)."
    assert failure.diagnostic().reason == "nothing calls `echo` (line 3)."
    failure.notes = (RAISED,)
    assert "nothing calls" not in str(failure)
    failure.notes = (RAISED._replace(type="KeyError", message="'bob'"),)
    assert failure.diagnostic().remarks == ("Nothing calls `echo` (line 3).",)


def test_an_f_that_is_missing_is_seen_in_the_log_too() -> None:
    wrong = _failure("in the log, once:  INFO bob came", "in the log:\n  INFO {self.nick} came")
    assert "{self.nick} arrived as it is written, without its" in str(wrong)


def test_print_is_told_from_the_log() -> None:
    failure = _failure("in the log, once:  INFO bob came", "in the log:\n  nothing")
    assert "print()" not in str(failure)
    failure.printed = "bob came\n"
    assert "print() does not write to the log" in str(failure)


def test_an_exception_that_explains_itself_gets_no_remedy() -> None:
    assert likely_reason([_raised_by("{}['bob']")]) == ("KeyError: 'bob'",)


@pytest.mark.parametrize("file", ["<cell>", "/tmp/ipykernel_41/2718.py", "<ipython-input-3>"])
def test_a_cell_of_a_notebook_is_called_that(file: str) -> None:
    assert place(file, 3) == "line 3 of the cell"


def test_a_file_elsewhere_keeps_its_whole_path() -> None:
    assert place("/elsewhere/x.py", 3) == "/elsewhere/x.py, line 3"
    assert place(str(Path.cwd() / "work" / "x.py"), 0) == "work/x.py"
    assert place("", 3) == ""


def test_what_a_program_says_cannot_write_on_the_screen() -> None:
    assert plain("<f at 0x7f3a51c0d2e0>, at 0x") == "<f>, at 0x"
    assert plain("a\x1b[2J\nb\u202e" + "c" * 1000) == "a\\x1b[2J b\\u202e" + "c" * 284 + "..."


def _raised_by(mistake: str) -> Note:
    """The note of what Python really raises for an expression in a coroutine."""
    source = (
        "async def coroutine(): ...\n"
        "async def main():\n"
        "    known = {1: 1, 2: 2}\n"
        "    waiting = coroutine()\n"
        "    waiting.close()\n"
        "    butterfly = Butterfly.__new__(Butterfly)\n"
        "    handler = ButterflyHandler.get_handler()\n"
        "    data = b'Freya'\n"
        "    done = asyncio.Future()\n"
        "    done.set_result(1)\n"
        f"    {mistake}\n"
    )
    scope: dict[str, Any] = {
        "Butterfly": Butterfly,
        "ButterflyHandler": ButterflyHandler,
        "asyncio": asyncio,
        "os": os,
    }
    exec(source, scope)
    with pytest.raises(BaseException) as caught:  # noqa: PT011  any: its text is what is asked for
        asyncio.run(scope["main"]())
    return Note("exception", str(caught.value), type=caught.type.__name__)


if __name__ == "__main__":
    for name, failure in FAILURES.items():
        (GOLDEN / f"failure_{name}.txt").write_text(f"{failure}\n")


@pytest.mark.parametrize(
    ("received", "printed", "remark"),
    [
        (b"", "b'bob: hi\\n'\n", "Your program printed it, and print() shows it only to you."),
        (b"hi\n", "bob: hi\n", "Your program printed it, and print() shows it only to you."),
        (b"", "bob\n", "Nothing came, and your code raised no error."),
    ],
)
def test_what_was_printed_in_place_of_being_written_is_told(
    received: bytes, printed: str, remark: str
) -> None:
    failure = _with_prints(_failure(b"bob: hi\n", received, ()), printed)
    assert failure.diagnostic().remarks[0].startswith(remark)


def test_a_line_of_the_log_in_parts_is_told() -> None:
    failure = RoomFailure(
        client="",
        expected="in the log, once:  INFO 127.0.0.1:50001 came",
        received="in the log:  INFO '127.0.0.1' cannot be formatted with (50001,): not all",
    )
    assert failure.diagnostic().remarks[0].startswith("A line of the log is one text")
