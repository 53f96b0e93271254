"""Files that are written whole or not at all, and locks with a limit on the wait.

A process may be killed between any two lines, and a disk may be full. So the new content first goes
into `.NAME.new` next to the file, and then takes the file's place in one step: a reader finds the
old content or the new, never half of it. Processes that change the same file take its lock first.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

_LOOK_AGAIN = 0.02  # seconds


def write_atomically(file: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file, and replace the one that may be there.

    Makes the folders above it. `mode` holds the new file's permissions before the umask. Raises
    OSError when it cannot be written.
    """
    with _written(file, data, mode) as new:
        new.replace(file)


def create_atomically(file: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file that must not exist yet.

    Like `write_atomically`, but raises FileExistsError when the file exists.
    """
    with _written(file, data, mode) as new:
        try:
            os.link(new, file)
        except FileExistsError:
            raise
        except OSError:  # a file system without links: here, a killed process leaves half a file
            with open(file, "xb") as created:
                created.write(data)


@contextlib.contextmanager
def locked(file: Path, timeout: float) -> Iterator[None]:
    """Hold the lock of a file, `.NAME.lock` next to it.

    The system releases the lock when the process ends, however it ends. Some network mounts have no
    locks; there, nothing is locked.

    Raises TimeoutError, whose `strerror` says what to do, when another process keeps the lock for
    `timeout` seconds. Raises another OSError when the lock's file cannot be made.
    """
    descriptor = os.open(file.with_name(f".{file.name}.lock"), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _wait_for_lock(descriptor, file, timeout)
        yield
    finally:
        os.close(descriptor)


def _wait_for_lock(descriptor: int, file: Path, timeout: float) -> None:
    until = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise TimeoutError(errno.ETIMEDOUT, _held(timeout), str(file)) from None
        except OSError:  # a mount without locks
            return
        time.sleep(_LOOK_AGAIN)  # flock cannot wait with a limit


def _held(timeout: float) -> str:
    return (
        f"another program has kept it locked for {timeout:g} seconds. If one was stopped with "
        "Ctrl-Z, continue it with fg in its terminal, then try again"
    )


@contextlib.contextmanager
def _written(file: Path, data: bytes, mode: int) -> Iterator[Path]:
    """Write `.NAME.new`, and remove it at the end if it still exists."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # to a caller, this error means that the file exists
        raise NotADirectoryError(errno.ENOTDIR, "it is no folder", str(file.parent)) from error
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)  # of a process that was killed
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        yield new
    finally:
        new.unlink(missing_ok=True)
