"""The servers that are compared: how each is built, why one is left out, how it starts and ends.

All of them do the same: ask for a nickname, tell the room who joins and leaves, and pass on what
one read gives, after the nickname and a colon, to everybody else. Each is a page in `servers/`,
takes a port and perhaps the paths of a certificate and its key, and prints the port once it
listens.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks.relay.machine import SERVER_CORE, first_line, pinned_to

HERE = Path(__file__).parent
OWN_PYTHON = HERE / ".venv" / "bin" / "python"
"""The benchmark's own environment: what the workbook itself does not need. `make bench-peers`."""


@dataclass(frozen=True)
class Peer:
    """A server to compare with."""

    name: str
    title: str
    command: tuple[str, ...]
    """What is run, before the port. Relative to this folder if it is in `build/` or `servers/`."""
    builds: str | None = None
    """The target of our Makefile that makes it."""
    program: str | None = None
    """What has to be installed to build or run it."""
    module: str | None = None
    """What our own environment has to have; such a peer runs in it."""
    tls: bool = True


PEERS = {
    peer.name: peer
    for peer in (
        Peer("bfnet", "bfnet", ("servers/bfnet_server.py", "asyncio")),
        Peer(
            "bfnet-uvloop",
            "bfnet on uvloop",
            ("servers/bfnet_server.py", "uvloop"),
            module="uvloop",
        ),
        Peer(
            "butterflynet",
            "butterflynet 1.1.0, DEBUG as in its tutorial",
            ("servers/butterflynet_server.py", "debug"),
            module="msgpack",
        ),
        Peer(
            "butterflynet-info",
            "butterflynet 1.1.0, INFO",
            ("servers/butterflynet_server.py", "info"),
            module="msgpack",
        ),
        Peer(
            "c-merged",
            "C, a write per client and turn",
            ("build/c_server", "merged"),
            builds="build/c_server",
            program="cc",
        ),
        Peer(
            "c-patient",
            "C, the same a turn or two later",
            ("build/c_server", "patient"),
            builds="build/c_server",
            program="cc",
        ),
        Peer(
            "c-each",
            "C, a write per delivery",
            ("build/c_server", "each"),
            builds="build/c_server",
            program="cc",
        ),
        Peer(
            "asyncio-merged",
            "asyncio, a write per client and turn",
            ("servers/asyncio_merged.py", "asyncio"),
        ),
        Peer(
            "uvloop-merged",
            "uvloop, a write per client and turn",
            ("servers/asyncio_merged.py", "uvloop"),
            module="uvloop",
        ),
        Peer(
            "asyncio-streams",
            "asyncio streams",
            ("servers/asyncio_streams.py", "plain", "asyncio"),
        ),
        Peer(
            "asyncio-drained",
            "asyncio streams, drain() gathered",
            ("servers/asyncio_streams.py", "drained", "asyncio"),
        ),
        Peer(
            "uvloop-streams",
            "uvloop, streams",
            ("servers/asyncio_streams.py", "plain", "uvloop"),
            module="uvloop",
        ),
        Peer("twisted", "Twisted", ("servers/twisted_server.py",), module="twisted"),
        Peer("node", "Node", ("node", "servers/node_server.js"), program="node"),
        Peer(
            "go-each",
            "Go, a write per delivery",
            ("build/go_server", "each"),
            builds="build/go_server",
            program="go",
        ),
        Peer(
            "go-buffered",
            "Go, buffered writers",
            ("build/go_server", "buffered"),
            builds="build/go_server",
            program="go",
        ),
        Peer(
            "tokio",
            "Tokio, a write per delivery",
            ("build/tokio_server",),
            builds="build/tokio_server",
            program="cargo",
            tls=False,
        ),
    )
}


class Running(NamedTuple):
    """A server that listens."""

    pid: int
    port: int
    log: Path


def why_not(peer: Peer) -> str | None:
    """Build the peer if it needs that. The reason for leaving it out, in one line, or None."""
    if peer.program is not None and shutil.which(peer.program) is None:
        return f"{peer.program} is not installed"
    if peer.module is not None and (reason := _why_not_imported(peer.module)):
        return reason
    return build(peer.builds) if peer.builds else None


def version_of(peer: Peer) -> str:
    """Return the version of a server, in its own words."""
    if peer.command[0] == "servers/bfnet_server.py" and peer.module is None:
        return "this checkout"
    if peer.module == "msgpack":
        return "1.1.0"
    if peer.module is not None:
        code = f"from importlib.metadata import version; print(version({peer.module!r}))"
        return f"{peer.module} {first_line(OWN_PYTHON, '-c', code)}"
    if peer.name == "tokio":
        return f"tokio {_locked_tokio()}"
    if peer.program is not None:
        said = first_line(peer.program, "version" if peer.program == "go" else "--version")
        return said if peer.program in said else f"{peer.program} {said}"
    return f"Python {platform.python_version()}"


def _locked_tokio() -> str:
    with open(HERE / "servers" / "tokio" / "Cargo.lock", "rb") as file:
        packages = tomllib.load(file)["package"]
    return next(str(package["version"]) for package in packages if package["name"] == "tokio")


def build(target: str) -> str | None:
    """Make one target of our Makefile. The reason why it can not be made, in one line, or None."""
    try:
        done = subprocess.run(["make", "-s", "-C", HERE, target], capture_output=True, text=True)
    except FileNotFoundError:
        return "there is no make here"
    if done.returncode == 0:
        return None
    said = [line for line in done.stderr.splitlines() if line.strip()]
    return f"{target} can not be built: {said[0] if said else 'make says nothing'}"


def _why_not_imported(module: str) -> str | None:
    if not OWN_PYTHON.exists():
        return f"{module} is not installed: make bench-peers"
    done = subprocess.run([OWN_PYTHON, "-c", f"import {module}"], capture_output=True, text=True)
    if done.returncode == 0:
        return None
    return (
        f"{module} can not be imported ({done.stderr.strip().splitlines()[-1]}): make bench-peers"
    )


@contextmanager
def running(
    peer: Peer, certificate: tuple[str, str] | None = None, **environment: str
) -> Iterator[Running]:
    """Start the peer's server on a free port and a core of its own; kill it, whatever happens.

    environment: variables that it gets besides our own.
    """
    with tempfile.TemporaryDirectory(prefix="relay-") as folder:
        log = Path(folder, "log")
        with open(log, "wb") as stderr:
            process = subprocess.Popen(
                [*_command(peer), "0", *(certificate or ())],
                cwd=HERE,
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
                preexec_fn=pinned_to(SERVER_CORE),
            )
        try:
            yield Running(process.pid, _port_of(peer, process, log), log)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def _command(peer: Peer) -> list[str]:
    program, *arguments = peer.command
    if program.endswith(".py"):
        python = str(OWN_PYTHON) if peer.module else sys.executable
        return [python, program, *arguments]
    return [program, *arguments]


def _port_of(peer: Peer, process: subprocess.Popen[bytes], log: Path) -> int:
    assert process.stdout is not None
    for line in process.stdout:  # some frameworks print a line of their own first
        if line.strip().isdigit():
            return int(line)
    said = log.read_text(errors="replace").strip().splitlines()
    raise click.ClickException(
        f"{peer.name} did not start: {said[-1] if said else 'it said nothing'}"
    )
