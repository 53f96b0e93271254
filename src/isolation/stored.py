"""Counts the bytes that a user stores in files, even in those that no longer have a name.

The kernel limits each file and not their sum. A quota would need the right to mount.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from room.worlds.processes import PROC

MOST_ENTRIES = 5000  # files and folders that are looked at; more are too much in any case
ENDLESS = 2**62  # bytes
BLOCK = 4096  # bytes
_UNIT = 512  # bytes in `st_blocks`


def stored_by(user: int, folders: Iterable[str], pids: Iterable[int]) -> int:
    """Return the bytes in files of this user in these folders, or open in these processes.

    ENDLESS if there are too many files to look at.
    """
    named: dict[tuple[int, int], os.stat_result] = {}
    for path in folders:
        for seen, each in enumerate(_below(path)):
            if seen > MOST_ENTRIES:
                return ENDLESS
            named[each.st_dev, each.st_ino] = each
    open_only = (each for pid in pids for each in _open_in(pid) if not each.st_nlink)
    every = named | {(each.st_dev, each.st_ino): each for each in open_only}
    return sum(each.st_blocks * _UNIT or BLOCK for each in every.values() if each.st_uid == user)


def _below(top: str) -> Iterator[os.stat_result]:
    """Yield what is below a folder, without following links."""
    left = [top]
    while left:
        with contextlib.suppress(OSError), os.scandir(left.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    yield entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        left.append(entry.path)


def _open_in(pid: int) -> Iterator[os.stat_result]:
    folder = PROC / str(pid) / "fd"
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            with contextlib.suppress(OSError):
                found = os.stat(Path(folder, name))
                if stat.S_ISREG(found.st_mode):
                    yield found
