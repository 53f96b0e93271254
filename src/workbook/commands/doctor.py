"""`workbook doctor`: check that everything the workbook depends on works.

Each thing is tried, not only looked up: the doctor writes a file, makes a handshake, checks a
chapter's solution. Each problem is reported with its remedy.
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
from grader.certificate import development_certificate, unusable_key_log
from grader.report import NOT_WRITTEN
from workbook.checkout.project import short_path, workbook_command
from workbook.options import DEFAULT_HOST, DEFAULT_PORT
from workbook.setup.environment import BAD, GOOD, NOTE, Finding, environment, packages, python
from workbook.setup.network_mounts import is_network

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

LEAST_FREE = 100  # MB
PATIENCE = 10  # seconds; each thing takes a moment on a healthy machine


def examine(project: Path) -> Iterator[Finding]:
    """Yield one finding after the other. Raises nothing: what cannot be tried is BAD."""
    checks: dict[str, Callable[[], Finding | None]] = {
        "Python": python,
        "Environment": partial(environment, project),
        "Packages": partial(packages, project),
        "Checkout": partial(_checkout, project),
        "Your work": partial(_writable, "Your work", project / "work"),
        "Temporary files": partial(_writable, "Temporary files", Path(tempfile.gettempdir())),
        "Disk": partial(_disk, project),
        "Certificate": _certificate,
        "SSLKEYLOGFILE": _key_log,
        "TLS": _tls,
        "Port": partial(_port, DEFAULT_PORT),
        "openssl": _openssl,
        "Letters": _letters,
        "A check": partial(_trial, project),
        "Grading": _isolation,
    }
    if _is_student_edition(project):
        del checks["Grading"]  # it is about files of other people
    for what, check in checks.items():
        try:
            if finding := check():
                yield finding
        except Exception as error:  # whatever it is, the other findings are still useful
            yield Finding(BAD, what, _in_words(error), "Fix the problem above and try again.")


def show(findings: Iterable[Finding]) -> bool:
    """Print each finding as it comes, then a summary. Returns whether nothing needs fixing."""
    from workbook.terminal.screen import console

    screen, bad = console(), 0
    for finding in findings:
        bad += finding.state == BAD
        if screen.is_terminal:
            screen.print(_as_table(finding, screen))
        else:
            click.echo(as_text(finding))
    problems = "1 problem" if bad == 1 else f"{bad} problems"
    go_on = f"Everything works. Go on with: {workbook_command()}"
    again = f"{problems} to fix. Then look again: {workbook_command()} doctor"
    click.echo(f"\n{again if bad else go_on}")
    return not bad


def as_text(finding: Finding) -> str:
    """Return a finding as plain text, in one line or two."""
    remedy = f"\n      {finding.remedy}" if finding.remedy else ""
    return f"{finding.state:<4}  {finding.what}: {finding.detail}{remedy}"


def _as_table(finding: Finding, screen: Console) -> Table:
    from rich.table import Table
    from rich.text import Text

    from workbook.terminal.screen import has_unicode

    sign, plain, style = {
        GOOD: ("✓", "+", "green"),
        NOTE: ("!", "!", "yellow"),
        BAD: ("✗", "x", "bold red"),
    }[finding.state]
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(width=15)
    table.add_column(overflow="fold")
    table.add_row(Text(sign if has_unicode(screen) else plain, style), finding.what, finding.detail)
    if finding.remedy:
        table.add_row("", "", Text(finding.remedy, style="bold"))
    return table


def _checkout(project: Path) -> Finding:
    chapters = all_chapters(project)
    files = [file for chapter in chapters for file in _files(chapter)]
    files += [project / name for name in ("requirements.txt", "pyproject.toml", "Makefile")]
    if missing := [short_path(file) for file in files if not file.is_file()]:
        some = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if missing[3:] else "")
        if len(missing) > 3:  # whole folders are quicker to type
            missing = sorted({name.rpartition("/")[0] or name for name in missing})
        remedy = f"Bring back what is missing: git restore {' '.join(missing)}"
        return Finding(BAD, "Checkout", f"missing: {some}", remedy)
    if is_network(project):
        detail = "on a mount that does not report saves, where checks may be slow"
        remedy = (
            "watch looks at your files ten times a second. A clone in your home folder is faster"
        )
        return Finding(NOTE, "Checkout", detail, remedy)
    return Finding(GOOD, "Checkout", f"{len(chapters)} chapters in {project}")


def _files(chapter: Chapter) -> tuple[Path, ...]:
    ours = chapter.recording if _is_student_edition(chapter.root) else chapter.solution
    return chapter.page, chapter.starter, chapter.tasks, ours, chapter.test


def _is_student_edition(project: Path) -> bool:
    """Return whether our solutions were replaced by recordings, as in a student edition."""
    return (project / "recordings").is_dir()


def _writable(what: str, folder: Path) -> Finding:
    """Write a file to the folder, which is made if it does not exist."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"written")
    except OSError as error:
        detail = f"{short_path(folder)}/ cannot be written to: {error.strerror}"
        remedy = f"Give yourself permission to write to it. To see who owns it: ls -ld {folder}"
        return Finding(BAD, what, detail, remedy)
    return Finding(GOOD, what, f"{short_path(folder)}/ can be written")


def _disk(project: Path) -> Finding:
    free = shutil.disk_usage(project).free // 10**6
    if free < LEAST_FREE:
        return Finding(BAD, "Disk", f"{free} MB free", "Free some space: about 100 MB is enough.")
    return Finding(GOOD, "Disk", f"{free / 1000:.1f} GB free")


def _certificate() -> Finding:
    made = development_certificate()
    return Finding(GOOD, "Certificate", f"valid, in {made.certificate.parent}")


def _key_log() -> Finding | None:
    """Check the file in which Python records the keys of TLS, for Wireshark, if one is set."""
    if path := unusable_key_log():
        detail = f"{path} cannot be written, so the workbook ignores it"
        remedy = "Record the TLS keys in another file, or not at all: unset SSLKEYLOGFILE"
        return Finding(NOTE, "SSLKEYLOGFILE", detail, remedy)
    return None


def _tls() -> Finding:
    """Exchange a line with a server of our own, over TLS, on this machine's network."""
    try:
        asyncio.run(asyncio.wait_for(_hello_over_tls(), PATIENCE))
    except (OSError, TimeoutError) as error:
        remedy = f"A firewall or a VPN may be blocking {DEFAULT_HOST}. Allow programs to use it."
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
    """Check that `workbook run` can use its port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((DEFAULT_HOST, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            holder = who_listens(port)
            detail = f"{port} is in use{f' by {holder}' if holder else ''}"
            other = f"{workbook_command()} run 1 --port {port + 1}"
            remedy = f"If it is your own server, all is well. To use another port: {other}"
            return Finding(NOTE, "Port", detail, remedy)
    return Finding(GOOD, "Port", f"{port} is free")


def who_listens(port: int) -> str:
    """Return `python3 (process 1234)`, if lsof or Linux can tell, or else ""."""
    if lsof := shutil.which("lsof"):
        command = [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"]
        output = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        ).stdout
        if match := re.search(r"^p(\d+)\nc(.+)", output, re.MULTILINE):
            return f"{match[2]} (process {match[1]})"
        return ""
    holders = _sockets_listening(port)
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # another user's process, or one that ended
            if holders & _open_files(process):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return ""


def _open_files(process: Path) -> set[str]:
    """Return Linux's names of the files that a process has open. Some may close meanwhile."""
    names = set()
    for each in (process / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            names.add(os.readlink(each))
    return names


def _sockets_listening(port: int) -> set[str]:
    """Return Linux's names of the sockets that listen on a port: {"socket:[1234]"}."""
    names = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            _, local, _, state, *_, number = line.split()[:10]
            if state == "0A" and int(local.rpartition(":")[2], 16) == port:
                names.add(f"socket:[{number}]")
    return names


def _openssl() -> Finding:
    remedy = "It is one way to join a server. The other is always here: workbook connect"
    if not shutil.which("openssl"):
        return Finding(NOTE, "openssl", "the command is not installed", remedy)
    command = ["openssl", "version"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        return Finding(NOTE, "openssl", f"the command fails: {done.stderr.strip():.100}", remedy)
    return Finding(GOOD, "openssl", done.stdout.partition(" (Library")[0].strip())


def _letters() -> Finding:
    encoding = sys.stdout.encoding
    if not encoding.lower().startswith("utf"):
        detail = f"{encoding} lacks some of them, which are shown as escapes"
        return Finding(NOTE, "Letters", detail, "To have all of them: export LC_ALL=C.UTF-8")
    return Finding(GOOD, "Letters", encoding)


def _trial(project: Path) -> Finding:
    """Check a chapter's solution with one seed. It has to pass.

    In a student edition it is the starter, and each task has to be one that is not written yet.
    """
    from workbook.checking.grade import grade

    chapters = [each for each in all_chapters(project) if all(map(Path.is_file, _files(each)))]
    if not chapters:
        return Finding(
            BAD, "A check", "no chapter is complete", "Bring back the files, as shown above."
        )
    chapter = chapters[0]
    if _is_student_edition(project):
        graded = grade(chapter, chapter.starter, seed=0)
        if {result.verdict for result in graded.results} == {NOT_WRITTEN}:
            detail = f"the starter of chapter {chapter.number} is checked"
            return Finding(GOOD, "A check", detail)
        detail = f"the starter of chapter {chapter.number} cannot be checked: {graded.trouble}"
        files = f"{short_path(chapter.starter)} {short_path(chapter.test)}"
        return Finding(BAD, "A check", detail, f"If you have changed them: git restore {files}")
    graded = grade(chapter, chapter.solution, seed=0)
    if graded.passed:
        return Finding(GOOD, "A check", f"our solution to chapter {chapter.number} passes")
    wrong = [result for result in graded.results if result.text]
    reason = graded.trouble or (wrong[0].text.partition("\n")[0] if wrong else "")
    detail = f"our own solution to chapter {chapter.number} does not pass: {reason}"
    files = f"{short_path(chapter.solution)} {short_path(chapter.test)}"
    return Finding(BAD, "A check", detail, f"If you have changed them: git restore {files}")


def _isolation() -> Finding:
    """Start a program at each level of isolation. Only who grades others' files needs more."""
    from isolation import Level, best_level, why_not

    best = best_level()
    if best == max(Level):
        return Finding(GOOD, "Grading", "other people's files can be graded in a sandbox")
    detail = f"other people's files are held at the level `{best.value}`"
    return Finding(NOTE, "Grading", detail, f"For teachers: {why_not(max(Level))}")


def _in_words(error: Exception) -> str:
    if isinstance(error, click.ClickException):
        return error.message
    if isinstance(error, TimeoutError) and not str(error):
        return f"nothing happened within {PATIENCE} seconds"
    return f"{error}" or type(error).__name__
