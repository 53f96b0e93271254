"""`workbook connect`, in a terminal and through a pipe, to servers good and bad."""

import shlex
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pexpect
import pytest
from command_line import one_line, say
from small_server import with_tls

from workbook.commands import connect as module

Terminal = Callable[..., pexpect.spawn]
Workbook = Callable[..., subprocess.CompletedProcess]
RudeServer = Callable[..., str]

CONNECT = ("-m", "workbook", "connect", "--port")
WORKBOOK = f"{shlex.quote(sys.executable)} -m workbook connect"


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang_up(connection: socket.socket) -> None:
    with with_tls(connection) as tls:
        tls.unwrap()


def in_terminal(command: str) -> str:
    """What a shell in a terminal shows for this command."""
    shell = pexpect.spawn("sh", ["-c", command], encoding="utf-8", timeout=20)
    shell.expect(pexpect.EOF)
    return shell.before


# Through a pipe


def test_a_script_gets_all_its_answers(workbook: Workbook, echo_port: str) -> None:
    done = workbook("connect", "--port", echo_port, typed=b"ann\nhello\n")
    assert done.stdout == b"ann\nhello\n"
    assert done.stderr == b""
    assert done.returncode == 0


def test_a_pipe_carries_every_byte_as_it_is(workbook: Workbook, echo_port: str) -> None:
    everything = bytes(range(256)) * 2000
    assert workbook("connect", "--port", echo_port, typed=everything).stdout == everything


def test_a_file_is_as_good_as_a_pipe(echo_port: str, tmp_path: Path) -> None:
    (tmp_path / "lines").write_bytes(b"one\ntwo\n")
    assert in_terminal(f"{WORKBOOK} --port {echo_port} < {tmp_path}/lines") == "one\r\ntwo\r\n"


def test_a_name_is_sent_before_the_rest(workbook: Workbook, echo_port: str) -> None:
    done = workbook("connect", "--port", echo_port, "--name", "änn", typed=b"hello\n")
    assert done.stdout == "änn\nhello\n".encode()


def test_ctrl_c_leaves_a_server_that_does_not_answer(listener: socket.socket) -> None:
    command = f"exec {WORKBOOK} --port {listener.getsockname()[1]} < /dev/null"
    shell = pexpect.spawn("sh", ["-c", command], timeout=20)
    with with_tls(listener.accept()[0]) as server:
        server.sendall(b"Nickname: ")
        shell.expect_exact("Nickname: ")
        shell.sendintr()
        shell.expect(pexpect.EOF)
    assert shell.before == b"^C"
    assert shell.wait() == 0


def test_a_standard_input_that_is_closed_has_ended(echo_port: str) -> None:
    assert in_terminal(f"{WORKBOOK} --port {echo_port} --name ann <&-") == "ann\r\n"


def test_a_pipe_that_stays_open_does_not_keep_it_when_the_server_has_closed(
    rude_server: RudeServer,
) -> None:
    port = rude_server(hang_up)
    with subprocess.Popen([sys.executable, *CONNECT, port], stdin=subprocess.PIPE) as client:
        assert client.wait(timeout=20) == 0


def test_what_a_script_shows_in_a_terminal_is_harmless(echo_port: str) -> None:
    shown = in_terminal(f"printf '\\033[2J\\n' | {WORKBOOK} --port {echo_port}")
    assert shown == "\\x1b[2J\r\n"


# In a terminal


def test_what_arrives_does_not_break_the_line_being_typed(
    terminal: Terminal, chat_port: str
) -> None:
    ann = terminal(*CONNECT, chat_port)
    ann.expect_exact("its certificate is good. Ctrl-D leaves.")
    ann.expect_exact("Nickname:")
    ann.sendline("ann")
    ann.expect("ann")
    bob = terminal(*CONNECT, chat_port, "--name", "bob")
    ann.expect("(Nickname: )?bob has joined the room")
    assert ann.match[1] is None  # a prompt that was answered is not shown again
    ann.send("half a li")
    ann.expect("half.*a.*li")
    bob.expect_exact("Nickname: bob")
    bob.sendline("hello")
    ann.expect_exact("bob: hello\r\n")
    ann.expect("half.*a.*li")
    ann.sendline("ne")
    bob.expect_exact("ann: half a line\r\n")


def test_control_characters_of_others_are_shown_and_not_obeyed(
    terminal: Terminal, workbook: Workbook, chat_port: str
) -> None:
    ann = terminal(*CONNECT, chat_port, "--name", "ann")
    ann.expect_exact("Nickname: ann")
    workbook("connect", "--port", chat_port, typed=b"\x1b]0;owned\x07\xff\n")
    ann.expect_exact("\\x1b]0;owned\\x07\\xff has joined the room\r\n")


def test_no_answer_of_the_terminal_can_come_too_late(terminal: Terminal, chat_port: str) -> None:
    ann = terminal(*CONNECT, chat_port, "--name", "ann")
    ann.expect_exact("Nickname: ann")
    assert "\x1b[6n" not in ann.before  # "where is the cursor?"


def test_keys_pressed_at_any_moment_arrive(terminal: Terminal, echo_port: str) -> None:
    ann = terminal(*CONNECT, echo_port)
    ann.expect_exact("\x1b[?2004h")  # prompt_toolkit is ready
    ann.send("one\rtwo\rthree\r\x04")
    ann.expect_exact("one")
    ann.expect_exact("two")
    ann.expect_exact("three")
    ann.expect(pexpect.EOF)
    assert ann.wait() == 0


def test_a_terminal_that_cannot_move_its_cursor_is_enough(
    terminal: Terminal, chat_port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    ann = terminal(*CONNECT, chat_port)
    ann.expect_exact("Nickname: ")
    ann.sendline("ann")
    bob = terminal(*CONNECT, chat_port, "--name", "bob")
    ann.expect_exact("bob has joined the room\r\n")
    ann.sendline("hello")
    bob.expect_exact("Nickname: ann: hello\r\n")
    ann.sendeof()
    assert ann.wait() == 0


def test_ctrl_d_leaves(terminal: Terminal, chat_port: str) -> None:
    ann = terminal(*CONNECT, chat_port, "--name", "ann")
    bob = terminal(*CONNECT, chat_port)
    bob.expect_exact("Nickname:")
    bob.sendline("bob")
    ann.expect_exact("bob has joined the room")
    bob.sendeof()
    bob.expect(pexpect.EOF)
    assert bob.wait() == 0
    ann.expect_exact("bob has left the room.")


def test_ctrl_c_leaves_and_says_nothing(terminal: Terminal, chat_port: str) -> None:
    ann = terminal(*CONNECT, chat_port)
    ann.expect_exact("Nickname:")
    ann.send("an")
    ann.expect("a.*n")
    ann.sendintr()
    ann.expect(pexpect.EOF)
    assert "Error" not in ann.before
    assert "Traceback" not in ann.before
    assert ann.wait() == 0


def test_a_long_text_without_a_newline_is_shown_too(
    terminal: Terminal, listener: socket.socket
) -> None:
    client = terminal(*CONNECT, str(listener.getsockname()[1]))
    with with_tls(listener.accept()[0]) as server:
        server.sendall(b"." * 5000 + b"!")
        client.expect_exact(".!")


def test_a_server_that_closes_is_mentioned(terminal: Terminal, listener: socket.socket) -> None:
    client = terminal(*CONNECT, str(listener.getsockname()[1]))
    with with_tls(listener.accept()[0]) as server:
        server.sendall(b"last words\n")
        server.unwrap()
    client.expect_exact("last words")
    client.expect_exact("The server has closed the connection.")
    client.expect(pexpect.EOF)
    assert client.wait() == 0


# When there is no good server


def test_nobody_listening_is_one_clear_line(workbook: Workbook) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    done = workbook("connect", "--port", str(port))
    assert done.returncode == 1
    assert one_line(done.stderr).startswith(
        f"Error: No server is listening on 127.0.0.1, port {port}. Start one in another "
    )


def test_nobody_listening_on_any_address_of_a_name_is_the_same_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refused_twice(*arguments: object, **options: object) -> None:
        raise OSError("Multiple exceptions: [Errno 111] Connect call failed, [Errno 111] ...")

    monkeypatch.setattr(module, "open_tls", refused_twice)
    with pytest.raises(click.ClickException, match="No server is listening on localhost"):
        module.connect("localhost", 8001, None)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "x" * 70])
def test_an_unknown_host_is_one_clear_line(host: str) -> None:
    done = say("connect", "--host", host)
    assert f"The host {host!r} is unknown." in one_line(done.stderr)


def test_the_certificate_of_somebody_else_is_one_clear_line_and_nothing_is_sent(
    workbook: Workbook, echo_port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    done = workbook("connect", "--port", echo_port, typed=b"secret")
    assert done.returncode == 1
    assert "does not show your development certificate" in one_line(done.stderr)
    assert done.stdout == b""


def test_a_certificate_for_another_name_is_one_clear_line(
    rude_server: RudeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.certificate.NAMES", ("localhost", "example.org"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("workbook.commands.connect.SERVER_NAME", "example.net")
    port = rude_server(lambda connection: with_tls(connection))
    with pytest.raises(click.ClickException, match="Hostname mismatch"):
        module.connect("127.0.0.1", int(port), None)


def test_a_server_without_tls_is_one_clear_line(rude_server: RudeServer) -> None:
    port = rude_server(lambda connection: connection.sendall(b"Nickname: ") or connection.recv(9))
    done = say("connect", "--port", port)
    assert "does not speak TLS" in one_line(done.stderr)


@pytest.mark.parametrize("leave", [lambda connection: None, reset])
def test_a_server_that_hangs_up_before_tls_is_one_clear_line(
    rude_server: RudeServer, leave: Callable[[socket.socket], None]
) -> None:
    done = say("connect", "--port", rude_server(leave))
    assert "hung up before TLS was set up" in one_line(done.stderr)


def test_a_server_that_says_nothing_is_given_up(
    rude_server: RudeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    port = rude_server(lambda connection: connection.recv(1) and connection.makefile("rb").read())
    with pytest.raises(click.ClickException, match="did not answer"):
        module.connect("127.0.0.1", int(port), None)


def test_a_connection_that_breaks_is_one_clear_line(
    workbook: Workbook, rude_server: RudeServer
) -> None:
    def crash(connection: socket.socket) -> None:
        tls = with_tls(connection)
        tls.recv(1)
        reset(tls)
        tls.close()

    done = workbook("connect", "--port", rude_server(crash), typed=b"hello")
    assert done.returncode == 1
    assert one_line(done.stderr) == "Error: The server broke the connection.\n"


def test_a_server_that_is_killed_has_closed(workbook: Workbook, rude_server: RudeServer) -> None:
    def vanish(connection: socket.socket) -> None:
        tls = with_tls(connection)
        tls.sendall(b"last words")
        tls.makefile("rb").read()
        tls.close()

    done = workbook("connect", "--port", rude_server(vanish), typed=b"hello")
    assert done.stdout == b"last words"
    assert done.stderr == b""
