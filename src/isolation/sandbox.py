"""Holds judge and program with bubblewrap: namespaces of their own, as any user.

The judge gets a sandbox in which it can read all files and write only its own folders. There is no
network, and no process but its own. From inside, it starts the program in a second sandbox. That
one sees Python, our side of a room and the one file, and has no /proc: bubblewrap could not mount
one in there. When the outer sandbox ends, the kernel ends everything in it.

Over TLS, the two share the outer sandbox's network, which has nothing but a loopback.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from isolation import python_home
from isolation.seccomp import filter_file
from room.worlds.launch import Child, popen
from room.worlds.processes import Process, all_below, last_in_line

JUDGE, NOBODY = 1000, 65534  # ids inside; both are whoever started this
MOST_FILES = 64 * 2**20  # bytes in the program's folder for files
MOST_SHARED = 8 * 2**20  # bytes in its shared memory
MOST_PROCESSES = 64  # also threads
LIBRARY = "/workbook"
HOME = "/tmp"

_ALONE = ("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts")
_HELD = ("--die-with-parent", "--cap-drop", "ALL")


def bubblewrap() -> str | None:
    """Return the path of bubblewrap, or None."""
    return shutil.which("bwrap")


def around_judge(report: int, writable: Iterable[Path], folder: Path) -> list[str]:
    """Return what goes before the judge's command.

    bubblewrap tells `report`, an open descriptor, the id of the process that all others end with.
    """
    return [
        bubblewrap() or "bwrap",
        *(*_ALONE, "--unshare-net", *_HELD, "--info-fd", str(report)),
        *("--uid", str(JUDGE), "--gid", str(JUDGE)),
        *("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"),
        *(word for path in writable for word in ("--bind", str(path), str(path))),
        *("--chdir", str(folder), "--"),
    ]


class Sandbox:
    """Starts programs in the inner sandbox. Implements `Launcher`.

    `library` is our code for the program's side.
    """

    def __init__(self, library: Path) -> None:
        self._library = library
        self._shown: list[Path] = []

    def readable(self, file: Path) -> Path:
        """Return the file itself: it will be visible where it is."""
        self._shown.append(file)
        return file

    def start(self, child: Child) -> subprocess.Popen[bytes]:
        """Start it. Raises `OSError`."""
        environment = {
            **child.environment,
            "HOME": HOME,
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": LIBRARY,
            "ROOM_MOST_PROCESSES": str(MOST_PROCESSES),
            "TMPDIR": HOME,
        }
        command = [bubblewrap() or "bwrap", *self._around(child)]
        with contextlib.ExitStack() as undo:
            filters = []
            if file := filter_file():
                filters.append(os.open(file, os.O_RDONLY | os.O_CLOEXEC))
                undo.callback(os.close, filters[0])
                command += ["--seccomp", str(filters[0])]
            command += ["--", str(python_home.interpreter()), *child.arguments]
            return popen(command, child, environment, *filters)

    def program(self, process: subprocess.Popen[bytes]) -> int:
        """Return the process below bubblewrap's own two."""
        return last_in_line(process.pid)

    def family(self, process: subprocess.Popen[bytes]) -> list[Process]:
        """Return what is below bubblewrap's own two: whoever loses its parent gets the second."""
        return [each for each in all_below(process.pid) if each.parent != process.pid]

    def finds_all(self) -> bool:
        """Return True: in the outer sandbox there are few other processes."""
        return True

    def stored(self, process: subprocess.Popen[bytes]) -> int:
        """Return 0: its file system has a size."""
        return 0

    def status(self, returned: int) -> int:
        """Return the program's status: bubblewrap reports a signal as a shell does."""
        return 128 - returned if returned > 128 else returned

    def _around(self, child: Child) -> list[str]:
        network = [] if child.stage == "sockets" else ["--unshare-net"]
        return [
            *(*_ALONE, *network, *_HELD),
            *("--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "workbook"),
            *("--size", str(MOST_FILES), "--tmpfs", HOME),  # first: the file may be below it
            *_visible([*python_home.system_folders(), *python_home.parts()]),
            *_visible([*python_home.settings(), *self._shown, child.file]),
            *("--ro-bind", str(self._library), LIBRARY),
            *_hidden(python_home.installed_packages()),
            *("--dev", "/dev", "--size", str(MOST_SHARED), "--tmpfs", "/dev/shm"),
            *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", HOME),
        ]


def _visible(paths: Iterable[Path]) -> list[str]:
    words: list[str] = []
    for path in paths:
        if path.is_symlink() and path.is_dir():  # /lib, on a system where it is /usr/lib
            words += ["--symlink", os.readlink(path), str(path)]
        else:
            words += ["--ro-bind", str(path), str(path)]
    return words


def _hidden(folders: Iterable[Path]) -> list[str]:
    return [word for path in folders for word in ("--tmpfs", str(path), "--remount-ro", str(path))]
