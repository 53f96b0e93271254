"""A program's working folder, removed whatever the program has made of it.

It may be thousands of folders deep, longer than any path can be, full of files, or not permitted.
So nothing here is recursive or needs a path: a folder inside of another is moved to the top before
it is emptied, and after some seconds what is left is left. Links are removed and never followed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from itertools import count, islice
from time import monotonic

SECONDS = 10.0
BATCH = 1000  # entries looked at together: there may be millions
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def remove_folder(folder: str, seconds: float = SECONDS) -> None:
    """Remove a folder with all that is in it. Takes at most about that long, and raises nothing."""
    with contextlib.suppress(OSError):
        os.rmdir(folder)  # as a rule nothing is in it
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
    """An open folder, into which what is deeper is moved."""

    def __init__(self, fd: int, until: float) -> None:
        self._fd = fd
        self._until = until
        self._gone = 0  # entries so far
        self._names = (f"{secrets.token_hex(8)}-{number}" for number in count())

    def empty(self) -> None:
        self._empty(self._fd, self._remove)

    def _remove(self, name: str, _top: int) -> None:
        """One of the folders in it."""
        os.chmod(name, 0o700, dir_fd=self._fd)
        here = os.open(name, _OPEN, dir_fd=self._fd)
        try:
            self._empty(here, self._lift)
        finally:
            os.close(here)
        os.rmdir(name, dir_fd=self._fd)

    def _lift(self, name: str, here: int) -> None:
        """Move a folder to the top."""
        os.chmod(name, 0o700, dir_fd=here)  # or its own parent could not be changed
        os.rename(name, next(self._names), src_dir_fd=here, dst_dir_fd=self._fd)

    def _empty(self, here: int, with_a_folder: Callable[[str, int], None]) -> None:
        """An open folder, as far as that can be done, and in the time there is."""
        before = -1
        while before < self._gone:  # what cannot be removed is found again and again
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
