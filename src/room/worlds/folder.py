"""Makes temporary folders, and removes them, whatever a program did to them.

The folder may be thousands of levels deep, longer than any path can be, full of files, or without
permissions. So nothing here is recursive or needs a path: a folder inside another is moved to the
top before it is emptied. After some seconds, the rest stays. Links are removed and never followed.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable
from itertools import count, islice
from pathlib import Path
from time import monotonic

SECONDS = 10.0
BATCH = 1000  # entries to look at together: there may be millions
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def new_folder(purpose: str, above: str | None = None) -> str:
    """Make a folder only for us. Its name says which process needs it. Raises `OSError`."""
    return tempfile.mkdtemp(prefix=f"{purpose}-{os.getpid()}-", dir=above)


def remove_abandoned(above: Path, *purposes: str, older: float = 0.0) -> None:
    """Remove folders of ours whose process was killed before it could do so.

    `older` is in seconds: a process that we cannot see, because it runs in a container with the
    same temporary files, keeps its folders for so long.
    """
    until = time.time() - older
    for purpose in purposes:
        for folder in above.glob(f"{purpose}-*-*"):
            name = re.fullmatch(r"[a-z]+-(\d{1,9})-\w+", folder.name)
            with contextlib.suppress(OSError):
                found = folder.lstat()
                is_ours = name and found.st_uid == os.getuid() and found.st_mtime <= until
                if is_ours and name and not _runs(int(name[1])):
                    remove_folder(str(folder))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        pass
    return True


def remove_folder(folder: str, seconds: float = SECONDS) -> None:
    """Remove a folder and everything in it. Takes at most about `seconds`, and raises nothing."""
    with contextlib.suppress(OSError):
        os.rmdir(folder)  # it is usually empty
        return
    with contextlib.suppress(OSError):
        os.chmod(folder, 0o700)
        top = os.open(folder, _OPEN)
        try:
            _Top(top, monotonic() + seconds).empty()
        finally:
            os.close(top)
        os.rmdir(folder)


class _Top:
    """The open top folder, into which deeper folders are moved."""

    def __init__(self, fd: int, until: float) -> None:
        self._fd = fd
        self._until = until
        self._gone = 0  # entries removed so far
        self._names = (f"{secrets.token_hex(8)}-{number}" for number in count())

    def empty(self) -> None:
        """Remove everything in the folder, as far as possible and until time runs out."""
        self._empty(self._fd, self._remove)

    def _remove(self, name: str, _top: int) -> None:
        """Remove one of the folders in the top folder."""
        os.chmod(name, 0o700, dir_fd=self._fd)
        here = os.open(name, _OPEN, dir_fd=self._fd)
        try:
            self._empty(here, self._lift)
        finally:
            os.close(here)
        os.rmdir(name, dir_fd=self._fd)

    def _lift(self, name: str, here: int) -> None:
        """Move a folder to the top."""
        os.chmod(name, 0o700, dir_fd=here)  # a folder can only move if it is writable
        os.rename(name, next(self._names), src_dir_fd=here, dst_dir_fd=self._fd)

    def _empty(self, here: int, with_a_folder: Callable[[str, int], None]) -> None:
        """Empty an open folder, as far as possible and until time runs out."""
        before = -1
        while before < self._gone:  # an entry that cannot be removed is listed again and again
            before = self._gone
            with os.scandir(here) as found:
                batch = list(islice(found, BATCH))
            for entry in batch:
                if monotonic() > self._until:
                    return
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        with_a_folder(entry.name, here)
                    else:
                        os.unlink(entry.name, dir_fd=here)
                    self._gone += 1
