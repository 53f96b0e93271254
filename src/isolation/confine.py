"""Gives up the rights of root for good, and becomes the learner's program.

    python -I -S confine.py SETTINGS PROGRAM ARGUMENTS...

SETTINGS is a JSON object, described by `Confinement` in other_user.py. This file runs alone and
imports nothing of ours. What it does cannot be undone by what it starts: another user, no new
rights, Landlock (linux/landlock.h) and a filter of system calls (seccomp/).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import struct
import sys
from typing import Any

_PDEATHSIG, _NO_NEW_PRIVS, _SECCOMP = 1, 38, 22  # operations of prctl(2)
_FILTER = 2  # a mode of seccomp

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # system calls, everywhere
_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_CHANGE = 0b1_1111_1111_0000  # make and remove files and folders
_MOVE, _TRUNCATE = 2**13, 2**14  # since the ABIs 2 and 3
_CONNECT_TCP = 2  # since the ABI 4
_UNIX_SOCKETS, _SIGNALS = 1, 2  # since the ABI 6: only those of the program's own processes
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Confine this process and start the program in it."""
    given = json.loads(sys.argv[1])
    program = sys.argv[2:]
    user = given["user"]
    resource.setrlimit(resource.RLIMIT_NOFILE, (given["most_open"], given["most_open"]))
    calls = _read(given["filter"]) if given["filter"] else b""
    rules = _rules(given["readable"], given["writable"]) if has_landlock() else None
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _prctl(_PDEATHSIG, signal.SIGKILL)
    _prctl(_NO_NEW_PRIVS, 1)
    if rules is not None:
        _checked(_libc.syscall(_RESTRICT_SELF, rules, 0))
        os.close(rules)
    if calls:
        _filter(calls)
    os.execv(program[0], program)


def has_landlock() -> bool:
    """Return whether this kernel has Landlock."""
    return abi() > 0


def abi() -> int:
    """Return the version of Landlock's interface, or -1 if there is none."""
    return int(_libc.syscall(_CREATE_RULESET, None, 0, _VERSION))


def _rules(readable: list[str], writable: list[str]) -> int:
    """Return a descriptor of rules that allow these files and folders and no others."""
    version = abi()
    files = _EXECUTE | _WRITE | _READ | _LIST | _CHANGE
    files |= (_MOVE if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    network = _CONNECT_TCP if version >= 4 else 0
    scopes = _UNIX_SOCKETS | _SIGNALS if version >= 6 else 0
    size = 8 if version < 4 else 16 if version < 6 else 24
    handled = struct.pack("=QQQ", files, network, scopes)[:size]
    rules = _checked(_libc.syscall(_CREATE_RULESET, handled, size, 0))
    for path in readable:
        _allow(rules, path, _EXECUTE | _READ | _LIST)
    for path in writable:
        _allow(rules, path, files)
    return rules


def _allow(rules: int, path: str, access: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        if not os.path.isdir(path):
            access &= _OF_FILES if access & _TRUNCATE else _OF_FILES & ~_TRUNCATE
        rule = struct.pack("=Qi", access, fd)
        _checked(_libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, rule, 0))
        os.close(fd)


def _read(file: str) -> bytes:
    with open(file, "rb") as opened:
        return opened.read()


def _filter(calls: bytes) -> None:
    program = ctypes.create_string_buffer(calls)
    described = struct.pack("HP", len(calls) // 8, ctypes.addressof(program))
    _prctl(_SECCOMP, _FILTER, ctypes.c_char_p(described))


def _prctl(operation: int, *arguments: Any) -> None:
    padded = [*arguments, 0, 0, 0, 0][:4]
    _checked(_libc.prctl(operation, *padded))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


if __name__ == "__main__":
    main()
