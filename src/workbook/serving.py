"""What a chapter's main() does: serve over TLS until it is stopped.

This file holds what all chapters have in common, so that a chapter's module contains only its
server. It has the options, the development certificate, the log, how to join from a second
terminal, the errors of a server that cannot start, and the end.

Ctrl-C and SIGTERM are the ordinary ways to stop a server, and SIGHUP comes when its terminal is
closed. All of them stop it gracefully, with exit status 0. The first signal restores the system's
own handlers, so a second Ctrl-C ends the process at once, whatever it is doing.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import re
import shlex
import signal
import socket
import sys
import traceback
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import click

from grader.certificate import Certificate, development_certificate
from workbook.checkout.project import workbook_command
from workbook.options import DEFAULT_HOST, DEFAULT_PORT, host_and_port
from workbook.terminal.color import by_level, has_color, with_time
from workbook.terminal.escape import escape
from workbook.terminal.wrap import wrap_command, wrap_text

SslOptions = tuple[str, str, str | None]
NewLoop = Callable[[], asyncio.AbstractEventLoop]
Serve = Callable[[tuple[str, int], SslOptions], Awaitable[Any]]


def run(serve: Serve) -> None:
    """Start a chapter's server with the options of the command line, serve, and exit.

    `serve` is awaited with (host, port) and (certificate, key, None). It returns a bfnet Net or an
    asyncio.Server. The exit status is 0 when stopped, 1 when it cannot serve, 2 for wrong options.
    Raises RuntimeError while the module of `serve` is being imported, because a file that is graded
    must not start to serve, and in a notebook, whose own loop is running.
    """
    if _is_being_imported(serve.__module__):
        raise RuntimeError("run(serve) serves while the file is imported")
    if asyncio._get_running_loop() is not None:
        raise RuntimeError(
            "run(serve) serves until Ctrl-C, so it needs a file of its own: python FILE.py. "
            "In a notebook, talk to your server in a room: open_room(serve)"
        )

    @click.command(help="Serve over TLS until Ctrl-C. Port 0 takes any free port.")
    @host_and_port
    @click.option("--uvloop", is_flag=True, help="Run on uvloop's event loop, if it is installed.")
    def command(host: str, port: int, uvloop: bool) -> None:
        serve_until_stopped(serve, host, port, _uvloop() if uvloop else None)

    command()


def _is_being_imported(module: str) -> bool:
    """Return whether a caller is the body of this module, unless it is the main program."""
    return module != "__main__" and any(
        frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == module
        for frame, _ in traceback.walk_stack(None)
    )


def serve_until_stopped(
    serve: Serve, host: str, port: int, new_loop: NewLoop | None = None
) -> None:
    """Serve until Ctrl-C or SIGTERM.

    `new_loop` makes the event loop, by default asyncio's own. Raises click.ClickException, with one
    line, when the server cannot start.
    """
    _log_readably()
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(_serve_until_cancelled(serve, host, port, development_certificate()))


def _uvloop() -> NewLoop:
    try:
        import uvloop
    except ImportError as error:
        raise click.ClickException(
            "uvloop is not installed here. Install it with: "
            f"{shlex.quote(sys.executable)} -m pip install uvloop"
        ) from error
    return uvloop.new_event_loop


async def _serve_until_cancelled(
    serve: Serve, host: str, port: int, certificate: Certificate
) -> None:
    with _cancelled_by_signals():
        server = None
        try:
            server = await _start(serve, host, port, certificate)
            click.echo(join_instructions(host, port_of(server), certificate.authority))
            await asyncio.get_running_loop().create_future()  # only a signal ends it
        except asyncio.CancelledError:
            if sys.stdout.isatty():
                _say()  # the next line starts below the ^C on the screen
        finally:
            if server is not None:
                await _stop(server)
        _say("Stopped.")


def _say(line: str = "") -> None:
    """Print this line, unless the terminal was closed: then nothing more is printed anywhere."""
    try:
        click.echo(line)
    except OSError:
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115  to the very end


async def _start(serve: Serve, host: str, port: int, certificate: Certificate) -> Any:
    """Await `serve`. Whatever it raises becomes one line."""
    options = (str(certificate.certificate), str(certificate.key), None)
    try:
        server = await serve((host, port), options)
    except Exception as error:
        raise click.ClickException(
            _not_written(error) or _not_listening(error, host, port) or _failed(serve, error)
        ) from error
    if server is None:
        raise click.ClickException("serve() returned nothing. It has to end with: return net")
    if not hasattr(server, "port") and not getattr(server, "sockets", None):
        raise click.ClickException(
            f"serve() returned a {type(server).__name__}, which does not listen on a port. "
            "It has to end with: return net"
        )
    return server


@contextlib.contextmanager
def _cancelled_by_signals() -> Iterator[None]:
    """Let the first Ctrl-C, SIGTERM or SIGHUP cancel this task, and a second end the process."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None

    stopping = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
        stopping.append(signal.SIGHUP)

    def first(number: int, frame: object) -> None:
        for each in stopping:
            signal.signal(each, signal.SIG_DFL)
        loop.call_soon_threadsafe(task.cancel)

    before = {each: signal.signal(each, first) for each in stopping}
    try:
        yield
    finally:
        for each, handler in before.items():
            if signal.getsignal(each) is first:  # none has come
                signal.signal(each, handler)


async def _stop(server: Any) -> None:
    if hasattr(server, "handler"):
        await server.handler.stop()
    else:
        server.close()


def port_of(server: Any) -> int:
    """Return the port that a bfnet Net or an asyncio.Server listens on."""
    if hasattr(server, "port"):
        return int(server.port)
    return int(server.sockets[0].getsockname()[1])


def join_instructions(host: str, port: int, authority: Path) -> str:
    """Return what to type in a second terminal, with each command on a line of its own."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    address = f"[{reachable}]:{port}" if ":" in reachable else f"{reachable}:{port}"
    options = "" if reachable == DEFAULT_HOST else f" --host {reachable}"
    options += "" if port == DEFAULT_PORT else f" --port {port}"
    openssl = (
        f"  openssl s_client -connect {address} -quiet"
        f" -CAfile {shlex.quote(str(authority))} -verify_return_error"
    )
    return wrap_text(
        f"Listening on {host}, port {port}, with TLS. Join from a second terminal:\n"
        f"\n"
        f"  {workbook_command()} connect{options}\n"
        f"{wrap_command(openssl, sys.stdout)}\n"
        f"\n"
        f"Ctrl-C stops the server.",
        sys.stdout,
    )


def _log_readably() -> None:
    """Show log records as "LEVEL: message", with the control characters of clients escaped.

    In a terminal, they have the time in front, and a color for what is not INFO.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_Colored() if has_color(sys.stderr) else _Readable(_FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


_FORMAT = "%(levelname)s: %(message)s"


class _Readable(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return escape(super().format(record))


class _Colored(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return with_time(by_level(record.levelname, escape(super().format(record))))


def _not_written(error: Exception) -> str | None:
    """Return one line when the error is a task that is still to write, or else None."""
    if not isinstance(error, NotImplementedError):
        return None
    match = re.fullmatch(r"Task (\S+): (.+)", str(error))
    if match is None:
        return None
    return f"Task {match[1]} is not written yet: {match[2]} ({_place(error)})."


def _not_listening(error: Exception, host: str, port: int) -> str | None:
    """Return one line when the error is about host or port, or else None."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"The host {host!r} is unknown. Try --host {DEFAULT_HOST}."
    if not isinstance(error, OSError):
        return None
    no_address = f"{host!r} is not a name or an address of this machine. Try --host {DEFAULT_HOST}."
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} on {host} is in use, maybe by a server in another terminal. "
                f"Stop that one, or choose another port: --port {port + 1}."
            )
        case errno.EADDRNOTAVAIL:
            return no_address
        case None if str(error).startswith("could not bind"):  # asyncio, from Python 3.12 on
            return no_address
        case errno.EACCES | errno.EPERM if 0 < port < 1024:
            return (
                f"Port {port} is reserved for the system's own servers, like all ports below 1024. "
                f"Choose another port: --port {DEFAULT_PORT}."
            )
    return None


def _failed(serve: Serve, error: Exception) -> str:
    return f"serve() failed with {type(error).__name__}: {error} ({_place(error)})."


def _place(error: Exception) -> str:
    """Return the file and the line that raised the error."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    path = Path(frame.filename)
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return f"{path}, line {frame.lineno}"
