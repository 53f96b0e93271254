"""`workbook doctor`: whether everything that the workbook stands on is as it should be.

Each thing is tried rather than asked after: a file is written, a handshake made, a chapter's
solution checked. What is wrong comes with its remedy.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course import Chapter, all_chapters
from grader.certificate import development_certificate
from workbook.checkout.project import how_to_type_workbook, shown
from workbook.options import DEFAULT_HOST, DEFAULT_PORT
from workbook.setup.environment import BAD, GOOD, NOTE, Finding, environment, packages, python
from workbook.setup.network_mounts import is_network

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

LEAST_FREE = 100  # MB
PATIENCE = 10  # seconds for what takes a moment on this machine


def examine(project: Path) -> Iterator[Finding]:
    """Look at one thing after the other. Nothing is raised: what cannot be tried is BAD."""
    checks: dict[str, Callable[[], Finding]] = {
        "Python": python,
        "Environment": partial(environment, project),
        "Packages": partial(packages, project),
        "Checkout": partial(_checkout, project),
        "Your work": partial(_writable, "Your work", project / "work"),
        "Temporary files": partial(_writable, "Temporary files", Path(tempfile.gettempdir())),
        "Disk": partial(_disk, project),
        "Certificate": _certificate,
        "TLS": _tls,
        "Port": partial(_port, DEFAULT_PORT),
        "openssl": _openssl,
        "Letters": _letters,
        "A check": partial(_trial, project),
    }
    for what, check in checks.items():
        try:
            yield check()
        except Exception as error:  # whatever it is, the rest is still worth knowing
            yield Finding(BAD, what, _in_words(error), "Mend what is above, and try once more.")


def show(findings: Iterable[Finding]) -> bool:
    """Print each finding as it comes, and a last line. Says whether nothing has to be mended."""
    from workbook.terminal.screen import console

    screen, bad = console(), 0
    for found in findings:
        bad += found.state == BAD
        if screen.is_terminal:
            screen.print(_in_columns(found, screen))
        else:
            click.echo(in_plain_words(found))
    things = "1 thing has" if bad == 1 else f"{bad} things have"
    click.echo(f"\n{things} to be mended." if bad else "\nNothing has to be mended.")
    return not bad


def in_plain_words(found: Finding) -> str:
    remedy = f"\n      {found.remedy}" if found.remedy else ""
    return f"{found.state:<4}  {found.what}: {found.said}{remedy}"


def _in_columns(found: Finding, screen: Console) -> Table:
    from rich.table import Table
    from rich.text import Text

    from workbook.terminal.screen import has_unicode

    sign, plain, style = {
        GOOD: ("✓", "+", "green"),
        NOTE: ("!", "!", "yellow"),
        BAD: ("✗", "x", "bold red"),
    }[found.state]
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(width=15)
    table.add_column(overflow="fold")
    table.add_row(Text(sign if has_unicode(screen) else plain, style), found.what, found.said)
    if found.remedy:
        table.add_row("", "", Text(found.remedy, style="bold"))
    return table


def _checkout(project: Path) -> Finding:
    chapters = all_chapters(project)
    files = [file for chapter in chapters for file in _files(chapter)]
    files += [project / name for name in ("requirements.txt", "pyproject.toml", "Makefile")]
    if missing := [shown(file) for file in files if not file.is_file()]:
        some = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if missing[3:] else "")
        remedy = f"It comes back with: git restore {' '.join(missing[:3])}"
        return Finding(BAD, "Checkout", f"not there: {some}", remedy)
    if is_network(project):
        said = "on a mount that does not tell of saves, where checks may be slow"
        remedy = (
            "watch looks at your files ten times a second. Quicker: a clone in your home folder"
        )
        return Finding(NOTE, "Checkout", said, remedy)
    return Finding(GOOD, "Checkout", f"{len(chapters)} chapters in {project}")


def _files(chapter: Chapter) -> tuple[Path, ...]:
    return chapter.page, chapter.starter, chapter.tasks, chapter.solution, chapter.test


def _writable(what: str, folder: Path) -> Finding:
    """Write a file there. The folder is made when it is not there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"written")
    except OSError as error:
        said = f"{shown(folder)}/ cannot be written: {error.strerror}"
        return Finding(
            BAD, what, said, f"Make it yours to write. Whose it is, says: ls -ld {folder}"
        )
    return Finding(GOOD, what, f"{shown(folder)}/ can be written")


def _disk(project: Path) -> Finding:
    free = shutil.disk_usage(project).free // 10**6
    if free < LEAST_FREE:
        return Finding(BAD, "Disk", f"{free} MB are free", "Make room: some 100 MB are enough.")
    return Finding(GOOD, "Disk", f"{free / 1000:.1f} GB are free")


def _certificate() -> Finding:
    made = development_certificate()
    return Finding(GOOD, "Certificate", f"good, in {made.certificate.parent}")


def _tls() -> Finding:
    """Say hello to a server of our own, over TLS, through this machine's network."""
    try:
        asyncio.run(asyncio.wait_for(_hello_over_tls(), PATIENCE))
    except (OSError, TimeoutError) as error:
        remedy = f"A firewall or a VPN may stop programs from using {DEFAULT_HOST}: allow it there."
        return Finding(BAD, "TLS", f"no connection to this machine: {_in_words(error)}", remedy)
    return Finding(GOOD, "TLS", f"a handshake on {DEFAULT_HOST}, with {ssl.OPENSSL_VERSION}")


async def _hello_over_tls() -> None:
    made = development_certificate()
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(made.certificate, made.key)
    theirs = ssl.create_default_context(cafile=made.authority)

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, DEFAULT_HOST, 0, ssl=ours) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection(
            DEFAULT_HOST, port, ssl=theirs, server_hostname="localhost"
        )
        writer.write(b"hello\n")
        await reader.readline()
        writer.close()


def _port(port: int) -> Finding:
    """Whether `workbook run` can have its port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((DEFAULT_HOST, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            holder = who_listens(port)
            said = f"{port} is in use{f' by {holder}' if holder else ''}"
            other = f"{how_to_type_workbook()} run 1 --port {port + 1}"
            remedy = f"If it is a server of yours, all is well. Another port: {other}"
            return Finding(NOTE, "Port", said, remedy)
    return Finding(GOOD, "Port", f"{port} is free")


def who_listens(port: int) -> str:
    """`python3 (process 1234)`, as far as lsof or Linux tell; "" when they do not."""
    if lsof := shutil.which("lsof"):
        asked = [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"]
        told = subprocess.run(
            asked, capture_output=True, text=True, timeout=PATIENCE, check=False
        ).stdout
        if found := re.search(r"^p(\d+)\nc(.+)", told, re.MULTILINE):
            return f"{found[2]} (process {found[1]})"
        return ""
    holders = _sockets_listening(port)
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # somebody else's, or gone already
            if holders & _open_files(process):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return ""


def _open_files(process: Path) -> set[str]:
    """What Linux calls the open files of a process, which may close some of them meanwhile."""
    found = set()
    for each in (process / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.add(os.readlink(each))
    return found


def _sockets_listening(port: int) -> set[str]:
    """What Linux calls the sockets that listen on a port: {"socket:[1234]"}."""
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            _, local, _, state, *_, number = line.split()[:10]
            if state == "0A" and int(local.rpartition(":")[2], 16) == port:
                found.add(f"socket:[{number}]")
    return found


def _openssl() -> Finding:
    remedy = "It is one way to join a server. The other needs nothing: workbook connect"
    if not shutil.which("openssl"):
        return Finding(NOTE, "openssl", "the command is not installed", remedy)
    asked = ["openssl", "version"]
    told = subprocess.run(asked, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if told.returncode:
        return Finding(NOTE, "openssl", f"the command fails: {told.stderr.strip():.100}", remedy)
    return Finding(GOOD, "openssl", told.stdout.strip())


def _letters() -> Finding:
    encoding = sys.stdout.encoding
    if not encoding.lower().startswith("utf"):
        said = f"{encoding} has not all of them: those missing are shown as escapes"
        return Finding(NOTE, "Letters", said, "Have all of them: export LC_ALL=C.UTF-8")
    return Finding(GOOD, "Letters", encoding)


def _trial(project: Path) -> Finding:
    """Check a chapter's solution, which has to pass, with one seed."""
    from workbook.checking.grade import grade

    chapter = next(each for each in all_chapters(project) if each.test.is_file())
    graded = grade(chapter, chapter.solution, seed=0)
    if graded.passed:
        return Finding(GOOD, "A check", f"our solution of chapter {chapter.number} passes")
    wrong = [result for result in graded.results if result.text]
    told = graded.trouble or (wrong[0].text.partition("\n")[0] if wrong else "")
    said = f"our own solution of chapter {chapter.number} does not pass: {told}"
    files = f"{shown(chapter.solution)} {shown(chapter.test)}"
    return Finding(BAD, "A check", said, f"If you have changed them: git restore {files}")


def _in_words(error: Exception) -> str:
    if isinstance(error, click.ClickException):
        return error.message
    if isinstance(error, TimeoutError) and not str(error):
        return f"nothing happened within {PATIENCE} seconds"
    return f"{error}" or type(error).__name__
