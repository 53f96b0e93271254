"""A chapter's main(), from the terminal that it runs in."""

import asyncio
import fcntl
import os
import pty
import re
import runpy
import signal
import socket
import ssl
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from command_line import one_line
from small_server import ECHO, port_in

from workbook.serving import run

Terminal = Callable[..., pexpect.spawn]
Fails = Callable[..., subprocess.CompletedProcess[str]]
Chapter = Callable[[str], str]

PLAIN_ASYNCIO = """
import asyncio
import ssl


async def echo(reader, writer):
    writer.write(await reader.read(100))
    writer.close()


async def serve(bind, ssl_options):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*ssl_options)
    return await asyncio.start_server(echo, *bind, ssl=context)
"""

NEVER_STOPS = """
import asyncio


class Server:
    port = 8001

    @property
    def handler(self):
        return self

    async def stop(self):
        print("Stopping forever")
        await asyncio.Event().wait()


async def serve(bind, ssl_options):
    return Server()
"""

NEVER_RETURNS = ECHO.replace(
    "    return net", "    print('serving')\n    await net.serve_forever()"
)


def raising(error: str) -> str:
    return f"async def serve(bind, ssl_options):\n    raise {error}\n"


@pytest.fixture
def fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a chapter's main() with these arguments, in this process, to its refusal to serve."""

    def run(path: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", [path, *arguments])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(path, run_name="__main__")
        assert isinstance(ended.value.code, int)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(sys.argv, ended.value.code, said.out, said.err)

    return run


def test_it_says_how_to_join_once_it_listens(
    terminal: Terminal, chapter: Chapter, cache: Path
) -> None:
    server = terminal(chapter(ECHO), "--port", "0")
    server.expect(r"Listening on 127\.0\.0\.1, port (\d+), with TLS\. Join from a second terminal:")
    port = server.match[1]
    server.expect_exact(f"workbook connect --port {port}\r\n")
    server.expect_exact(
        f"openssl s_client -connect 127.0.0.1:{port} -quiet "
        f"-CAfile {cache}/bfnet-workbook/authority.pem -verify_return_error\r\n"
    )
    server.expect_exact("Ctrl-C stops the server.")


def test_the_openssl_command_it_prints_works_by_typing_it(
    terminal: Terminal, chapter: Chapter
) -> None:
    server = terminal(chapter(ECHO), "--port", "0")
    server.expect(r"openssl s_client [^\r]+")
    openssl = pexpect.spawn("sh", ["-c", server.match[0]], encoding="utf-8", timeout=20, echo=False)
    openssl.expect_exact("verify return:1\r\ndepth=0")
    openssl.expect_exact("verify return:1")
    openssl.sendline("typed")
    openssl.expect_exact("typed")
    openssl.sendintr()
    openssl.expect(pexpect.EOF)


def test_the_openssl_command_it_prints_refuses_another_server(
    terminal: Terminal, chapter: Chapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = terminal(chapter(ECHO), "--port", "0")
    server.expect(r"openssl s_client -connect (\S+) [^\r]+")
    command, address = server.match[0], server.match[1]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    other = terminal(chapter(ECHO), "--port", "0")
    other_address = f"127.0.0.1:{port_in(other)}"
    done = subprocess.run(
        ["sh", "-c", command.replace(address, other_address)],
        input=b"secret\n",
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 1
    assert b"certificate verify failed" in done.stderr
    assert done.stdout == b""


def test_an_ipv6_address_can_be_typed_as_it_is_printed(
    terminal: Terminal, chapter: Chapter, workbook: Callable[..., subprocess.CompletedProcess]
) -> None:
    server = terminal(chapter(ECHO), "--host", "::1", "--port", "0")
    server.expect(r"workbook connect (--host ::1 --port (\d+))\r\n")
    options, port = server.match[1], server.match[2]
    server.expect_exact(f"-connect [::1]:{port} ")
    assert workbook("connect", *options.split(), typed=b"hi").stdout == b"hi"


def test_a_server_for_all_addresses_is_joined_at_one_that_can_be_typed(
    terminal: Terminal, chapter: Chapter
) -> None:
    server = terminal(chapter(ECHO), "--host", "0.0.0.0", "--port", "0")
    server.expect(r"Listening on 0\.0\.0\.0, port (\d+)")
    server.expect_exact(f"workbook connect --port {server.match[1]}\r\n")
    server.expect_exact("-connect 127.0.0.1:")


def test_ctrl_c_stops_it_with_one_line(terminal: Terminal, chapter: Chapter) -> None:
    server = terminal(chapter(ECHO), "--port", "0")
    port_in(server)
    server.sendintr()
    server.expect(pexpect.EOF)
    assert server.before == "\r\n^C\r\nStopped.\r\n"
    assert server.wait() == 0


def test_sigterm_stops_it_with_one_line(terminal: Terminal, chapter: Chapter) -> None:
    server = terminal(chapter(ECHO), "--port", "0")
    port_in(server)
    server.kill(signal.SIGTERM)
    server.expect(pexpect.EOF)
    assert server.before == "\r\n\r\nStopped.\r\n"
    assert server.wait() == 0


def in_this_terminal() -> None:
    """Begin a session on standard input, as a login does: not with what nohup had ignored."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_a_closed_terminal_stops_it_as_sigterm_does(
    chapter: Callable[[str], str], tmp_path: Path
) -> None:
    left = tmp_path / "left"
    see_off = f"""
class Handler(ButterflyHandler):
    async def on_disconnect(self, butterfly):
        await super().on_disconnect(butterfly)
        open({str(left)!r}, "a").write("seen off\\n")


async def serve("""
    serve = ECHO.replace("async def serve(", see_off).replace("ButterflyHandler.get", "Handler.get")
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, chapter(serve), "--port", "0"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        preexec_fn=in_this_terminal,
        start_new_session=True,
    )
    os.close(theirs)
    said = b""
    while b"Ctrl-C stops the server." not in said:
        said += os.read(ours, 1000)
    found = re.search(rb"port (\d+), with TLS", said)
    assert found is not None
    port = int(found[1])
    with socket.create_connection(("127.0.0.1", port)) as client:
        context = ssl._create_unverified_context()
        with context.wrap_socket(client) as secured:
            secured.sendall(b"hello")
            assert secured.recv(5) == b"hello"
            os.close(ours)
            assert program.wait(timeout=20) == 0
    assert left.read_text() == "seen off\n"


def test_a_server_that_cannot_start_leaves_the_signals_as_they_were(
    chapter: Callable[[str], str], fails: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    fails(chapter(raising("OSError('no')")), "--port", "0")
    assert [signal.getsignal(number) for number in numbers] == before


def test_sighup_does_not_stop_what_was_started_with_nohup(chapter: Callable[[str], str]) -> None:
    program = subprocess.Popen(
        ["sh", "-c", 'trap "" HUP; exec "$0" "$@"', sys.executable, chapter(ECHO), "--port", "0"],
        stdout=subprocess.PIPE,
    )
    assert program.stdout is not None
    assert program.stdout.readline().startswith(b"Listening")
    program.send_signal(signal.SIGHUP)
    program.send_signal(signal.SIGTERM)
    said = program.communicate(timeout=20)[0]
    assert program.returncode == 0
    assert said.endswith(b"Stopped.\n")


def test_whoever_is_connected_is_hung_up_on_when_it_stops(
    terminal: Terminal, chapter: Chapter
) -> None:
    server = terminal(chapter(ECHO), "--port", "0")
    port = port_in(server)
    client = terminal("-m", "workbook", "connect", "--port", port)
    client.expect_exact("Connected")
    server.sendintr()
    client.expect_exact("The server has closed the connection.")
    server.expect_exact("Stopped.")


def test_a_second_ctrl_c_quits_at_once(terminal: Terminal, chapter: Chapter) -> None:
    server = terminal(chapter(NEVER_STOPS))
    server.expect_exact("Ctrl-C stops the server.")
    server.sendintr()
    server.expect_exact("Stopping forever")
    server.sendintr()
    server.expect(pexpect.EOF)
    assert "Traceback" not in server.before
    server.wait()
    assert server.signalstatus == signal.SIGINT


def test_a_serve_that_never_returns_is_stopped_too(terminal: Terminal, chapter: Chapter) -> None:
    server = terminal(chapter(NEVER_RETURNS), "--port", "0")
    server.expect_exact("serving")
    server.sendintr()
    server.expect_exact("Stopped.\r\n")
    server.expect(pexpect.EOF)
    assert server.before == ""


def test_a_plain_asyncio_server_is_served_too(
    terminal: Terminal, chapter: Chapter, workbook: Callable[..., subprocess.CompletedProcess]
) -> None:
    server = terminal(chapter(PLAIN_ASYNCIO), "--port", "0")
    client = terminal("-m", "workbook", "connect", "--port", port_in(server))
    client.expect_exact("Connected")
    client.sendline("hello")
    client.expect_exact("The server has closed the connection.")
    server.sendintr()
    server.expect_exact("Stopped.")


def test_a_port_in_use_is_one_clear_line(chapter: Chapter) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = [sys.executable, chapter(ECHO), "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert one_line(done.stderr) == (
        f"Error: Port {port} on 127.0.0.1 is in use, maybe by a server in another terminal. "
        f"Stop that one, or choose another port: --port {port + 1}.\n"
    )


@pytest.mark.parametrize("serve", [ECHO, PLAIN_ASYNCIO])
@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_a_host_where_it_cannot_listen_is_one_clear_line(
    fails: Fails, chapter: Chapter, serve: str, host: str
) -> None:
    done = fails(chapter(serve), "--host", host)
    assert done.returncode == 1
    assert f"{host!r} is" in one_line(done.stderr)
    assert "Try --host 127.0.0.1." in done.stderr


def test_a_host_name_that_cannot_be_one_is_one_clear_line(fails: Fails, chapter: Chapter) -> None:
    assert "is unknown" in one_line(fails(chapter(ECHO), "--host", "x" * 70).stderr)


def test_an_empty_host_is_not_taken_for_all_addresses(fails: Fails, chapter: Chapter) -> None:
    done = fails(chapter(ECHO), "--host", "")
    assert done.returncode == 2
    assert "it is empty. Leave it out, or try 127.0.0.1." in done.stderr


@pytest.mark.parametrize("port", ["65536", "-1", "echo"])
def test_a_port_that_is_none_is_refused(fails: Fails, chapter: Chapter, port: str) -> None:
    done = fails(chapter(ECHO), "--port", port)
    assert done.returncode == 2
    assert re.search(r"\nError: Invalid value for '--port': [^\n]+\n$", done.stderr)


def test_a_port_that_is_not_for_users_is_one_clear_line(fails: Fails, chapter: Chapter) -> None:
    done = fails(chapter(raising("PermissionError(13, 'Permission denied')")), "--port", "80")
    assert done.returncode == 1
    assert one_line(done.stderr) == (
        "Error: Port 80 is reserved for the system's own servers, like all ports below 1024. "
        "Choose another port: --port 8001.\n"
    )


def test_a_task_that_is_not_written_yet_is_one_clear_line(fails: Fails, chapter: Chapter) -> None:
    path = chapter(raising("NotImplementedError('Task 1.1: send the bytes back')"))
    done = fails(path)
    assert done.returncode == 1
    assert one_line(done.stderr) == (
        f"Error: Task 1.1 is not written yet: send the bytes back ({path}, line 2).\n"
    )


@pytest.mark.parametrize(
    ("error", "line"),
    [
        ("ValueError('wrong')", "serve() failed with ValueError: wrong"),
        ("NotImplementedError", "serve() failed with NotImplementedError"),
        ("FileNotFoundError(2, 'No such file', 'x')", "serve() failed with FileNotFoundError"),
    ],
)
def test_any_other_error_is_one_line_with_its_place(
    fails: Fails, chapter: Chapter, error: str, line: str
) -> None:
    path = chapter(raising(error))
    done = fails(path)
    assert done.returncode == 1
    assert line in one_line(done.stderr)
    assert f"({path}, line 2)" in done.stderr


def test_in_a_notebook_it_says_what_to_do_there() -> None:
    async def serve(bind: object, ssl_options: object) -> None:
        """Never called."""

    async def cell() -> None:
        run(serve)

    with pytest.raises(RuntimeError, match=r"In a notebook, .* open_room\(serve\)"):
        asyncio.run(cell())


def test_a_serve_that_returns_nothing_is_one_clear_line(fails: Fails, chapter: Chapter) -> None:
    done = fails(chapter("async def serve(bind, ssl_options): pass\n"))
    assert one_line(done.stderr) == (
        "Error: serve() returned nothing. It has to end with: return net\n"
    )


def test_a_serve_that_returns_something_else_is_one_clear_line(
    fails: Fails, chapter: Chapter
) -> None:
    done = fails(chapter("async def serve(bind, ssl_options): return 'net'\n"), "--port", "0")
    assert one_line(done.stderr) == (
        "Error: serve() returned a str, which does not listen on a port. "
        "It has to end with: return net\n"
    )


def test_what_strangers_write_cannot_command_the_terminal_through_the_log(
    terminal: Terminal, chat_port: str, workbook: Callable[..., subprocess.CompletedProcess]
) -> None:
    server = terminal("-m", "solutions.ch06_relay", "--port", "0")
    port = port_in(server)
    workbook("connect", "--port", port, typed=b"\x1b[2Jann\n")
    server.expect_exact("INFO: \\x1b[2Jann has joined\r\n")


def test_it_serves_on_uvloop_when_asked_to(
    terminal: Terminal, chapter: Chapter, workbook: Callable[..., subprocess.CompletedProcess]
) -> None:
    server = terminal(chapter(ECHO), "--port", "0", "--uvloop")
    assert workbook("connect", "--port", port_in(server), typed=b"hi").stdout == b"hi"
    server.sendintr()
    server.expect(pexpect.EOF)
    assert server.before.endswith("\r\nStopped.\r\n")
    assert server.wait() == 0


def test_uvloop_that_is_not_installed_is_one_clear_line(
    fails: Fails, chapter: Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    done = fails(chapter(ECHO), "--uvloop")
    assert done.returncode == 1
    assert "-m pip install uvloop" in one_line(done.stderr)
