"""Color and time in a server's log and in a client's conversation."""

import io
import re
from collections.abc import Callable

import pexpect
import pytest
from small_server import ECHO, port_in

from workbook.terminal.color import by_level, by_speaker, color_of, has_color


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_color_is_for_terminals_that_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert has_color(Terminal())
    assert not has_color(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not has_color(Terminal())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not has_color(Terminal())


def test_who_speaks_has_a_color_and_the_server_has_none() -> None:
    assert re.fullmatch(r"\x1b\[\d+mann\x1b\[0m: hello", by_speaker("ann: hello"))
    assert by_speaker("ann: 1") != by_speaker("bob: 1").replace("bob", "ann")
    assert by_speaker("ann has joined the room") == "\x1b[2mann has joined the room\x1b[0m"
    assert color_of("李") == color_of("李")


def test_only_a_level_that_is_not_the_usual_one_is_named() -> None:
    assert by_level("INFO", "ann has joined") == "ann has joined"
    assert "WARNING" in by_level("WARNING", "ann was too slow")


def test_in_a_terminal_a_server_and_its_client_show_the_time(
    terminal: Callable[..., pexpect.spawn],
    chapter: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    serve = ECHO.replace(
        "butterfly.write(data)", "handler.logger.info('heard'); butterfly.write(data)"
    )
    server = terminal(chapter(serve), "--port", "0", color=True)
    client = terminal("-m", "workbook", "connect", "--port", port_in(server), color=True)
    client.expect_exact("Ctrl-D leaves.")
    client.sendline("ann: hello")
    client.expect(r"\d\d:\d\d:\d\d\x1b\[0m  ann: hello\r\n")  # as typed
    client.expect(r"\d\d:\d\d:\d\d\x1b\[0m  \x1b\[\d+mann\x1b\[0m: hello\r\n")
    server.expect(r"\d\d:\d\d:\d\d\x1b\[0m  heard\r\n")
