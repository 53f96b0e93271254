"""Holds a program as another user: for root in a container, where no sandbox is possible.

Every grading has a user id of its own, which owns nothing. The program can read Python, our side of
a room and its own file, and write its working folder: Landlock enforces that, where the kernel has
it. Without it, the checkout must be closed to other users (`open_to_others`). There is no network
of its own, so with an older Landlock a program can make connections.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

from isolation import confine, python_home
from isolation.seccomp import filter_file
from isolation.session import open_to_others
from isolation.stored import stored_by
from room.worlds.folder import remove_folder
from room.worlds.launch import Child, popen
from room.worlds.processes import Process, all_of_user

FIRST, COUNT = 20_000, 40_000  # user ids to choose from
MOST_PROCESSES = 64  # also threads
MOST_OPEN = 256  # files
DEATH = 5.0  # seconds for killed processes to end
LOOK = 0.01  # seconds between two looks
SHARED = "/dev/shm"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", SHARED)
OPEN_FOLDERS = ("/tmp", "/var/tmp", SHARED)  # where anyone may leave a file

_SHELLED_OUT = ("test", "site-packages", "dist-packages", "idlelib", "tkinter", "ensurepip")


class Confinement(NamedTuple):
    """What confine.py is told."""

    user: int
    readable: list[str]
    writable: list[str]
    filter: str  # the file with the filter of system calls; "" for none
    most_open: int


class PythonForOthers(NamedTuple):
    """An interpreter that every user can run, and the environment that it needs."""

    interpreter: Path
    parts: list[Path]
    environment: dict[str, str]


class OtherUser:
    """Starts programs as the user with the id `user`. Implements `Launcher`.

    `library` is our code for the program's side, `python` is the folder of a copy of Python, or
    None. `shared` is a folder that others can look into.
    """

    def __init__(self, user: int, library: Path, python: PythonForOthers, shared: Path) -> None:
        self._user = user
        self._library = library
        self._python = python
        self._shared = shared
        self._shown: list[Path] = []
        self._folder = ""

    def readable(self, file: Path) -> Path:
        """Return a copy that this user can read."""
        copy = self._shared / f"{secrets.token_hex(4)}-{file.name}"
        shutil.copyfile(file, copy)
        os.chown(copy, 0, self._user)
        copy.chmod(0o440)
        self._shown.append(copy)
        return copy

    def start(self, child: Child) -> subprocess.Popen[bytes]:
        """Start it in its working folder, which is the only one it can write. Raises `OSError`."""
        os.chown(child.folder, self._user, self._user)
        self._folder = str(child.folder)
        readable = [*self._python.parts, *python_home.system_folders(), *python_home.settings()]
        readable += [self._library, child.file, *self._shown]
        found = filter_file()
        confinement = Confinement(
            self._user,
            [*map(str, readable)],
            [str(child.folder), *DEVICES],
            str(found) if found else "",
            MOST_OPEN,
        )
        environment = {
            **child.environment,
            **self._python.environment,
            "HOME": str(child.folder),
            "PYTHONPATH": str(self._library),
            "ROOM_MOST_PROCESSES": str(MOST_PROCESSES),
            "TMPDIR": str(child.folder),
        }
        # confine.py runs with our own Python, and the program with the one for others.
        command = [sys.executable, "-I", "-S", confine.__file__, json.dumps(confinement._asdict())]
        command += [str(self._python.interpreter), *child.arguments]
        return popen(command, child, environment)

    def program(self, process: subprocess.Popen[bytes]) -> int:
        """Return the process itself."""
        return process.pid

    def family(self, process: subprocess.Popen[bytes]) -> list[Process]:
        """Return all processes of the user."""
        return all_of_user(self._user)

    def finds_all(self) -> bool:
        """Return True: nothing else runs as this user."""
        return True

    def stored(self, process: subprocess.Popen[bytes]) -> int:
        """Return the bytes in all files of the user, where it may write."""
        pids = [each.pid for each in self.family(process)]
        return stored_by(self._user, [self._folder, SHARED], pids)

    def status(self, returned: int) -> int:
        """Return it as it is."""
        return returned


def unused_user() -> int:
    """Return the id of a user that has no process."""
    while all_of_user(user := FIRST + secrets.randbelow(COUNT)):
        pass
    return user


def python_for_others(home: Path) -> PythonForOthers:
    """Return a Python that others can run: this one, or a copy in the folder `home`."""
    if all(open_to_others(path.parent) for path in python_home.parts()):
        return PythonForOthers(python_home.interpreter(), python_home.parts(), {})
    interpreter = home / "bin" / python_home.interpreter().name
    library = home / "lib" / python_home.standard_library().name
    if not interpreter.exists():
        _copy_python(interpreter, library)
    environment = {"PYTHONHOME": str(home), "LD_LIBRARY_PATH": str(home / "lib")}
    return PythonForOthers(interpreter, [home], environment)


def _copy_python(interpreter: Path, library: Path) -> None:
    """Copy Python, or link its files where that is possible."""
    shutil.copytree(
        python_home.standard_library(),
        library,
        ignore=shutil.ignore_patterns(*_SHELLED_OUT),
        copy_function=_link,
    )
    for part in python_home.parts():
        if part.is_file() and part != python_home.interpreter():
            _link(str(part), str(library.parent / part.name))
    interpreter.parent.mkdir(parents=True)
    _link(str(python_home.interpreter()), str(interpreter))


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def end_all_of(user: int) -> None:
    """Kill every process of a user, wait until they are gone, and remove what they left."""
    program = f"import os; u = {user}; os.setgroups([]); os.setresgid(u, u, u); "
    program += "os.setresuid(u, u, u); os.kill(-1, 9)"  # all at once: none can start another
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", program],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=DEATH,
            check=False,
        )
    until = monotonic() + DEATH
    while all_of_user(user) and monotonic() < until:
        sleep(LOOK)
    for folder in OPEN_FOLDERS:
        _remove_files(folder, user)


def _remove_files(folder: str, user: int) -> None:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if entry.stat(follow_symlinks=False).st_uid != user:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    remove_folder(entry.path)
                else:
                    os.unlink(entry.path)
