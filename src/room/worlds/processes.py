"""Reads what the system reports about processes, and ends all that a program started.

Linux reports it in /proc. Elsewhere we run `ps`, which takes some milliseconds, so nothing here is
called for a program that answers at once.

A program may start processes, take them out of its group, and leave them behind. We find them
anyway: the system knows a process's parent while the parent lives, and children inherit a mark in
the environment. (A process that got rid of both, on purpose, is not found. On macOS, some of the
system's own programs hide their environment.)
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
MARK = "ROOM_PROCESS"  # the name of the mark in the environment
ROUNDS = 100  # searches for processes, which may start others faster than we end them
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Process(NamedTuple):
    """A process: it has used `seconds` of processor time, and `runs` is false while it waits.

    `memory` are the bytes that it holds; 0 where the system does not say.
    """

    pid: int
    parent: int
    group: int
    runs: bool
    seconds: float
    memory: int = 0


def look_at(pid: int) -> Process | None:
    """Return what the system reports about a process; None if it has ended."""
    if has_proc():
        return _read(pid)
    return next(iter(_listed("-p", str(pid))), None)


def group_of(leader: int) -> list[Process]:
    """Return the processes of a group."""
    return [found for found in _every() if found.group == leader]


def all_below(ancestor: int) -> list[Process]:
    """Return the descendants of a process."""
    processes = {process.pid: process for process in _every()}
    return [processes[pid] for pid in _descendants(ancestor) if pid in processes]


def all_of_user(user: int) -> list[Process]:
    """Return the living processes of a user, on a system with /proc."""
    return [process for process in _every() if _owner(process.pid) == user]


def last_in_line(pid: int) -> int:
    """Return the process at the end of a line of only children that begins with `pid`."""
    children: dict[int, list[int]] = {}
    for process in _every():
        children.setdefault(process.parent, []).append(process.pid)
    while len(below := children.get(pid, [])) == 1:
        pid = below[0]
    return pid


def end_all(leader: int, mark: str) -> None:
    """Kill a process, its group, its descendants, and every process that has the mark.

    A process has the mark if the value of MARK in its environment begins with `mark`.
    """
    found = _descendants(leader)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    ended: set[int] = set()
    for _ in range(ROUNDS):
        found = (found | _marked(f"{MARK}={mark}")) - ended
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        ended |= found


def has_proc() -> bool:
    """Return whether the system has /proc, as Linux does."""
    return (PROC / "self" / "stat").exists()


def _owner(pid: int) -> int:
    """Return the user that a process runs as; -1 if it has ended.

    The owner of its files in /proc can be another.
    """
    with contextlib.suppress(OSError):
        status = (PROC / str(pid) / "status").read_text("utf-8", "replace")
        found = re.search(r"^Uid:\t(\d+)", status, re.MULTILINE)
        if found and "\nState:\tZ" not in status:
            return int(found[1])
    return -1


def _descendants(ancestor: int) -> set[int]:
    children: dict[int, list[int]] = {}
    for process in _every():
        children.setdefault(process.parent, []).append(process.pid)
    found, asked = set(), [ancestor]
    while asked:
        theirs = children.get(asked.pop(), [])
        found.update(theirs)
        asked += theirs
    return found


def _every() -> list[Process]:
    if not has_proc():
        return _listed("-A")
    return [process for pid in _pids() if (process := _read(pid))]


def _pids() -> Iterator[int]:
    return (int(name) for name in os.listdir(PROC) if name.isdigit())


def _read(pid: int) -> Process | None:
    try:
        text = (PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # before that is a name, which can contain anything
    ticks = int(fields[11]) + int(fields[12])
    memory = int(fields[21]) * _PAGE
    return Process(pid, int(fields[1]), int(fields[2]), fields[0] in "RD", ticks / _TICKS, memory)


def _listed(*which: str) -> list[Process]:
    lines = _ps("-o", "pid=,ppid=,pgid=,stat=,time=", *which)
    return [found for line in lines if (found := _process_of(line))]


def _process_of(line: str) -> Process | None:
    """Read a line of ps: `501  1   501 S+    1:02.35`. The last field can also be `1-02:03:04`."""
    try:
        pid, parent, group, state, time = line.split()
    except ValueError:
        return None
    days, _, clock = time.rpartition("-")
    seconds = 0.0
    for part in clock.split(":"):
        seconds = 60 * seconds + float(part.replace(",", "."))
    seconds += 86400 * int(days or 0)
    return Process(int(pid), int(parent), int(group), state[0] in "RDU", seconds)


def _marked(entry: str) -> set[int]:
    if not has_proc():
        lines = _ps("-A", "-E", "-ww", "-o", "pid=,command=")
        return {int(line.split()[0]) for line in lines if f" {entry}" in line}
    return {pid for pid in _pids() if _has(pid, entry.encode())}


def _has(pid: int, entry: bytes) -> bool:
    try:
        with open(PROC / str(pid) / "environ", "rb", buffering=0) as file:
            return b"\0" + entry in b"\0" + file.read(2**17)
    except OSError:  # it has ended, or belongs to another user
        return False


def _ps(*options: str) -> list[str]:
    done = subprocess.run(["ps", *options], capture_output=True, text=True, errors="replace")
    return done.stdout.splitlines()
